// The audit of indicators alone: on columns of bars and events, where a changed future may hold NaN and 1e30; and rows
// recomputed from the ticks up to their own time.
#include <algorithm>
#include <cmath>
#include <map>

#include "cuda/base/error.hpp"
#include "data/store/session_calendar.hpp"
#include "engine/walk/audit_config.hpp"
#include "engine/walk/runner.hpp"

namespace tf::walk {
namespace {

const char* const kTickEnd = "tick_end";

std::string tick_name(int column) {
  return "tick " + std::string(column_name(static_cast<series::TickColumn>(column)));
}

void push_until(features::Stream& stream, const MarketDay& day, const std::vector<int64_t>& known,
                const std::vector<int64_t>& reference_known, int64_t until_ns, const features::RowSink& sink) {
  const auto count = [&](const std::vector<int64_t>& times) {
    return static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), until_ns) - times.begin());
  };
  if (day.reference.size()) stream.push_reference(day.reference.span().part(0, count(reference_known)));
  stream.push(day.ticks.span().part(0, count(known)), sink);
  // The clock: the next event arrives, whatever it says.
  std::size_t row = count(known), end = row;
  if (row == day.ticks.size()) return stream.end_day(sink);
  do ++end;
  while (end < day.ticks.size() && !(day.ticks.flags[end - 1] & kFlagLast));
  TickColumns event;
  for (; row < end; ++row) {
    Tick tick = day.ticks.span()[row];
    tick.px += 977;
    tick.qty = 13;
    event.push(tick);
  }
  stream.push(event.span(), sink);
}

}  // namespace

Market column_market(const Exec& exec, const Setup& setup, const Market& day, int64_t most_events) {
  const series::FeatureSet set(exec, setup.features.instances, setup.features.precision);
  market::BarBuilder builder(setup.features.bars, day.instrument);
  data::SessionCalendar calendar(day.instrument);
  market::BarTable bars;
  market::TickTable ticks;
  ticks.wanted = set.tick_columns() | market::tick_bit(series::TickColumn::reference_mid) |
                 market::tick_bit(series::TickColumn::bid);
  ticks.start(0);
  const MarketDay& of = day.days.front();
  std::vector<market::SessionTimes> sessions;
  const data::DayHours hours = calendar.of(of.day);
  for (const data::SessionHours& session : hours.sessions)
    sessions.push_back({session.open_ns, session.close_ns, hours.offset_ns, hours.change_ns, hours.offset_after_ns,
                        !hours.has_calendar});
  builder.begin_day(of.day, sessions);
  builder.push(of.ticks.span(), bars, &ticks);
  builder.end_day(bars);
  // Any column will do as the mid of a reference: the bid stands in for it.
  ticks.column[static_cast<int>(series::TickColumn::reference_mid)] =
      ticks.column[static_cast<int>(series::TickColumn::bid)];
  bars.column[static_cast<int>(series::BarColumn::reference)] = bars.column[static_cast<int>(series::BarColumn::bid)];

  const auto rows = std::upper_bound(bars.tick_end.begin(), bars.tick_end.end(), most_events) - bars.tick_end.begin();
  Market market{day.instrument, {}, {}, {}};
  const auto add = [&](const std::string& name, const std::vector<int64_t>& known, const auto& values,
                       std::ptrdiff_t count) {
    market.outside.push_back(
        {name, {known.begin(), known.begin() + count}, {known.begin(), known.begin() + count}, {}});
    market.outside.back().values.assign(values.begin(), values.begin() + count);
  };
  for (int column = 0; column < series::kBarColumns; ++column)
    add(column_name(static_cast<series::BarColumn>(column)), bars.known_ts, bars.column[column], rows);
  const std::ptrdiff_t events = rows > 0 ? bars.tick_end[static_cast<std::size_t>(rows - 1)] : 0;
  for (int column = 0; column < series::kTickColumns; ++column)
    if (set.tick_columns() >> column & 1) add(tick_name(column), ticks.local_ts, ticks.column[column], events);
  // Where each bar's events end is no value to be changed: it is kept as known from the start.
  const std::vector<int64_t> always(static_cast<std::size_t>(rows), INT64_MIN);
  add(kTickEnd, always, bars.tick_end, rows);
  return market;
}

std::vector<Observation> observe_columns(const Exec& exec, const Setup& setup, const Market& market) {
  series::FeatureSet set(exec, setup.features.instances, setup.features.precision);
  const int64_t history = set.tick_history();
  series::BarRows bars;
  series::TickRows ticks;
  std::vector<std::vector<double>> events(series::kTickColumns);
  std::vector<int64_t> ends;
  for (const OutsideSeries& series : market.outside) {
    for (int column = 0; column < series::kBarColumns; ++column)
      if (series.name == column_name(static_cast<series::BarColumn>(column))) {
        bars.column[column] = series.values.data();
        bars.rows = static_cast<int64_t>(series.values.size());
      }
    for (int column = 0; column < series::kTickColumns; ++column)
      if (series.name == tick_name(column)) {
        std::vector<double>& of = events[static_cast<std::size_t>(column)];
        of.assign(static_cast<std::size_t>(history), std::nan(""));
        of.insert(of.end(), series.values.begin(), series.values.end());
        ticks.column[column] = of.data() + history;
        ticks.rows = static_cast<int64_t>(series.values.size());
        ticks.history = history;
      }
    if (series.name == kTickEnd) ends.assign(series.values.begin(), series.values.end());
  }
  if (!set.needs_ticks()) std::fill(ends.begin(), ends.end(), 0);
  Buffer<double> values(static_cast<std::size_t>(bars.rows * set.outputs()));
  const Panel<double> panel = values.panel(bars.rows, set.outputs());
  set.append(bars, ticks, ends.data(), panel);
  std::vector<Observation> seen;
  for (int64_t lane = 0; lane < set.outputs(); ++lane) {
    Observation& feature =
        seen.emplace_back("features of columns", set.output_name(lane), market.outside.front().known_ts);
    feature.values.reserve(static_cast<std::size_t>(bars.rows));
    for (int64_t row = 0; row < bars.rows; ++row) feature.values.push_back(panel(row, lane));
  }
  return seen;
}

AuditReport audit_truncation(const Exec& exec, const Setup& setup, const data::TickStore& store,
                             const std::vector<data::DayInfo>& days, int rows, uint64_t seed) {
  const RandomStream random{seed, Purpose::audit, 2};
  std::map<std::size_t, std::vector<uint64_t>> drawn;  // rows to look at, by day
  for (int at = 0; at < rows; ++at)
    drawn[random.below(static_cast<uint64_t>(2 * at), static_cast<uint32_t>(days.size()))].push_back(
        random.bits(static_cast<uint64_t>(2 * at + 1)));

  AuditReport report;
  const bool history = setup.features.carry == features::Carry::history;
  for (const auto& [index, draws] : drawn) {
    // With a memory that runs on, the day before takes part.
    std::vector<data::DayInfo> window;
    if (history && index > 0) window.push_back(days[index - 1]);
    window.push_back(days[index]);
    const features::Table table = features::compute(exec, setup.features, store, setup.instrument, window);
    const features::DayRows& of = table.days.back();
    if (of.count == 0) continue;
    const Market market = load_market(setup, store, window);
    const MarketDay& last = market.days.back();
    const std::vector<int64_t> known = known_times(last.ticks), reference_known = known_times(last.reference);
    const auto whole_row = [&](int64_t row) {
      std::vector<Observation> seen;
      for (int64_t lane = 0; lane < table.panel().lanes; ++lane)
        seen.push_back({kCutShort,
                        table.schema.names[static_cast<std::size_t>(lane)],
                        {table.bars.known_ts[static_cast<std::size_t>(row)]},
                        {table.panel()(row, lane)}});
      return seen;
    };
    for (const uint64_t draw : draws) {
      const int64_t row = of.first + static_cast<int64_t>(draw % static_cast<uint64_t>(of.count));
      const std::vector<Observation> was = whole_row(row);
      const int64_t cut = was.front().known_ts.front();
      features::Stream stream(exec, setup.features, market.instrument);
      int64_t nth = 0;
      std::vector<Observation> became;
      const auto sink = [&](int64_t known_ts, std::span<const double> values) {
        if (nth++ != row) return;
        for (std::size_t lane = 0; lane < values.size(); ++lane)
          became.push_back({kCutShort, table.schema.names[lane], {known_ts}, {values[lane]}});
      };
      for (const MarketDay& day : market.days) {
        stream.begin_day(day.day);
        const bool cut_day = &day == &last;
        if (cut_day) {
          push_until(stream, day, known, reference_known, cut, sink);
        } else {
          if (day.reference.size()) stream.push_reference(day.reference.span());
          stream.push(day.ticks.span(), sink);
          stream.end_day(sink);
        }
      }
      ++report.cuts;
      ++report.runs;
      compare(was, became, cut, Change::truncation, report);
    }
  }
  return report;
}

}  // namespace tf::walk
