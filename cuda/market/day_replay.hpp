// The shared half of a simulation: one scalar pass over a day's ticks that answers, for every decision at once, what it
// saw, at which touch an order sent then fills, and how far prices went in between. Lanes need nothing else.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "cuda/base/market.hpp"
#include "cuda/market/lane_program.hpp"

namespace tf::market {

class DayReplay {
 public:
  /// Decisions ascending (equal times allowed). `mark_before`: mid that values a position until the day has a touch.
  /// Times of the table count from midnight UTC of the first tick's date. Throws Error{internal} for descending
  /// decisions and Error{bad_data} where times leave the exact range of a double.
  void read(const TickSpan& ticks, std::span<const int64_t> decisions, int64_t entry_latency_ns, double mark_before);

  /// Pointers into this object and the ticks read, valid until the next read.
  const DayTable& table() const { return table_; }
  double mark() const { return mark_; }  ///< at the day's end

 private:
  struct Pass;
  std::vector<Step> steps_;
  DayTable table_;
  double mark_ = 0;
};

}  // namespace tf::market
