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
  /// Throws Error{internal} for descending decisions and Error{bad_data} where times leave the exact range of a double.
  void read(const TickSpan& ticks, std::span<const int64_t> decisions, int64_t entry_latency_ns, double mark_before);

  /// Pointers into this object, valid until the next read.
  DayTable table() const;
  int64_t base_ns() const { return base_; }  ///< midnight UTC of the first tick's date: zero of the table's times
  double mark() const { return mark_; }      ///< at the day's end

 private:
  struct Pass;
  std::vector<Step> steps_;
  std::vector<double> time_, bid_, ask_;
  int64_t events_ = 0, base_ = 0;
  double mark_ = 0, last_bid_ = 0, last_ask_ = 0, end_time_ = 0;
  bool has_touch_ = false;
};

}  // namespace tf::market
