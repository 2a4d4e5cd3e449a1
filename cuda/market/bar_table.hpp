// Closed bars and the events they were made of, as columns.
#pragma once
#include <cstdint>
#include <vector>

#include "cuda/series/columns.hpp"

namespace tf::market {

/// Closed bars as columns. known_ts is when a live observer has the bar: its boundary for bars that end by the clock
/// (time bars, and any bar at a session's boundary), the local_ts of the closing event for others, the local_ts of the
/// day's last tick for the last bar of a day.
struct BarTable {
  std::vector<double> column[series::kBarColumns];
  std::vector<int64_t> open_ts, known_ts;  ///< exch_ts of the first event; knowledge time
  std::vector<int64_t> tick_end;  ///< events used so far (all days of this table), i.e. where the bar's ticks end
  std::vector<int32_t> day;       ///< Day::days of the bar
  int64_t rows() const { return static_cast<int64_t>(known_ts.size()); }
  series::BarRows view(int64_t first, int64_t count) const;
};

constexpr uint32_t tick_bit(series::TickColumn column) { return 1u << static_cast<int>(column); }

/// Per-event columns of the ticks that went into bars, in TickColumn order: those that are wanted, others stay empty.
struct TickTable {
  static constexpr uint32_t kTouchColumns = (tick_bit(series::TickColumn::trade_px) << 1) - 1;

  uint32_t wanted = kTouchColumns;  ///< set of tick_bit
  std::vector<double> column[series::kTickColumns];
  std::vector<int64_t> local_ts;  ///< knowledge time of each event; only where reference_mid is wanted
  int64_t count = 0;

  bool wants(series::TickColumn which) const { return (wanted & tick_bit(which)) != 0; }
  int64_t rows() const { return count; }
  /// Empties the table and puts `history` rows of NaN before what is to come.
  void start(int64_t history);
  /// Drops the first rows.
  void drop(int64_t rows);
  /// Rows [first, first + count); those before them, at most `history`, are its history.
  series::TickRows view(int64_t first, int64_t count, int64_t history = 0) const;
};

}  // namespace tf::market
