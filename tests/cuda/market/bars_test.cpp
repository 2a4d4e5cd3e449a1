#include "cuda/market/bars.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "cuda/base/error.hpp"
#include "random_market.hpp"

using namespace tf;
using namespace tf::market;
using series::BarColumn;
using series::TickColumn;

namespace {

constexpr int64_t kOpen = kTestDay + 8 * kHour;

struct Feed {
  TickColumns ticks;
  void quote(int64_t ns, int64_t bid, int64_t ask, int64_t delay = 0) {
    ticks.push({kOpen + ns, kOpen + ns + delay, bid, 3, 0, static_cast<uint32_t>(TickKind::best_bid)});
    ticks.push({kOpen + ns, kOpen + ns + delay, ask, 4, 0, static_cast<uint32_t>(TickKind::best_ask) | kFlagLast});
  }
  void trade(int64_t ns, int64_t px, int64_t qty, uint32_t side) {
    ticks.push({kOpen + ns, kOpen + ns, px, qty, 0, static_cast<uint32_t>(TickKind::trade) | kFlagLast | side});
  }
};

BarTable build(const BarSpec& spec, const TickColumns& ticks, TickTable* table = nullptr) {
  BarBuilder builder(spec, test_instrument());
  BarTable bars;
  builder.push(ticks.span(), bars, table);
  builder.end_day(bars);
  return bars;
}
double at(const BarTable& bars, BarColumn column, int64_t row) {
  return bars.column[static_cast<int>(column)][static_cast<std::size_t>(row)];
}
bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}
bool same(const BarTable& a, const BarTable& b) {
  for (int column = 0; column < series::kBarColumns; ++column)
    if (!same_bits(a.column[column], b.column[column])) return false;
  return a.open_ts == b.open_ts && a.known_ts == b.known_ts && a.tick_end == b.tick_end && a.day == b.day;
}

}  // namespace

TEST_CASE("time bars end at multiples of their size, and an empty interval gives none") {
  Feed feed;
  feed.quote(5 * kSecond, 100, 102);
  feed.quote(59 * kSecond, 104, 105);
  feed.quote(60 * kSecond, 90, 91);   // the next minute's
  feed.quote(200 * kSecond, 95, 97);  // minute 2 is empty
  const BarTable bars = build({"time", 60, "mid"}, feed.ticks);
  REQUIRE(bars.rows() == 3);
  CHECK(at(bars, BarColumn::open, 0) == 101);
  CHECK(at(bars, BarColumn::high, 0) == 104.5);
  CHECK(at(bars, BarColumn::low, 0) == 101);
  CHECK(at(bars, BarColumn::close, 0) == 104.5);
  CHECK(at(bars, BarColumn::bid, 0) == 104);
  CHECK(at(bars, BarColumn::ask, 0) == 105);
  CHECK(at(bars, BarColumn::ticks, 0) == 2);
  CHECK(at(bars, BarColumn::volume, 0) == 2);  // no trades: quotes
  CHECK(bars.known_ts == std::vector<int64_t>{kOpen + 60 * kSecond, kOpen + 120 * kSecond, kOpen + 200 * kSecond});
  CHECK(bars.open_ts == std::vector<int64_t>{kOpen + 5 * kSecond, kOpen + 60 * kSecond, kOpen + 200 * kSecond});
  CHECK(bars.tick_end == std::vector<int64_t>{2, 3, 4});
  CHECK(bars.day == std::vector<int32_t>(3, day_of(kOpen).days));
}

TEST_CASE("an event belongs to the bar in which its observer received it") {
  Feed feed;
  feed.quote(59 * kSecond, 100, 102, 0);
  feed.quote(59 * kSecond + 1, 200, 202, 2 * kSecond);  // of the first minute, received in the second
  const BarTable bars = build({"time", 60, "mid"}, feed.ticks);
  REQUIRE(bars.rows() == 2);
  CHECK(at(bars, BarColumn::close, 0) == 101);
}

TEST_CASE("a midnight ends a time bar whose size does not divide the day") {
  Feed feed;
  feed.quote(16 * kHour - 1, 100, 102);
  feed.quote(16 * kHour + 1, 100, 102);
  const BarTable bars = build({"time", 7 * 3600, "mid"}, feed.ticks);
  REQUIRE(bars.rows() == 2);
  CHECK(bars.known_ts[0] == kTestDay + kDay);
}

TEST_CASE("trades bring volume, sides and their own price; quotes no longer count as volume") {
  Feed feed;
  feed.quote(1, 100, 102);
  feed.trade(2, 102, 5, kFlagBuy);
  feed.quote(3, 100, 104);
  feed.trade(4, 100, 2, kFlagSell);
  const BarTable mids = build({"time", 60, "mid"}, feed.ticks);
  CHECK(at(mids, BarColumn::volume, 0) == 7);
  CHECK(at(mids, BarColumn::buy_volume, 0) == 5);
  CHECK(at(mids, BarColumn::sell_volume, 0) == 2);
  CHECK(at(mids, BarColumn::ticks, 0) == 4);
  CHECK(at(mids, BarColumn::close, 0) == 102);
  const BarTable trades = build({"time", 60, "trade"}, feed.ticks);
  CHECK(at(trades, BarColumn::open, 0) == 102);
  CHECK(at(trades, BarColumn::close, 0) == 100);
  CHECK(at(trades, BarColumn::ticks, 0) == 2);
  CHECK(at(trades, BarColumn::ask, 0) == 104);
}

TEST_CASE("tick, volume and dollar bars close with the event that fills them") {
  Feed feed;
  feed.quote(1, 100, 100);
  for (int64_t trade = 0; trade < 7; ++trade) feed.trade(10 + trade, 100, 3, kFlagBuy);
  const BarTable ticks = build({"tick", 4, "trade"}, feed.ticks);
  REQUIRE(ticks.rows() == 2);
  CHECK(ticks.known_ts[0] == kOpen + 13);
  CHECK(ticks.known_ts[1] == kOpen + 16);  // the day's end, three events
  CHECK(at(ticks, BarColumn::ticks, 1) == 3);
  const BarTable volume = build({"volume", 7, "trade"}, feed.ticks);
  REQUIRE(volume.rows() == 3);
  CHECK(at(volume, BarColumn::volume, 0) == 9);                        // a trade is not split
  const BarTable dollar = build({"dollar", 60, "trade"}, feed.ticks);  // a trade is 100 x 3 x 0.1 = 30
  CHECK(dollar.rows() == 4);
}

TEST_CASE("no bar begins before both sides of the touch are known, and crossed quotes stay as they are") {
  Feed feed;
  feed.ticks.push({kOpen, kOpen, 100, 1, 0, static_cast<uint32_t>(TickKind::best_bid) | kFlagLast});
  feed.quote(5, 105, 103);
  const BarTable bars = build({"time", 60, "mid"}, feed.ticks);
  REQUIRE(bars.rows() == 1);
  CHECK(bars.open_ts[0] == kOpen + 5);
  CHECK(at(bars, BarColumn::open, 0) == 104);
}

TEST_CASE("the tick table holds the events of the bars, in order") {
  Feed feed;
  feed.quote(1, 100, 102);
  feed.trade(2, 102, 5, kFlagBuy);
  feed.trade(3, 100, 4, kFlagSell);
  TickTable table;
  const BarTable bars = build({"time", 60, "mid"}, feed.ticks, &table);
  REQUIRE(table.rows() == 3);
  CHECK(bars.tick_end[0] == 3);
  CHECK(table.column[static_cast<int>(TickColumn::bid)] == std::vector<double>{100, 100, 100});
  CHECK(table.column[static_cast<int>(TickColumn::ask_size)] == std::vector<double>{4, 4, 4});
  CHECK(table.column[static_cast<int>(TickColumn::signed_size)] == std::vector<double>{0, 5, -4});
  CHECK(table.column[static_cast<int>(TickColumn::trade_px)] == std::vector<double>{0, 102, 100});
  CHECK(table.view(1, 2).column[0] == table.column[0].data() + 1);
}

TEST_CASE("one tick at a time, with the clock in between, gives the bars of the whole day to the bit") {
  for (const char* kind : {"time", "tick", "volume", "dollar"})
    for (const char* price : {"mid", "trade"}) {
      BarSpec spec{kind, std::string(kind) == "time" ? 0.05 : std::string(kind) == "dollar" ? 20000.0 : 7.0, price};
      BarBuilder whole(spec, test_instrument()), stream(spec, test_instrument());
      BarTable whole_bars, stream_bars;
      TickTable whole_ticks, stream_ticks;
      for (int day = 0; day < 3; ++day) {
        const RandomMarket market = random_market(11, 2000, 0, 0, day);
        whole.push(market.ticks.span(), whole_bars, &whole_ticks);
        whole.end_day(whole_bars);
        for (std::size_t row = 0; row < market.ticks.size(); ++row) {
          stream.push(market.ticks.span().part(row, 1), stream_bars, &stream_ticks);
          if (row + 1 < market.ticks.size()) {
            const int64_t next = market.ticks.local_ts[row + 1], now = market.ticks.local_ts[row];
            for (int64_t clock = now; clock < next; clock += 1 + (next - now) / 3)
              stream.advance_clock(clock, stream_bars);
          }
        }
        stream.end_day(stream_bars);
      }
      CAPTURE(kind);
      CAPTURE(price);
      CHECK(whole_bars.rows() > 100);
      CHECK(same(whole_bars, stream_bars));
      for (int column = 0; column < series::kTickColumns; ++column)
        CHECK(same_bits(whole_ticks.column[column], stream_ticks.column[column]));
      CHECK(whole_ticks.rows() == whole_bars.tick_end.back());
    }
}

TEST_CASE("a day's bars do not depend on the days before it") {
  const BarSpec spec{"volume", 9, "mid"};
  BarBuilder builder(spec, test_instrument());
  BarTable both, second;
  builder.push(random_market(5, 500, 0, 0, 0).ticks.span(), both, nullptr);
  builder.end_day(both);
  const std::size_t first_rows = static_cast<std::size_t>(both.rows());
  const RandomMarket market = random_market(5, 500, 0, 0, 1);
  builder.push(market.ticks.span(), both, nullptr);
  builder.end_day(both);
  second = build(spec, market.ticks);
  for (int column = 0; column < series::kBarColumns; ++column)
    CHECK(same_bits({both.column[column].begin() + static_cast<std::ptrdiff_t>(first_rows), both.column[column].end()},
                    second.column[column]));
}

TEST_CASE("a named trading day goes into its bars") {
  Feed feed;
  feed.quote(1, 100, 102);
  BarBuilder builder({}, test_instrument());
  BarTable bars;
  builder.begin_day(Day{4711});
  builder.push(feed.ticks.span(), bars, nullptr);
  builder.end_day(bars);
  CHECK(bars.day[0] == 4711);
}

TEST_CASE("a wrong spec names what was expected") {
  CHECK_THROWS_AS(BarBuilder({"tock", 60, "mid"}, test_instrument()), Error);
  CHECK_THROWS_AS(BarBuilder({"time", 0, "mid"}, test_instrument()), Error);
  CHECK_THROWS_AS(BarBuilder({"time", 60, "middle"}, test_instrument()), Error);
}
