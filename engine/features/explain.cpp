#include "engine/features/explain.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "cuda/base/error.hpp"
#include "cuda/market/bar_events.hpp"

namespace tf::features {
namespace {

bool same_bits(double a, double b) {
  return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b) || (std::isnan(a) && std::isnan(b));
}

struct LoadedDay {
  Day day;
  TickColumns ticks, reference;
};

/// Tick rows [first, end) that hold the day's events [begin, end), and the columns of those events.
struct EventRows {
  int64_t first = 0, end = 0;
  market::TickTable columns;
};
EventRows find_events(const market::BarSpec& bars, const TickSpan& ticks, int64_t begin, int64_t end) {
  market::EventUnfolder unfolder(bars.price == "trade", bars.depth_levels);
  EventRows found;
  // The reference's mid is joined later, by time.
  found.columns.wanted = ((1u << series::kTickColumns) - 1) & ~market::tick_bit(series::TickColumn::reference_mid);
  market::TickTable* table = &found.columns;
  int64_t local = INT64_MIN, events = 0;
  for (std::size_t row = 0; row < ticks.size() && events < end; ++row) {
    if (events == begin) found.columns.start(0);
    const int64_t made = unfolder.unfold(ticks.part(row, 1), local, table).rows;
    if (made && events < begin) found.first = static_cast<int64_t>(row) + 1;
    events += made;
    found.end = static_cast<int64_t>(row) + 1;
  }
  return found;
}

/// The row with that number from a stream that gets the ticks of the last day up to `end`, and then one by one until
/// the row is there.
std::vector<double> recompute(const Exec& exec, const Spec& spec, const Instrument& instrument,
                              const std::vector<LoadedDay>& days, int64_t row, int64_t end) {
  Stream stream(exec, spec, instrument);
  std::vector<double> values;
  int64_t nth = 0;
  const RowSink sink = [&](int64_t, std::span<const double> features) {
    if (nth++ == row) values.assign(features.begin(), features.end());
  };
  for (const LoadedDay& day : days) {
    stream.begin_day(day.day);
    const TickSpan ticks = day.ticks.span(), reference = day.reference.span();
    std::size_t fed = 0;
    const auto push = [&](std::size_t from, std::size_t count) {
      if (count == 0) return;
      const TickSpan part = ticks.part(from, count);
      const int64_t until = *std::max_element(part.local_ts.begin(), part.local_ts.end());
      std::size_t to = fed;
      while (to < reference.size() && reference.local_ts[to] <= until) ++to;
      if (to > fed) stream.push_reference(reference.part(fed, to - fed));
      fed = to;
      stream.push(part, sink);
    };
    if (&day != &days.back()) {
      push(0, ticks.size());
    } else {
      std::size_t at = static_cast<std::size_t>(end);
      push(0, at);
      for (; at < ticks.size() && nth <= row; ++at) push(at, 1);
      if (nth > row) return values;
    }
    stream.end_day(sink);
  }
  return values;
}

}  // namespace

bool ExplainedRow::same() const {
  return std::all_of(features.begin(), features.end(), [](const ExplainedFeature& one) { return one.same; });
}

ExplainedRow explain_row(const Exec& exec, const Spec& spec, const data::TickStore& store,
                         const std::string& instrument, const std::vector<data::DayInfo>& days, int64_t time_ns) {
  const Table table = compute(exec, spec, store, instrument, days);
  const DayRows& of = table.days.back();
  const auto known = table.bars.known_ts.begin();
  const int64_t row = std::upper_bound(known + of.first, known + of.first + of.count, time_ns) - known - 1;
  if (row < of.first)
    throw Error(ErrorKind::usage, "no bar of " + to_text(of.day) + " was known at " + time_text(time_ns) +
                                      (of.count ? "; the first was at " +
                                                      time_text(table.bars.known_ts[static_cast<std::size_t>(of.first)])
                                                : ""));
  std::vector<LoadedDay> loaded;
  for (const data::DayInfo& info : days) {
    LoadedDay& day = loaded.emplace_back();
    day.day = info.day;
    day.ticks = store.read_day(instrument, info.day);
    if (!spec.reference.empty() && store.has_day(spec.reference, info.day))
      day.reference = store.read_day(spec.reference, info.day);
  }

  const auto at = static_cast<std::size_t>(row);
  ExplainedRow explained;
  explained.day = of.day;
  explained.row = row - of.first;
  explained.rows_of_day = of.count;
  explained.open_ts = table.bars.open_ts[at];
  explained.known_ts = table.bars.known_ts[at];
  explained.first_event = row > of.first ? table.bars.tick_end[at - 1] : 0;
  explained.events = table.bars.tick_end[at] - explained.first_event;
  const TickSpan ticks = loaded.back().ticks.span();
  const EventRows events =
      find_events(spec.bars, ticks, explained.first_event, explained.first_event + explained.events);
  explained.first_tick = events.first;
  explained.ticks = events.end - events.first;
  if (explained.ticks > 0) {
    explained.first_local = ticks.local_ts[static_cast<std::size_t>(events.first)];
    explained.last_local = ticks.local_ts[static_cast<std::size_t>(events.end - 1)];
  }
  for (int column = 0; column < series::kBarColumns; ++column)
    explained.bar.push_back({column_name(static_cast<series::BarColumn>(column)), {table.bars.column[column][at]}});

  const std::vector<double> recomputed = recompute(exec, spec, store.instrument(instrument), loaded, row, events.end);
  int64_t lane = 0;
  for (const series::Instance& instance : spec.instances) {
    const series::IndicatorEntry& entry = series::find_indicator(exec, instance.indicator);
    const std::shared_ptr<const void> params = instance.params ? instance.params : entry.params.make();
    for (int output = 0; output < entry.outputs; ++output, ++lane) {
      ExplainedFeature& feature = explained.features.emplace_back();
      feature.name = table.schema.names[static_cast<std::size_t>(lane)];
      feature.indicator = entry.name;
      feature.params = params_text(entry.params, params.get());
      feature.source = entry.source;
      feature.kind = kind_name(entry.kind);
      feature.stability = stability_name(entry.stability);
      feature.lookback = entry.lookback(params.get());
      feature.bulk = table.panel()(row, lane);
      feature.recomputed = recomputed.empty() ? std::nan("") : recomputed[static_cast<std::size_t>(lane)];
      feature.same = !recomputed.empty() && same_bits(feature.bulk, feature.recomputed);
      const int64_t start = spec.carry == Carry::day ? of.first : 0;
      const int64_t oldest = std::max(start, row - feature.lookback);
      for (const series::BarColumn column : entry.bar_inputs) {
        const auto begin = table.bars.column[static_cast<int>(column)].begin();
        feature.bars.push_back({column_name(column), {begin + oldest, begin + row + 1}});
      }
      for (const series::TickColumn column : entry.tick_inputs)
        if (column != series::TickColumn::reference_mid)
          feature.ticks.push_back({column_name(column), events.columns.column[static_cast<int>(column)]});
    }
  }
  return explained;
}

}  // namespace tf::features
