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
  count_
};

/// Per-tick inputs of tick indicators: the state after the tick.
enum class TickColumn : int {
  bid = 0,  ///< best bid in ticks
  ask,
  bid_size,  ///< lots at the best bid; 0 where the feed carries no size
  ask_size,
  signed_size,  ///< of this tick if it is a trade: + bought, - sold, else 0
  trade_px,     ///< of this tick if it is a trade, else 0
  count_
};

inline constexpr int kBarColumns = static_cast<int>(BarColumn::count_);
inline constexpr int kTickColumns = static_cast<int>(TickColumn::count_);
const char* column_name(BarColumn column);
const char* column_name(TickColumn column);

/// Pointers to equally long rows of columns; entries that nobody asked for may be null.
struct BarRows {
  const double* column[kBarColumns] = {};
  int64_t rows = 0;
};
struct TickRows {
  const double* column[kTickColumns] = {};
  int64_t rows = 0;
};

}  // namespace tf::series
