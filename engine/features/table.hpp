// Features of whole days: ticks from the store -> bars -> panel. And the same, tick by tick, for serving: the same
// calls with shorter pieces, hence the same bits.
#pragma once
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cuda/base/buffer.hpp"
#include "data/store/tick_store.hpp"
#include "engine/features/spec.hpp"

namespace tf::features {

/// Rows of one trading day in a table.
struct DayRows {
  Day day;
  int64_t first = 0, count = 0;
  int64_t ticks = 0;
  std::string content_digest;    ///< of the ticks read
  std::string reference_digest;  ///< of the reference's ticks; empty where there are none
};

/// Bars and features of a run of days; row = bar.
struct Table {
  Schema schema;
  market::BarTable bars;  ///< tick_end counts from each day's own first event
  Buffer<double> values;  ///< [bar][feature], NaN = not ready
  std::vector<DayRows> days;

  int64_t rows() const { return bars.rows(); }
  Panel<const double> panel() const { return values.panel(rows(), static_cast<int64_t>(schema.names.size())); }
};

class QualityCounter;
using Progress = std::function<void(const std::string& what, double share)>;

/// Days must exist in the store. Uses exec.threads over days when memory is per day. `quality` counts what is odd about
/// the features as they are computed (null: nobody does).
Table compute(const Exec& exec, const Spec& spec, const data::TickStore& store, const std::string& instrument,
              const std::vector<data::DayInfo>& days, const Progress& progress = {}, QualityCounter* quality = nullptr);

using RowSink = std::function<void(int64_t known_ts, std::span<const double> features)>;

/// One live instrument. Rows come out as soon as their bar is known.
class Stream {
 public:
  Stream(const Exec& exec, const Spec& spec, const Instrument& instrument);
  ~Stream();
  /// Names the trading day that follows; without it, it is the one in which the first tick's local_ts lies.
  void begin_day(Day day);
  /// Takes the next ticks of the running day of Spec::reference. They may be fed in any order with push() in which
  /// every one comes before the instrument's ticks of a later local_ts.
  void push_reference(const TickSpan& ticks);
  /// Takes the next ticks of the current day; for each bar they close calls row(known_ts, features).
  void push(const TickSpan& ticks, const RowSink& row);
  /// The trading day is over: the day's last bar comes out, and with Carry::day all memory goes.
  void end_day(const RowSink& row);

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace tf::features
