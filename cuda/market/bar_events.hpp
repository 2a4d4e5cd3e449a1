// From ticks to the events bars are made of, a piece at a time.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "cuda/base/market.hpp"
#include "cuda/market/bar_table.hpp"
#include "cuda/market/depth_book.hpp"
#include "cuda/market/touch.hpp"

namespace tf::market {

/// Events as columns. An event is a trade, or the last row (kFlagLast) of a group that moved the touch.
struct BarEvents {
  const int64_t* local = nullptr;  ///< never falling: the running maximum of local_ts
  const int64_t* exch = nullptr;
  const int64_t* px = nullptr;      ///< of a trade
  const int64_t* lots = nullptr;    ///< of a trade, 0 for a quote
  const uint32_t* flags = nullptr;  ///< of the tick
  const int64_t* price = nullptr;   ///< the bar's price: trade price in ticks, or bid + ask in half ticks
  const double *bid = nullptr,
               *ask = nullptr;  ///< best prices after the event, NaN = none; null where they stand still
  double still_bid = 0, still_ask = 0;
  int64_t rows = 0;
  bool only_trades = false;

  bool is_trade(int64_t at) const {
    return only_trades || (flags[at] & kKindMask) == static_cast<uint32_t>(TickKind::trade);
  }
};

/// Unfolds ticks to events. With mids, events count once both sides of the touch are known; with trade prices only
/// trades count.
class EventUnfolder {
 public:
  static constexpr std::size_t kPiece = 4096;  ///< ticks at a time: what they unfold to stays in the first caches

  EventUnfolder(bool by_trade, int depth_levels) : by_trade_(by_trade), book_(depth_levels) {}

  /// At most kPiece ticks. The result points into the ticks or into this; it lives until the next call. `local` is the
  /// running maximum before these ticks and, afterwards, with them. Appends the columns wanted of each event.
  BarEvents unfold(const TickSpan& ticks, int64_t& local, TickTable* ticks_out);
  /// The trading day is over: forgets the touch and the book.
  void reset();

 private:
  bool plain_trades(const TickSpan& ticks, int64_t local) const;
  BarEvents of_plain_trades(const TickSpan& ticks) const;
  void put(const Tick& tick, int64_t local, int64_t row, TickTable& table);

  bool by_trade_;
  Touch touch_;
  DepthBook book_;
  bool touch_moved_ = false;            ///< since the last event
  std::optional<int64_t> midnight_ns_;  ///< UTC, of the trading day's first event
  std::vector<int64_t> local_, exch_, px_, lots_, price_;
  std::vector<uint32_t> flags_;
  std::vector<double> bid_, ask_;
};

}  // namespace tf::market
