// One pass over what a source yields: applies the policy, counts, and cuts the stream into trading days.
#pragma once
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "data/policy.hpp"
#include "data/reorder.hpp"
#include "data/sources/source.hpp"
#include "data/store/sessions.hpp"
#include "data/store/trading_day.hpp"
#include "data/validate.hpp"

namespace tf::data {

/// A day of which no row will come any more.
struct JudgedDay {
  Day day;
  QualityCounts quality;
  int64_t rows = 0;                        ///< stored
  std::map<std::string, int64_t> refused;  ///< rows by reason, refused by the policy while this day was the current one
  bool reaches_end = false;                ///< the input ended in it (or before it): damage of the input is its damage
};

/// What to do next with the ticks that take() left: append [first, first + count) to a day, or close one.
struct JudgeStep {
  Day day;
  std::size_t first = 0, count = 0;
  std::shared_ptr<const JudgedDay> closed;
};

/// Two days are open at a time, so that rows around midnight may be out of order; an event belongs to the day of its
/// first row, and is refused as "day already written" when that day is closed. Rows are counted by kRowEnd: a row is
/// refused when none of its ticks was kept. Places name the row of the input, counted over all files, exactly unless
/// the source refused rows in the same batch.
class Judge {
 public:
  Judge(const IngestPolicy& policy, const Instrument& instrument, const std::vector<std::string>& files);
  /// Judges ticks[0, count) in place; what is kept stands in `ticks` as the steps say. `refused_before` and
  /// `refused_after`: rows that the source had refused before and after it yielded this batch.
  /// Throws Error{bad_data} under a policy of stop.
  void take(std::vector<Tick>& ticks, std::size_t count, int64_t refused_before, int64_t refused_after,
            std::vector<JudgeStep>& steps);
  /// After the last batch: what was held back, then every open day is closed.
  void finish(std::vector<Tick>& ticks, std::vector<JudgeStep>& steps);

  const std::map<std::string, Refusal>& refused() const { return refused_; }
  const std::map<std::string, Refusal>& noted() const { return noted_; }
  std::optional<Day> current_day() const { return current_ ? std::optional(current_->day) : std::nullopt; }

 private:
  struct OpenDay {
    Day day;
    QualityMeter meter;
    int64_t rows = 0;
    std::map<std::string, int64_t> refused;
  };
  using Reason = const char*;

  void judge(std::vector<Tick>& ticks, std::size_t count, std::vector<JudgeStep>& steps);
  bool ordinary(std::span<const Tick> ticks);
  bool ordinary_times(std::span<const Tick> ticks) const;
  void pass(std::span<Tick> ticks, std::vector<JudgeStep>& steps);
  void judge_events(std::span<Tick> ticks, std::vector<JudgeStep>& steps);
  void sort(std::vector<Tick>& ticks, std::size_t count, bool all);
  Reason why_refused(std::span<const Tick> event, const Tick*& culprit);
  Reason why_refused(const Tick& tick);
  Reason why_crossed(std::span<const Tick> event);
  void account(std::span<const Tick> event, Reason reason, const Tick& culprit);
  void refuse_row(Reason reason, const Tick& culprit, int64_t rows);
  [[noreturn]] void stop(const char* what, const Tick& tick, int64_t before);
  Refusal place_of(const Tick& tick) const;
  void enter(Day day, std::vector<JudgeStep>& steps);
  void close_oldest(bool reaches_end, std::vector<JudgeStep>& steps);

  // The policy, read once.
  bool sorts_, refuses_back_, stops_back_, refuses_local_back_, stops_local_back_, refuses_latency_;
  bool refuses_zero_, refuses_negative_, refuses_empty_, refuses_crossed_, refuses_locked_, refuses_old_;
  bool refuses_outside_, drops_corrections_;
  uint32_t dropped_flags_ = 0;
  int64_t old_trade_ns_, shift_ns_, max_gap_ns_;

  std::vector<std::string> files_;
  TradingDays days_;
  Sessions sessions_;
  ReorderWindow window_;
  std::vector<Tick> pending_;  // the beginning of an event whose end has not come yet

  // Of the stream so far.
  int64_t old_before_ = INT64_MIN;  // trades from before this time are replayed ones
  bool begun_ = false, has_bid_ = false, has_ask_ = false;
  int64_t last_exch_ = INT64_MIN, last_local_ = INT64_MIN, bid_ = 0, ask_ = 0;

  // Of the row that is not over yet.
  bool row_kept_ = false;
  Reason row_reason_ = nullptr;
  Tick row_culprit_;

  int64_t rows_passed_ = 0, refused_before_ = 0, refused_after_ = 0;  // for places
  bool numbered_ = true;
  std::list<OpenDay> open_;  // at most two, the one used last in front
  OpenDay* current_ = nullptr;
  std::set<Day> closed_;
  std::map<std::string, Refusal> refused_, noted_;
};

}  // namespace tf::data
