// A second instrument's mid beside the bars and events of the first: never later than it was received, the same in
// batch and stream, and missing where its day is missing. And what an instrument's calendar does to bars.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "../small_market.hpp"
#include "cuda/base/error.hpp"
#include "engine/features/reference_feed.hpp"
#include "engine/features/table.hpp"

using namespace tf;
using series::BarColumn;

namespace {

bool same(double a, double b) { return (std::isnan(a) && std::isnan(b)) || std::memcmp(&a, &b, sizeof a) == 0; }

features::Spec spec_of(const Exec& exec, const std::string& extra) {
  return features::read_spec(
      config::Reader::from_text("[[features]]\nname = \"ema\"\n[[features]]\nname = \"quote_imbalance\"\n" + extra,
                                "test")
          .root(),
      exec);
}

/// The second instrument's day: another walk, its clock a little behind.
TickColumns other_day(int day, int events) {
  TickColumns ticks = small_day(day, events, 2);
  for (int64_t& local : ticks.local_ts) local += 700'000'000;
  return ticks;
}

void write(const data::TickStore& store, const Instrument& instrument, int day, const TickColumns& ticks) {
  const auto writer = store.write_day(instrument.id(), Day{19800 + day});
  writer->append(rows_of(ticks));
  writer->commit({});
}

/// mid of the last event of `ticks` received before `time`; NaN where there is none
double mid_before(const TickColumns& ticks, int64_t time) {
  double mid = std::nan(""), bid = std::nan(""), ask = std::nan("");
  int64_t local = INT64_MIN;
  for (std::size_t row = 0; row < ticks.size(); ++row) {
    local = std::max(local, ticks.local_ts[row]);
    if (local >= time) break;
    const Tick tick = ticks.span()[row];
    if (tick.kind() == TickKind::best_bid) bid = static_cast<double>(tick.px);
    if (tick.kind() == TickKind::best_ask) ask = static_cast<double>(tick.px);
    if (tick.flags & kFlagLast) mid = 0.5 * (bid + ask);
  }
  return mid;
}

}  // namespace

TEST_CASE("the reference column is the mid received before the bar was known, and NaN on a missing day") {
  const ScratchFolder folder;
  const int days = 3, events = 3000;
  const data::TickStore store = small_store(folder / "store", days, events);
  Instrument other = small_instrument();
  other.symbol = "OTHER";
  store.add_instrument(other);
  for (const int day : {0, 2}) write(store, other, day, other_day(day, events / 2));
  Exec exec = pick_exec();
  exec.threads = 2;
  for (const char* bars : {"kind = \"time\"\nsize = 300", "kind = \"tick\"\nsize = 37", "kind = \"range\"\nsize = 4"}) {
    const features::Spec spec =
        spec_of(exec, std::string("[features_reference]\ninstrument = \"test/OTHER\"\n[bars]\n") + bars + "\n");
    const features::Table table = features::compute(exec, spec, store, "test/SMALL", store.days("test/SMALL"));
    const auto& column = table.bars.column[static_cast<int>(BarColumn::reference)];
    REQUIRE(column.size() == table.bars.known_ts.size());
    int64_t wrong = 0, known = 0;
    for (int day = 0; day < days; ++day) {
      const features::DayRows& rows = table.days[day];
      CHECK(rows.reference_digest.empty() == (day == 1));
      const TickColumns ticks = other_day(day, events / 2);
      for (int64_t row = rows.first; row < rows.first + rows.count; ++row) {
        const double mid = day == 1 ? std::nan("") : mid_before(ticks, table.bars.known_ts[row]);
        wrong += !same(mid, column[row]);
        known += !std::isnan(column[row]);
      }
    }
    CHECK(wrong == 0);
    CHECK(known > 100);
  }
}

TEST_CASE("ticks of both instruments fed in any order that respects time give the same mids") {
  const TickColumns ticks = other_day(0, 3000);
  std::vector<int64_t> times;
  for (std::size_t row = 0; row < ticks.size(); row += 3) times.push_back(ticks.local_ts[row]);  // ties, on purpose
  features::ReferenceFeed whole;
  whole.push(ticks.span());
  std::vector<double> wanted(times.size());
  whole.mids_before(times, wanted.data());
  for (const int order : {0, 1, 2}) {
    features::ReferenceFeed feed;
    std::size_t next = 0;
    int64_t wrong = 0;
    for (std::size_t at = 0; at < times.size(); ++at) {
      // 0: what lies before; 1: with what lies at the time; 2: some of the future too.
      const int64_t until = times[at] + (order == 0 ? 0 : order == 1 ? 1 : 5 * kMinute);
      std::size_t end = next;
      while (end < ticks.size() && ticks.local_ts[end] < until) ++end;
      feed.push(ticks.span().part(next, end - next));
      next = end;
      double mid = 0;
      feed.mids_before({&times[at], 1}, &mid);
      wrong += !same(mid, wanted[at]);
      feed.forget_before(times[at]);
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("a stream with its reference equals the store's features, whichever of equal times comes first") {
  const ScratchFolder folder;
  const int events = 3000;
  const data::TickStore store = small_store(folder / "store", 1, events);
  Instrument other = small_instrument();
  other.symbol = "OTHER";
  store.add_instrument(other);
  TickColumns reference = small_day(0, events, 2);  // the very times of the first: all are ties
  write(store, other, 0, reference);
  const Exec exec = pick_exec();
  const features::Spec spec =
      spec_of(exec,
              "[[features]]\nname = \"reference_return\"\n[[features]]\nname = \"lead_lag\"\nperiod = 5\n"
              "[features_reference]\ninstrument = \"test/OTHER\"\n[bars]\nkind = \"tick\"\nsize = 11\n");
  const features::Table table = features::compute(exec, spec, store, "test/SMALL", store.days("test/SMALL"));
  const int64_t lanes = table.panel().lanes;
  for (int64_t lane = lanes - 2; lane < lanes; ++lane) {
    int64_t moving = 0;
    for (int64_t row = 0; row < table.rows(); ++row)
      moving += table.panel()(row, lane) != 0 && !std::isnan(table.panel()(row, lane));
    CHECK(moving > 50);
  }
  const TickColumns ticks = small_day(0, events);
  for (const bool reference_first : {false, true}) {
    features::Stream stream(exec, spec, small_instrument());
    stream.begin_day(Day{19800});
    int64_t row = 0, wrong = 0;
    const auto take = [&](int64_t known_ts, std::span<const double> values) {
      wrong += known_ts != table.bars.known_ts[row];
      for (std::size_t lane = 0; lane < values.size(); ++lane)
        wrong += !same(values[lane], table.panel()(row, static_cast<int64_t>(lane)));
      ++row;
    };
    std::size_t fed = 0;
    const auto feed = [&](int64_t until) {
      const std::size_t from = fed;
      while (fed < reference.size() && reference.local_ts[fed] < until) ++fed;
      stream.push_reference(reference.span().part(from, fed - from));
    };
    for (std::size_t at = 0; at < ticks.size(); ++at) {
      feed(ticks.local_ts[at] + (reference_first ? 1 : 0));
      stream.push(ticks.span().part(at, 1), take);
    }
    stream.end_day(take);
    CHECK(row == table.rows());
    CHECK(wrong == 0);
  }
}

TEST_CASE("the reference is part of the schema, and has to be an instrument of the store") {
  const Exec exec = pick_exec();
  const std::string plain = features::schema_of(spec_of(exec, ""), {}, exec).digest;
  const features::Spec spec = spec_of(exec, "[features_reference]\ninstrument = \"test/OTHER\"\n");
  CHECK(features::schema_of(spec, {}, exec).digest != plain);
  CHECK_THROWS_AS(spec_of(exec, "[features_reference]\ninstrument = \"OTHER\"\n"), Error);
  const ScratchFolder folder;
  const data::TickStore store = small_store(folder / "store", 1, 300);
  CHECK_THROWS_AS(features::compute(exec, spec, store, "test/SMALL", store.days("test/SMALL")), Error);
}

TEST_CASE("an instrument's trading hours cut its bars and set their clocks, in its own zone") {
  const ScratchFolder folder;
  const data::TickStore store = data::TickStore::open(folder / "store", true);
  Instrument instrument = small_instrument();
  instrument.zone = "America/New_York";
  instrument.sessions = "mon-fri 05:00-07:00 07:30-11:00";  // 2024-03-18 is summer time: UTC-4
  store.add_instrument(instrument);
  CHECK(store.instrument(instrument.id()) == instrument);
  write(store, instrument, 0, small_day(0, 6000));  // 08:00 - 16:00 UTC
  const Exec exec = pick_exec();
  const features::Spec spec = spec_of(exec, "[bars]\nkind = \"tick\"\nsize = 100000\n");
  const features::Table table = features::compute(exec, spec, store, instrument.id(), store.days(instrument.id()));
  const int64_t day = Day{19800}.start_ns();
  REQUIRE(table.rows() == 5);
  CHECK(table.bars.known_ts[0] == day + 9 * kHour);
  CHECK(table.bars.known_ts[1] == day + 11 * kHour);
  CHECK(table.bars.known_ts[2] == day + 11 * kHour + 30 * kMinute);
  CHECK(table.bars.known_ts[3] == day + 15 * kHour);
  const auto at = [&](BarColumn column, int64_t row) { return table.bars.column[static_cast<int>(column)][row]; };
  CHECK(at(BarColumn::clock_ns, 1) == static_cast<double>(7 * kHour));
  CHECK(at(BarColumn::since_open_ns, 1) == static_cast<double>(2 * kHour));
  CHECK(at(BarColumn::to_close_ns, 1) == 0);
  CHECK(at(BarColumn::since_open_ns, 3) == static_cast<double>(3 * kHour + 30 * kMinute));
  CHECK(at(BarColumn::weekday, 0) == static_cast<double>((19800 + 3) % 7));
}
