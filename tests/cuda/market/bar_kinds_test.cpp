// Bars that end by what happened in them, bars of sessions, and the columns of clock and depth.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "cuda/base/error.hpp"
#include "cuda/market/bars.hpp"
#include "random_market.hpp"

using namespace tf;
using namespace tf::market;
using series::BarColumn;
using series::TickColumn;

namespace {

constexpr int64_t kOpen = kTestDay + 8 * kHour;
constexpr uint32_t kAllTickColumns = (1u << series::kTickColumns) - 1;

void trade(TickColumns& ticks, int64_t ns, int64_t px, int64_t qty, uint32_t side = 0) {
  ticks.push({kOpen + ns, kOpen + ns, px, qty, 0, static_cast<uint32_t>(TickKind::trade) | kFlagLast | side});
}

BarTable build(const BarSpec& spec, const TickColumns& ticks, std::size_t piece = 1 << 30,
               std::span<const SessionTimes> sessions = {}, TickTable* table = nullptr) {
  BarBuilder builder(spec, test_instrument());
  BarTable bars;
  if (!sessions.empty()) builder.begin_day(day_of(kTestDay), sessions);
  for (std::size_t at = 0; at < ticks.size(); at += std::min(piece, ticks.size() - at))
    builder.push(ticks.span().part(at, std::min(piece, ticks.size() - at)), bars, table);
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
TickColumns trades_only(const TickColumns& ticks) {
  TickColumns trades;
  for (std::size_t row = 0; row < ticks.size(); ++row)
    if (ticks.span()[row].kind() == TickKind::trade) trades.push(ticks.span()[row]);
  return trades;
}

}  // namespace

TEST_CASE("bars of every kind are the same in pieces of any size, with sessions and without, to the bit") {
  const std::vector<SessionTimes> hours{{kOpen + 2 * kSecond, kOpen + 9 * kSecond, kHour},
                                        {kOpen + 12 * kSecond, kOpen + 30 * kSecond, kHour}};
  const RandomMarket market = random_market(21, 6000, 0, 0);
  const TickColumns trades = trades_only(random_market(22, 30'000, 0, 0).ticks);
  int64_t bars = 0;
  for (const auto& [kind, size] :
       {std::pair{"time", 0.05}, std::pair{"tick", 7.0}, std::pair{"volume", 60.0}, std::pair{"dollar", 20000.0},
        std::pair{"tick_imbalance", 10.0}, std::pair{"volume_imbalance", 10.0}, std::pair{"dollar_imbalance", 10.0},
        std::pair{"tick_runs", 10.0}, std::pair{"volume_runs", 10.0}, std::pair{"dollar_runs", 10.0},
        std::pair{"renko", 7.0}, std::pair{"range", 9.0}})
    for (const char* price : {"mid", "trade"})
      for (const bool calendar : {false, true})
        for (const TickColumns* ticks : {&market.ticks, &trades}) {
          BarSpec spec{kind, size, price};
          if (calendar) spec.anchor = "session";
          const auto sessions = calendar ? std::span<const SessionTimes>(hours) : std::span<const SessionTimes>{};
          TickTable whole_ticks;
          whole_ticks.wanted = kAllTickColumns;
          const BarTable whole = build(spec, *ticks, 1 << 30, sessions, &whole_ticks);
          // Without a tick table trades go another way: their columns are summed where they lie.
          const BarTable straight = build(spec, *ticks, 1 << 30, sessions);
          CAPTURE(kind);
          CAPTURE(price);
          CHECK(same(whole, straight));
          bars += whole.rows();
          for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{1000}, std::size_t{5000}}) {
            TickTable table;
            table.wanted = kAllTickColumns;
            CHECK(same(whole, build(spec, *ticks, piece, sessions, &table)));
            CHECK(same(whole, build(spec, *ticks, piece, sessions)));
            for (int column = 0; column < series::kTickColumns; ++column)
              CHECK(same_bits(table.column[column], whole_ticks.column[column]));
          }
        }
  CHECK(bars > 10'000);
}

TEST_CASE("a bar's mean price is that of its traded lots, and its close where nothing was traded") {
  TickColumns ticks;
  trade(ticks, 1, 100, 3);
  trade(ticks, 2, 104, 1);
  trade(ticks, kMinute, 90, 0);
  const BarTable bars = build({"time", 60, "trade"}, ticks);
  REQUIRE(bars.rows() == 2);
  CHECK(at(bars, BarColumn::vwap, 0) == 101);
  CHECK(at(bars, BarColumn::vwap, 1) == 90);
}

TEST_CASE("the clock columns follow the session's hours and the instrument's wall clock") {
  TickColumns ticks;
  trade(ticks, 5 * kSecond, 100, 1);
  trade(ticks, 65 * kSecond, 100, 1);
  const SessionTimes session{kOpen - kHour, kOpen + kHour, -4 * kHour, kOpen + 61 * kSecond, -5 * kHour};
  const BarTable bars = build({"time", 60, "trade"}, ticks, 1 << 30, {&session, 1});
  REQUIRE(bars.rows() == 2);
  CHECK(at(bars, BarColumn::clock_ns, 0) == static_cast<double>(4 * kHour + kMinute));
  CHECK(at(bars, BarColumn::clock_ns, 1) == static_cast<double>(3 * kHour + 65 * kSecond));  // known at the day's end
  CHECK(at(bars, BarColumn::since_open_ns, 0) == static_cast<double>(kHour + kMinute));
  CHECK(at(bars, BarColumn::to_close_ns, 0) == static_cast<double>(kHour - kMinute));
  CHECK(at(bars, BarColumn::weekday, 0) == 3);  // 2014-05-01 was a Thursday
  CHECK(std::isnan(at(bars, BarColumn::reference, 0)));
  // Without sessions: the UTC day of the date.
  const BarTable plain = build({"time", 60, "trade"}, ticks);
  CHECK(at(plain, BarColumn::clock_ns, 0) == static_cast<double>(8 * kHour + kMinute));
  CHECK(at(plain, BarColumn::since_open_ns, 0) == static_cast<double>(8 * kHour + kMinute));
  CHECK(at(plain, BarColumn::to_close_ns, 0) == static_cast<double>(16 * kHour - kMinute));
}

TEST_CASE("a bar of any kind ends at a session's boundary, and the clock closes it there") {
  TickColumns ticks;
  for (const int64_t second : {0, 1, 2, 10, 11, 20}) trade(ticks, second * kSecond, 100, 1, kFlagBuy);
  const std::vector<SessionTimes> hours{{kOpen, kOpen + 5 * kSecond}, {kOpen + 11 * kSecond, kOpen + 15 * kSecond}};
  for (const char* kind : {"time", "tick", "volume", "dollar", "volume_runs", "tick_imbalance", "renko", "range"}) {
    const BarTable bars = build({kind, 1000, "trade"}, ticks, 1 << 30, hours);
    CAPTURE(kind);
    REQUIRE(bars.rows() == 4);
    CHECK(bars.tick_end == std::vector<int64_t>{3, 4, 5, 6});
    CHECK(bars.known_ts ==
          std::vector<int64_t>{kOpen + 5 * kSecond, kOpen + 11 * kSecond, kOpen + 15 * kSecond, kOpen + 20 * kSecond});
    CHECK(at(bars, BarColumn::since_open_ns, 1) == 11e9);  // between sessions: since the one before
    CHECK(at(bars, BarColumn::to_close_ns, 1) == -6e9);
    CHECK(at(bars, BarColumn::since_open_ns, 2) == 4e9);
  }
  BarBuilder builder({"volume", 1000, "trade"}, test_instrument());
  BarTable bars;
  builder.begin_day(day_of(kOpen), hours);
  builder.push(ticks.span().part(0, 2), bars, nullptr);
  builder.advance_clock(kOpen + 5 * kSecond - 1, bars);
  CHECK(bars.rows() == 0);
  builder.advance_clock(kOpen + 5 * kSecond, bars);
  CHECK(bars.rows() == 1);
}

TEST_CASE("time bars can start at the session's open") {
  TickColumns ticks;
  for (const int64_t second : {-3, 0, 6, 7, 13}) trade(ticks, second * kSecond, 100, 1);
  BarSpec spec{"time", 7, "trade"};
  spec.anchor = "session";
  const SessionTimes session{kOpen, kOpen + 12 * kSecond};
  CHECK(build(spec, ticks, 1 << 30, {&session, 1}).known_ts ==
        std::vector<int64_t>{kOpen, kOpen + 7 * kSecond, kOpen + 12 * kSecond, kOpen + 13 * kSecond});
}

TEST_CASE("renko bars end a whole brick away from the anchor, range bars when they are wide enough") {
  TickColumns ticks;
  int64_t ns = 0;
  for (const int64_t px : {100, 104, 96, 105, 109, 110, 126, 121, 116, 115}) trade(ticks, ++ns, px, 1);
  const auto ends = [&](const BarSpec& spec) { return build(spec, ticks).tick_end; };
  // Anchors: 100, at 105: 105, at 110: 110, at 126 three bricks: 125, at 116 (9 below): 120, at 115: 115.
  CHECK(ends({"renko", 5, "trade"}) == std::vector<int64_t>{4, 6, 7, 9, 10});
  CHECK(ends({"range", 8, "trade"}) == std::vector<int64_t>{3, 7, 10});
}

TEST_CASE("imbalance bars follow the book: expected events times the expected imbalance") {
  TickColumns ticks;
  // Four events measure: b = + + - +, EWMA span 3 (alpha 1/2): (1 - 1/2 + 1/4 + 1/8) / (1 + 1/2 + 1/4 + 1/8) = 7/15.
  // E[T] = 4: threshold 28/15; the sum at the fourth event is 2: closed. Then E[T] = 4, the same mean: + + closes.
  for (const uint32_t side : {kFlagBuy, kFlagBuy, kFlagSell, kFlagBuy, kFlagBuy, kFlagBuy, kFlagSell, kFlagBuy})
    trade(ticks, static_cast<int64_t>(ticks.size()) + 1, 100, 1, side);
  BarSpec spec{"tick_imbalance", 4, "trade"};
  spec.events_span = 3;
  const BarTable bars = build(spec, ticks);
  REQUIRE(bars.rows() == 3);
  CHECK(bars.tick_end == std::vector<int64_t>{4, 6, 8});
}

TEST_CASE("bounds keep the expected length of imbalance and runs bars from running away") {
  for (const char* kind : {"tick_imbalance", "volume_runs"}) {
    const TickColumns ticks = trades_only(random_market(31, 60'000, 0, 0).ticks);
    BarSpec spec{kind, 50, "trade"};
    spec.least_events = 20;
    spec.most_events = 80;
    const BarTable bars = build(spec, ticks);
    CAPTURE(kind);
    // Runs need about E[T] events; imbalances of a balanced market many more or few, but they never stop.
    CHECK(bars.rows() > static_cast<int64_t>(ticks.size()) / 2000);
    CHECK(bars.rows() < static_cast<int64_t>(ticks.size()));
    spec.least_events = 100;
    CHECK_THROWS_AS(BarBuilder(spec, test_instrument()), Error);
  }
}

TEST_CASE("only the wanted columns of ticks are filled, behind rows of history") {
  TickTable table;
  table.wanted = tick_bit(TickColumn::time_ns) | tick_bit(TickColumn::bid_depth) | tick_bit(TickColumn::cancelled_size);
  table.start(3);
  TickColumns ticks;
  const auto depth = [&](int64_t ns, int64_t px, int64_t qty) {
    ticks.push({kOpen + ns, kOpen + ns, px, qty, 0, static_cast<uint32_t>(TickKind::depth_bid) | kFlagLast});
  };
  depth(1, 99, 10);
  depth(2, 98, 5);
  trade(ticks, 3, 100, 1, kFlagBuy);
  depth(4, 98, 1);
  trade(ticks, 5, 100, 1, kFlagBuy);
  build({"time", 60, "trade"}, ticks, 1, {}, &table);
  CHECK(table.rows() == 5);
  CHECK(table.column[static_cast<int>(TickColumn::bid)].empty());
  const auto& time = table.column[static_cast<int>(TickColumn::time_ns)];
  CHECK(std::isnan(time[2]));
  CHECK(time[3] == static_cast<double>(8 * kHour + 3));
  const series::TickRows rows = table.view(3, 2, 3);
  CHECK(rows.history == 3);
  CHECK(rows.column[static_cast<int>(TickColumn::ask)] == nullptr);
  const double* lots = rows.column[static_cast<int>(TickColumn::bid_depth)];
  CHECK(std::isnan(lots[-1]));
  CHECK(lots[0] == 15);
  CHECK(lots[1] == 11);
  CHECK(rows.column[static_cast<int>(TickColumn::cancelled_size)][1] == 4);
  table.drop(1);
  CHECK(table.rows() == 4);
}

TEST_CASE("an unknown kind or anchor lists what there is; a spec's text says what is not at its default") {
  try {
    BarBuilder({"tock", 60, "mid"}, test_instrument());
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("dollar_runs, renko, range") != std::string::npos);
  }
  BarSpec spec;
  CHECK(spec.text() == "kind=time,size=60,price=mid");
  spec.anchor = "session";
  CHECK(spec.text() == "kind=time,size=60,price=mid,anchor=session");
  spec.anchor = "sunrise";
  CHECK_THROWS_AS(BarBuilder(spec, test_instrument()), Error);
}
