#include "engine/features/table.hpp"

#include <cstring>
#include <mutex>

#include "cuda/base/parallel.hpp"

namespace tf::features {
namespace {

constexpr uint32_t kTickColumnsRead = data::kAllColumns & ~static_cast<uint32_t>(data::Column::order_id);

/// Bars, tick inputs and features of one day.
struct DayPart {
  market::BarTable bars;
  Buffer<double> values;
  int64_t ticks = 0;
};

void read_bars(const Spec& spec, const data::TickStore& store, const Instrument& instrument, Day day, bool with_ticks,
               DayPart& part, market::TickTable& ticks) {
  market::BarBuilder builder(spec.bars, instrument);
  builder.begin_day(day);
  data::ReadOptions options;
  options.columns = kTickColumnsRead;
  const auto reader = store.read(instrument.id(), {day}, options);
  while (const data::TickBlock* block = reader->next()) {
    builder.push(block->ticks, part.bars, with_ticks ? &ticks : nullptr);
    part.ticks += static_cast<int64_t>(block->ticks.size());
  }
  builder.end_day(part.bars);
}

void append_features(series::FeatureSet& set, const market::TickTable& ticks, DayPart& part) {
  part.values = Buffer<double>(static_cast<std::size_t>(part.bars.rows() * set.outputs()));
  if (part.bars.rows() == 0) return;
  set.append(part.bars.view(0, part.bars.rows()), ticks.view(0, ticks.rows()), part.bars.tick_end.data(),
             part.values.panel(part.bars.rows(), set.outputs()));
}

template <class T>
void extend(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

Table compute(const Exec& exec, const Spec& spec, const data::TickStore& store, const std::string& instrument_id,
              const std::vector<data::DayInfo>& days, const Progress& progress) {
  Table table;
  table.schema = schema_of(spec, exec);
  const Instrument instrument = store.instrument(instrument_id);
  std::vector<DayPart> parts(days.size());

  if (spec.carry == Carry::history) {
    series::FeatureSet set(exec, spec.instances);
    for (std::size_t at = 0; at < days.size(); ++at) {
      market::TickTable ticks;
      read_bars(spec, store, instrument, days[at].day, set.needs_ticks(), parts[at], ticks);
      append_features(set, ticks, parts[at]);
      if (progress)
        progress("features " + to_text(days[at].day), static_cast<double>(at + 1) / static_cast<double>(days.size()));
    }
  } else {
    std::mutex guard;
    std::size_t done = 0;
    parallel_for(exec.threads, static_cast<int64_t>(days.size()), [&](int64_t at) {
      series::FeatureSet set(exec, spec.instances);
      market::TickTable ticks;
      read_bars(spec, store, instrument, days[at].day, set.needs_ticks(), parts[at], ticks);
      append_features(set, ticks, parts[at]);
      const std::scoped_lock lock(guard);
      ++done;
      if (progress)
        progress("features " + to_text(days[at].day), static_cast<double>(done) / static_cast<double>(days.size()));
    });
  }

  int64_t rows = 0;
  for (const DayPart& part : parts) rows += part.bars.rows();
  const auto lanes = static_cast<int64_t>(table.schema.names.size());
  table.values = Buffer<double>(static_cast<std::size_t>(rows * lanes));
  int64_t at_row = 0;
  for (std::size_t at = 0; at < days.size(); ++at) {
    const DayPart& part = parts[at];
    table.days.push_back({days[at].day, at_row, part.bars.rows(), part.ticks, days[at].content_digest});
    for (int column = 0; column < series::kBarColumns; ++column)
      extend(table.bars.column[column], part.bars.column[column]);
    extend(table.bars.open_ts, part.bars.open_ts);
    extend(table.bars.known_ts, part.bars.known_ts);
    extend(table.bars.tick_end, part.bars.tick_end);
    table.bars.day.insert(table.bars.day.end(), static_cast<std::size_t>(part.bars.rows()), days[at].day.days);
    if (part.values.size())
      std::memcpy(table.values.data() + at_row * lanes, part.values.data(), part.values.size() * sizeof(double));
    at_row += part.bars.rows();
  }
  return table;
}

struct Stream::Body {
  Spec spec;
  Instrument instrument;
  market::BarBuilder builder;
  series::FeatureSet set;
  market::BarTable bars;
  market::TickTable ticks;
  std::vector<double> row;
  int64_t taken = 0;  ///< events of this day already used by closed bars

  Body(const Exec& exec, const Spec& spec_in, const Instrument& instrument_in)
      : spec(spec_in),
        instrument(instrument_in),
        builder(spec_in.bars, instrument_in),
        set(exec, spec_in.instances),
        row(static_cast<std::size_t>(set.outputs())) {}

  /// Computes the rows of the bars closed so far and keeps what the open bar has gathered.
  void flush(const std::function<void(int64_t, std::span<const double>)>& out) {
    int64_t from_tick = 0;
    for (int64_t bar = 0; bar < bars.rows(); ++bar) {
      const int64_t to_tick = set.needs_ticks() ? bars.tick_end[bar] - taken : 0;
      const int64_t count = to_tick - from_tick;
      set.append(bars.view(bar, 1), ticks.view(from_tick, count), &count,
                 {row.data(), 1, set.outputs(), set.outputs()});
      out(bars.known_ts[bar], row);
      from_tick = to_tick;
    }
    if (bars.rows() == 0) return;
    taken += from_tick;
    for (auto& column : ticks.column) column.erase(column.begin(), column.begin() + from_tick);
    bars = {};
  }
};

Stream::Stream(const Exec& exec, const Spec& spec, const Instrument& instrument)
    : body_(std::make_unique<Body>(exec, spec, instrument)) {}
Stream::~Stream() = default;

void Stream::push(const TickSpan& ticks, const std::function<void(int64_t, std::span<const double>)>& row) {
  body_->builder.push(ticks, body_->bars, body_->set.needs_ticks() ? &body_->ticks : nullptr);
  body_->flush(row);
}

void Stream::end_day(const std::function<void(int64_t, std::span<const double>)>& row) {
  body_->builder.end_day(body_->bars);
  body_->flush(row);
  body_->taken = 0;
  for (auto& column : body_->ticks.column) column.clear();
  body_->builder = market::BarBuilder(body_->spec.bars, body_->instrument);
  if (body_->spec.carry == Carry::day) body_->set.reset();
}

}  // namespace tf::features
