// Which trading day a time belongs to: the calendar day of the instrument's zone, shifted by day_start_s.
#pragma once
#include "cuda/base/market.hpp"
#include "cuda/base/time.hpp"
#include "data/store/zone.hpp"

namespace tf::data {

class TradingDays {
 public:
  /// Throws Error{config} for an unknown zone or a day_start_s outside 0..86399.
  explicit TradingDays(const Instrument& instrument);
  /// The day in which this UTC time lies. Keeps the last day's bounds: not for two threads.
  Day day_at(int64_t utc_ns) {
    if (utc_ns < from_ || utc_ns >= until_) find(utc_ns);
    return day_;
  }
  /// Bounds of the day found last, UTC.
  int64_t from_ns() const { return from_; }
  int64_t until_ns() const { return until_; }
  /// UTC of the first moment of a day; where the clocks skip it, the first moment after the skip.
  int64_t start_ns(Day day);

 private:
  void find(int64_t utc_ns);

  Zone zone_;
  int64_t shift_ns_ = 0;  // a day that starts in the evening is named by the date on which it ends
  Day day_{};
  int64_t from_ = 0, until_ = 0;
};

}  // namespace tf::data
