// Trading hours: breaks, nights, week ends, clock changes.
#include "data/store/sessions.hpp"

#include <doctest/doctest.h>

#include "cuda/base/time.hpp"

using namespace tf;
using data::Sessions;

namespace {

int64_t at(const char* day, int hour, int minute = 0, int second = 0) {
  return parse_day(day)->start_ns() + hour * kHour + minute * kMinute + second * kSecond;
}

}  // namespace

TEST_CASE("a lunch break is outside, the first second in, the last one out") {
  Sessions china("mon-fri 09:30-11:30 13:00-15:00", "Asia/Shanghai");  // UTC+8
  CHECK(!china.inside(at("2024-01-02", 1, 29, 59)));
  CHECK(china.inside(at("2024-01-02", 1, 30)));
  CHECK(china.inside(at("2024-01-02", 3, 29, 59)));
  CHECK(!china.inside(at("2024-01-02", 3, 30)));
  CHECK(!china.inside(at("2024-01-02", 4, 59, 59)));
  CHECK(china.inside(at("2024-01-02", 5)));
  CHECK(!china.inside(at("2024-01-02", 7)));
  CHECK(!china.inside(at("2024-01-06", 2)));  // Saturday
  CHECK(china.session_of(at("2024-01-02", 2)) == china.session_of(at("2024-01-02", 3)));
  CHECK(china.session_of(at("2024-01-02", 2)) != china.session_of(at("2024-01-02", 6)));
  CHECK(china.session_of(at("2024-01-02", 2)) != china.session_of(at("2024-01-09", 2)));
}

TEST_CASE("a session may run through midnight and through Sunday's midnight") {
  Sessions futures("sun-thu 18:00-17:00", "America/New_York");
  CHECK(!futures.inside(at("2024-01-07", 22, 59, 59)));  // Sunday, 17:59:59
  CHECK(futures.inside(at("2024-01-07", 23)));
  CHECK(futures.inside(at("2024-01-08", 5)));
  CHECK(futures.inside(at("2024-01-08", 21, 59, 59)));
  CHECK(!futures.inside(at("2024-01-08", 22)));
  CHECK(futures.inside(at("2024-01-12", 21)));
  CHECK(!futures.inside(at("2024-01-12", 23)));  // Friday evening
  CHECK(futures.session_of(at("2024-01-07", 23)) == futures.session_of(at("2024-01-08", 20)));
  CHECK(futures.session_of(at("2024-01-08", 20)) != futures.session_of(at("2024-01-08", 23)));
}

TEST_CASE("hours are those of the zone's clock, summer and winter") {
  Sessions stocks("mon-fri 09:30-16:00", "America/New_York");
  CHECK(!stocks.inside(at("2024-03-08", 13, 45)));  // Friday in winter: 08:45
  CHECK(stocks.inside(at("2024-03-11", 13, 45)));   // Monday after the change: 09:45
  CHECK(stocks.inside(at("2024-03-08", 20, 45)));
  CHECK(!stocks.inside(at("2024-03-11", 20, 45)));
  Sessions sunday("sun 00:00-24:00", "America/New_York");  // the clocks change inside
  CHECK(sunday.inside(at("2024-03-10", 5)));
  CHECK(sunday.inside(at("2024-03-11", 3, 59)));
  CHECK(!sunday.inside(at("2024-03-11", 4)));
  CHECK(!sunday.inside(at("2024-03-10", 4, 59)));
}

TEST_CASE("the answer is the same whether asked in order or not, and before 1970") {
  const char* const text = "mon-fri 09:30-11:30 13:00-15:00; sat 10:00-12:00";
  Sessions ordered(text, "Asia/Tokyo");
  for (int64_t ts = at("2024-01-01", 0); ts < at("2024-01-15", 0); ts += 7 * kMinute + 13 * kSecond) {
    Sessions fresh(text, "Asia/Tokyo");
    REQUIRE(ordered.inside(ts) == fresh.inside(ts));
    REQUIRE(fresh.from_ns() <= ts);
    REQUIRE(ts < fresh.until_ns());
  }
  Sessions early("wed 00:00-24:00", "UTC");
  CHECK(early.inside(-kSecond));  // 1969-12-31 was a Wednesday
  CHECK(!early.inside(0));
}

TEST_CASE("no hours mean always open") {
  Sessions none("", "UTC");
  CHECK(none.always());
  CHECK(none.inside(0));
  CHECK(none.session_of(1) == none.session_of(at("2024-01-01", 0)));
}
