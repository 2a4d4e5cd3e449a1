#include "engine/features/table.hpp"

#include <algorithm>
#include <cstring>
#include <mutex>

#include "cuda/base/parallel.hpp"

namespace tf::features {
namespace {

constexpr uint32_t kTickColumnsRead = data::kAllColumns & ~static_cast<uint32_t>(data::Column::order_id);
/// Ticks taken at a time: what they unfold to stays in the second-level cache.
constexpr std::size_t kPiece = 4096;

template <class T>
void extend(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// Ticks in, closed bars with their features out. Batch and stream are this, with pieces of another size.
class Pipeline {
 public:
  Pipeline(const Exec& exec, const Spec& spec, const Instrument& instrument)
      : spec_(spec), instrument_(instrument), builder_(spec.bars, instrument), set_(exec, spec.instances) {}

  void begin_day(Day day) { builder_.begin_day(day); }

  /// sink(bars, values): the bars closed by these ticks, in order, and their features [bar][lane].
  template <class Sink>
  void push(const TickSpan& ticks, const Sink& sink) {
    builder_.push(ticks, bars_, set_.needs_ticks() ? &ticks_ : nullptr);
    flush(sink);
  }

  template <class Sink>
  void end_day(const Sink& sink) {
    builder_.end_day(bars_);
    flush(sink);
    taken_ = 0;
    for (auto& column : ticks_.column) column.clear();
    builder_ = market::BarBuilder(spec_.bars, instrument_);
    if (spec_.carry == Carry::day) set_.reset();
  }

 private:
  /// Computes the closed bars and keeps what the open bar has gathered.
  template <class Sink>
  void flush(const Sink& sink) {
    const int64_t rows = bars_.rows();
    if (rows == 0) return;
    ends_.assign(bars_.tick_end.begin(), bars_.tick_end.end());
    for (int64_t& end : ends_) end = set_.needs_ticks() ? end - taken_ : 0;
    const int64_t used = ends_.back();
    values_.resize(static_cast<std::size_t>(rows * set_.outputs()));
    const Panel<double> panel{values_.data(), rows, set_.outputs(), set_.outputs()};
    set_.append(bars_.view(0, rows), ticks_.view(0, used), ends_.data(), panel);
    sink(bars_, panel);
    taken_ += used;
    for (auto& column : ticks_.column)
      column.erase(column.begin(), column.begin() + std::min<int64_t>(used, column.size()));
    bars_ = {};
  }

  Spec spec_;
  Instrument instrument_;
  market::BarBuilder builder_;
  series::FeatureSet set_;
  market::BarTable bars_;
  market::TickTable ticks_;
  std::vector<int64_t> ends_;
  std::vector<double> values_;
  int64_t taken_ = 0;  // events of this day already used by closed bars
};

/// Bars and features of one day.
struct DayPart {
  market::BarTable bars;
  std::vector<double> values;
  int64_t ticks = 0;
};

void compute_day(Pipeline& pipeline, const data::TickStore& store, const std::string& instrument, Day day,
                 DayPart& part) {
  const auto sink = [&](const market::BarTable& bars, Panel<double> values) {
    for (int column = 0; column < series::kBarColumns; ++column) extend(part.bars.column[column], bars.column[column]);
    extend(part.bars.open_ts, bars.open_ts);
    extend(part.bars.known_ts, bars.known_ts);
    extend(part.bars.tick_end, bars.tick_end);
    part.values.insert(part.values.end(), values.data, values.data + values.rows * values.lanes);
  };
  pipeline.begin_day(day);
  data::ReadOptions options;
  options.columns = kTickColumnsRead;
  const auto reader = store.read(instrument, {day}, options);
  while (const data::TickBlock* block = reader->next()) {
    for (std::size_t at = 0; at < block->ticks.size(); at += kPiece)
      pipeline.push(block->ticks.part(at, std::min(kPiece, block->ticks.size() - at)), sink);
    part.ticks += static_cast<int64_t>(block->ticks.size());
  }
  pipeline.end_day(sink);
}

}  // namespace

Table compute(const Exec& exec, const Spec& spec, const data::TickStore& store, const std::string& instrument_id,
              const std::vector<data::DayInfo>& days, const Progress& progress) {
  Table table;
  table.schema = schema_of(spec, exec);
  const Instrument instrument = store.instrument(instrument_id);
  std::vector<DayPart> parts(days.size());

  if (spec.carry == Carry::history) {
    Pipeline pipeline(exec, spec, instrument);
    for (std::size_t at = 0; at < days.size(); ++at) {
      compute_day(pipeline, store, instrument_id, days[at].day, parts[at]);
      if (progress)
        progress("features " + to_text(days[at].day), static_cast<double>(at + 1) / static_cast<double>(days.size()));
    }
  } else {
    std::mutex guard;
    std::size_t done = 0;
    parallel_for(exec.threads, static_cast<int64_t>(days.size()), [&](int64_t at) {
      Pipeline pipeline(exec, spec, instrument);
      compute_day(pipeline, store, instrument_id, days[at].day, parts[at]);
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
    if (!part.values.empty())
      std::memcpy(table.values.data() + at_row * lanes, part.values.data(), part.values.size() * sizeof(double));
    at_row += part.bars.rows();
  }
  return table;
}

struct Stream::Body {
  Pipeline pipeline;
};

Stream::Stream(const Exec& exec, const Spec& spec, const Instrument& instrument)
    : body_(std::make_unique<Body>(Body{Pipeline(exec, spec, instrument)})) {}
Stream::~Stream() = default;

namespace {

/// Row by row, as a live observer gets them.
auto by_row(const RowSink& row) {
  return [&row](const market::BarTable& bars, Panel<double> values) {
    for (int64_t bar = 0; bar < values.rows; ++bar)
      row(bars.known_ts[bar], {values.row(bar), static_cast<std::size_t>(values.lanes)});
  };
}

}  // namespace

void Stream::begin_day(Day day) { body_->pipeline.begin_day(day); }
void Stream::push(const TickSpan& ticks, const RowSink& row) { body_->pipeline.push(ticks, by_row(row)); }
void Stream::end_day(const RowSink& row) { body_->pipeline.end_day(by_row(row)); }

}  // namespace tf::features
