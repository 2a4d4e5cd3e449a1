#include "engine/features/table.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <mutex>
#include <optional>

#include "cuda/base/parallel.hpp"
#include "data/store/session_calendar.hpp"
#include "engine/features/quality.hpp"
#include "engine/features/reference_feed.hpp"

namespace tf::features {
namespace {

constexpr uint32_t kTickColumnsRead = data::kAllColumns & ~static_cast<uint32_t>(data::Column::order_id);
/// Ticks taken at a time: what they unfold to stays in the second-level cache.
constexpr std::size_t kPiece = market::EventUnfolder::kPiece;

template <class T>
void extend(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

std::vector<market::SessionTimes> session_times(const data::DayHours& hours) {
  std::vector<market::SessionTimes> times;
  for (const data::SessionHours& session : hours.sessions)
    times.push_back({session.open_ns, session.close_ns, hours.offset_ns, hours.change_ns, hours.offset_after_ns,
                     !hours.has_calendar});
  return times;
}

/// Ticks in, closed bars with their features out. Batch and stream are this, with pieces of another size.
class Pipeline {
 public:
  Pipeline(const Exec& exec, const Spec& spec, const Instrument& instrument)
      : spec_(spec),
        instrument_(instrument),
        calendar_(instrument),
        builder_(spec.bars, instrument),
        set_(exec, spec.instances, spec.precision),
        history_(set_.tick_history()) {
    ticks_.wanted = set_.tick_columns();
    ticks_.start(history_);
  }

  void begin_day(Day day) {
    builder_.begin_day(day, session_times(calendar_.of(day)));
    begun_ = true;
  }
  void push_reference(const TickSpan& ticks) { reference_.push(ticks); }
  int64_t reference_local_ts() const { return reference_.local_ts(); }

  /// sink(bars, values): the bars closed by these ticks, in order, and their features [bar][lane].
  template <class Sink>
  void push(const TickSpan& ticks, const Sink& sink) {
    if (ticks.size() == 0) return;
    if (!begun_) begin_day(calendar_.day_at(ticks.local_ts[0]));
    const auto known = static_cast<std::size_t>(ticks_.count);
    builder_.push(ticks, bars_, ticks_.wanted ? &ticks_ : nullptr);
    if (ticks_.wants(series::TickColumn::reference_mid))
      reference_.mids_before(std::span(ticks_.local_ts).subspan(known),
                             ticks_.column[static_cast<int>(series::TickColumn::reference_mid)].data() + known);
    flush(sink);
    reference_.forget_before(builder_.local_ts());
  }

  template <class Sink>
  void end_day(const Sink& sink) {
    builder_.end_day(bars_);
    flush(sink);
    taken_ = 0;
    begun_ = false;
    ticks_.start(history_);
    reference_.reset();
    builder_ = market::BarBuilder(spec_.bars, instrument_);
    if (spec_.carry == Carry::day) set_.reset();
  }

 private:
  /// Computes the closed bars and keeps what the open bar has gathered, behind the history that it will read.
  template <class Sink>
  void flush(const Sink& sink) {
    const int64_t rows = bars_.rows();
    if (rows == 0) return;
    reference_.mids_before(bars_.known_ts, bars_.column[static_cast<int>(series::BarColumn::reference)].data());
    ends_.assign(bars_.tick_end.begin(), bars_.tick_end.end());
    for (int64_t& end : ends_) end = ticks_.wanted ? end - taken_ : 0;
    const int64_t used = ends_.back();
    values_.resize(static_cast<std::size_t>(rows * set_.outputs()));
    const Panel<double> panel{values_.data(), rows, set_.outputs(), set_.outputs()};
    set_.append(bars_.view(0, rows), ticks_.view(history_, used, history_), ends_.data(), panel);
    const int64_t cold = spec_.carry == Carry::history ? std::clamp<int64_t>(spec_.warmup - rows_, 0, rows) : 0;
    std::fill_n(values_.begin(), cold * panel.lanes, std::numeric_limits<double>::quiet_NaN());
    rows_ += rows;
    sink(bars_, panel);
    taken_ += used;
    ticks_.drop(used);
    bars_ = {};
  }

  Spec spec_;
  Instrument instrument_;
  data::SessionCalendar calendar_;
  market::BarBuilder builder_;
  series::FeatureSet set_;
  int64_t history_;  // rows of ticks kept before the open bar's
  market::BarTable bars_;
  market::TickTable ticks_;
  ReferenceFeed reference_;
  std::vector<int64_t> ends_;
  std::vector<double> values_;
  int64_t rows_ = 0;   // bars so far
  int64_t taken_ = 0;  // events of this day already used by closed bars
  bool begun_ = false;
};

/// Bars and features of one day.
struct DayPart {
  market::BarTable bars;
  std::vector<double> values;
  int64_t ticks = 0;
};

/// The reference's ticks of one day, read only as far as they are asked for.
class ReferenceDay {
 public:
  ReferenceDay(const data::TickStore& store, const std::string& instrument, Day day) {
    if (instrument.empty() || !store.has_day(instrument, day)) return;
    data::ReadOptions options;
    options.columns = kTickColumnsRead;
    reader_ = store.read(instrument, {day}, options);
  }
  /// Feeds every tick that was received before `local_ts`, and perhaps some more.
  void feed(Pipeline& pipeline, int64_t local_ts) {
    while (reader_ && pipeline.reference_local_ts() < local_ts) {
      if (const data::TickBlock* block = reader_->next())
        pipeline.push_reference(block->ticks);
      else
        reader_.reset();
    }
  }

 private:
  std::unique_ptr<data::TickReader> reader_;
};

void compute_day(Pipeline& pipeline, const data::TickStore& store, const std::string& instrument,
                 const std::string& reference, Day day, DayPart& part, QualityCounter* quality) {
  // Rows are counted some at a time, for the speed of it, and soon, while they are in the cache.
  constexpr int64_t kCounted = 4096;
  int64_t counted = 0, lanes = 0;
  const auto count = [&](int64_t least) {
    const int64_t rows = part.bars.rows() - counted;
    if (!quality || rows * lanes < least) return;
    quality->take({part.values.data() + counted * lanes, rows, lanes, lanes});
    counted += rows;
  };
  if (quality) quality->begin_day();
  const auto sink = [&](const market::BarTable& bars, Panel<double> values) {
    for (int column = 0; column < series::kBarColumns; ++column) extend(part.bars.column[column], bars.column[column]);
    extend(part.bars.open_ts, bars.open_ts);
    extend(part.bars.known_ts, bars.known_ts);
    extend(part.bars.tick_end, bars.tick_end);
    part.values.insert(part.values.end(), values.data, values.data + values.rows * values.lanes);
    lanes = values.lanes;
    count(kCounted);
  };
  pipeline.begin_day(day);
  data::ReadOptions options;
  options.columns = kTickColumnsRead;
  const auto reader = store.read(instrument, {day}, options);
  ReferenceDay reference_day(store, reference, day);
  while (const data::TickBlock* block = reader->next()) {
    for (std::size_t at = 0; at < block->ticks.size(); at += kPiece) {
      const TickSpan piece = block->ticks.part(at, std::min(kPiece, block->ticks.size() - at));
      if (!reference.empty())
        reference_day.feed(pipeline, *std::max_element(piece.local_ts.begin(), piece.local_ts.end()));
      pipeline.push(piece, sink);
    }
    part.ticks += static_cast<int64_t>(block->ticks.size());
  }
  pipeline.end_day(sink);
  count(1);
}

}  // namespace

Table compute(const Exec& exec, const Spec& spec, const data::TickStore& store, const std::string& instrument_id,
              const std::vector<data::DayInfo>& days, const Progress& progress, QualityCounter* quality) {
  Table table;
  const Instrument instrument = store.instrument(instrument_id);
  table.schema = schema_of(spec, instrument, exec);
  std::map<Day, std::string> reference_digests;
  if (!spec.reference.empty()) {
    store.instrument(spec.reference);  // an unknown one is an error, a missing day is not
    for (const data::DayInfo& info : store.days(spec.reference)) reference_digests[info.day] = info.content_digest;
  }
  std::vector<DayPart> parts(days.size());

  if (spec.carry == Carry::history) {
    Pipeline pipeline(exec, spec, instrument);
    for (std::size_t at = 0; at < days.size(); ++at) {
      compute_day(pipeline, store, instrument_id, spec.reference, days[at].day, parts[at], quality);
      if (progress)
        progress("features " + to_text(days[at].day), static_cast<double>(at + 1) / static_cast<double>(days.size()));
    }
  } else {
    std::mutex guard;
    std::size_t done = 0;
    parallel_for(exec.threads, static_cast<int64_t>(days.size()), [&](int64_t at) {
      Pipeline pipeline(exec, spec, instrument);
      std::optional<QualityCounter> of_day;
      if (quality) of_day.emplace(quality->fresh());
      compute_day(pipeline, store, instrument_id, spec.reference, days[at].day, parts[at], of_day ? &*of_day : nullptr);
      const std::scoped_lock lock(guard);
      if (quality) quality->add(*of_day);
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
    const auto reference = reference_digests.find(days[at].day);
    table.days.push_back({days[at].day, at_row, part.bars.rows(), part.ticks, days[at].content_digest,
                          reference == reference_digests.end() ? "" : reference->second});
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
void Stream::push_reference(const TickSpan& ticks) { body_->pipeline.push_reference(ticks); }
void Stream::push(const TickSpan& ticks, const RowSink& row) { body_->pipeline.push(ticks, by_row(row)); }
void Stream::end_day(const RowSink& row) { body_->pipeline.end_day(by_row(row)); }

}  // namespace tf::features
