// What an indicator may read: the columns of a bar table and the columns of a tick sequence.
#pragma once
#include <cstdint>

#include "cuda/base/host_device.hpp"

namespace tf::series {

/// Columns of bars. Prices are in ticks as doubles (a mid may end in .5), sizes in lots. All are known at the bar's
/// close.
enum class BarColumn : int {
  open = 0,  ///< of the bar's price: mid of the touch, or trade price (BarSpec::price)
  high,
  low,
  close,
  volume,      ///< traded lots; for feeds without trades the number of quotes
  buy_volume,  ///< by aggressor side
  sell_volume,
  ticks,  ///< events in the bar
  bid,    ///< best bid at the close
  ask,
  vwap,           ///< mean price of the traded lots; the close where nothing was traded
  clock_ns,       ///< known_ts on the instrument's wall clock, ns since its midnight
  since_open_ns,  ///< known_ts since the session began (without a calendar: since the trading day began)
  to_close_ns,    ///< from known_ts to the session's end
  weekday,        ///< of the trading day, Monday = 0
  reference,      ///< mid of the reference instrument that was known at known_ts; NaN before there is one
  count_
};

/// Most columns that the stages of one chained indicator may write: its later stages read them as stage(0), stage(1)...
inline constexpr int kStageColumns = 12;

/// Per-tick inputs of tick indicators: the state after the tick.
enum class TickColumn : int {
  bid = 0,  ///< best bid in ticks
  ask,
  bid_size,  ///< lots at the best bid; 0 where the feed carries no size
  ask_size,
  signed_size,  ///< of this tick if it is a trade: + bought, - sold, else 0
  trade_px,     ///< of this tick if it is a trade, else 0
  trade_size,   ///< lots of this tick if it is a trade, of whatever side, else 0
  time_ns,      ///< local_ts since the UTC midnight of the trading day's first event; exact
  bid_depth,    ///< lots on the best BarSpec::depth_levels bid levels; 0 where the feed carries no depth
  ask_depth,
  bid_depth_px,  ///< size-weighted mean price of those levels, in ticks; 0 where there are none
  ask_depth_px,
  added_size,      ///< lots added to the visible book since the event before, both sides
  cancelled_size,  ///< lots taken away since the event before that no trade took
  reference_mid,   ///< mid of the reference instrument as of local_ts; NaN before there is one
  count_
};

inline constexpr int kBarColumns = static_cast<int>(BarColumn::count_);
inline constexpr int kTickColumns = static_cast<int>(TickColumn::count_);
const char* column_name(BarColumn column);
const char* column_name(TickColumn column);

/// Pointers to equally long rows of columns; entries that nobody asked for may be null.
struct BarRows {
  const double* column[kBarColumns + kStageColumns] = {};
  int64_t rows = 0;
};
/// Each column has `history` more rows before its pointer: the latest ticks before these.
struct TickRows {
  const double* column[kTickColumns] = {};
  int64_t rows = 0;
  int64_t history = 0;
};

}  // namespace tf::series
