#include <doctest/doctest.h>

#include "cuda/base/philox.hpp"
#include "cuda/base/time.hpp"

using namespace tf;

TEST_CASE("philox4x32-10 meets the known answers of the paper's library") {
  const auto equal = [](Words4 got, uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
    return got.w[0] == a && got.w[1] == b && got.w[2] == c && got.w[3] == d;
  };
  CHECK(equal(philox4x32({{0, 0, 0, 0}}, 0, 0), 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8));
  const uint32_t f = 0xffffffff;
  CHECK(equal(philox4x32({{f, f, f, f}}, f, f), 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd));
  CHECK(equal(philox4x32({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, 0xa4093822, 0x299f31d0), 0xd16cfe09,
              0x94fdcceb, 0x5001e420, 0x24126ea1));
}

TEST_CASE("uniform draws stay inside the open unit interval and differ by purpose, lane and step") {
  const RandomStream stream{7, Purpose::test, 0}, other{7, Purpose::bootstrap, 0}, lane{7, Purpose::test, 1};
  double sum = 0;
  for (uint64_t step = 0; step < 10000; ++step) {
    const double u = stream.uniform(step);
    CHECK((u > 0 && u < 1));
    sum += u;
  }
  CHECK(sum / 10000 == doctest::Approx(0.5).epsilon(0.02));
  CHECK(stream.bits(0) != other.bits(0));
  CHECK(stream.bits(0) != lane.bits(0));
  CHECK(stream.bits(0) != stream.bits(1));
}

TEST_CASE("days and times go to text and back") {
  CHECK(to_text(Day{0}) == "1970-01-01");
  CHECK(parse_day("2014-05-01")->days == 16191);
  CHECK(parse_day("20140501") == parse_day("2014-05-01"));
  CHECK(!parse_day("2014-02-30"));
  CHECK(!parse_day("2014-5-1"));
  CHECK(!parse_day(""));
  for (int days = -1000; days < 40000; days += 37) CHECK(parse_day(to_text(Day{days})) == Day{days});
  CHECK(time_text(16191 * kDay + 3 * kHour + 4 * kMinute + 5 * kSecond) == "2014-05-01T03:04:05Z");
  CHECK(time_text(16191 * kDay + 120'000'000) == "2014-05-01T00:00:00.120Z");
  CHECK(day_of(-1).days == -1);
  CHECK(day_of(-kDay).days == -1);
  CHECK(day_of(kDay - 1).days == 0);
}
