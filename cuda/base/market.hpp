// The words every room shares: instrument, tick, tick columns.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tf {

/// What a tick is. The low four bits of Tick::flags.
enum class TickKind : uint32_t {
  none = 0,
  trade = 1,
  best_bid = 2,  ///< new best bid price and size (one side of a two-sided quote)
  best_ask = 3,
  depth_bid = 4,  ///< new size of one bid level, 0 = level gone
  depth_ask = 5,
  clear = 6,  ///< book of the side named by kFlagBuy/kFlagSell (both if none) is void
  order_add = 7,
  order_modify = 8,
  order_cancel = 9,
  order_fill = 10,   ///< qty of the order was executed; the order shrinks by it unless kFlagNoBook
  status = 11,       ///< trading state of the venue: qty 0 = halted, 1 = quoting only, 2 = trading
  trade_break = 12,  ///< an earlier trade is void: px, qty and order_id are those of that trade; known only from now on
};

inline constexpr uint32_t kKindMask = 0xF;
inline constexpr uint32_t kFlagBuy = 0x10;       ///< aggressor bought (trade) or bid side (order, clear)
inline constexpr uint32_t kFlagSell = 0x20;      ///< aggressor sold or ask side
inline constexpr uint32_t kFlagLast = 0x40;      ///< last row of one event: the book is consistent after it
inline constexpr uint32_t kFlagSnapshot = 0x80;  ///< row of a snapshot
inline constexpr uint32_t kFlagNoSize = 0x100;   ///< the feed carries no size: qty is 0 and means unknown

inline constexpr uint32_t kFlagAuction = 0x200;  ///< trade of an auction, cross or trial match: not in the book's flow
inline constexpr uint32_t kFlagIrregular = 0x400;  ///< print outside the normal flow: late, odd condition, off exchange
inline constexpr uint32_t kFlagHidden = 0x800;     ///< trade against an order that the book did not show
inline constexpr uint32_t kFlagBar = 0x1000;       ///< open, high, low or close of a bar that stands for its trades
inline constexpr uint32_t kFlagNoBook =
    0x2000;  ///< order row that only informs: the book changes by a row that follows

/// One market event. A two-sided quote is two rows (bid, then ask with kFlagLast) of equal times.
struct Tick {
  int64_t exch_ts = 0;    ///< ns since 1970 UTC, the venue's clock
  int64_t local_ts = 0;   ///< ns since 1970 UTC, the receiver's clock; equals exch_ts where the feed has none
  int64_t px = 0;         ///< price in tick sizes; may be negative
  int64_t qty = 0;        ///< size in lot sizes; >= 0
  uint64_t order_id = 0;  ///< of the order; of a trade its id where the feed has a numeric one; 0 if none
  uint32_t flags = 0;

  TickKind kind() const { return static_cast<TickKind>(flags & kKindMask); }
  bool operator==(const Tick&) const = default;
};

/// Ticks as columns: how a store yields them and kernels read them. All spans have one length.
struct TickSpan {
  std::span<const int64_t> exch_ts, local_ts, px, qty;
  std::span<const uint64_t> order_id;  ///< empty where the file has none
  std::span<const uint32_t> flags;

  std::size_t size() const { return exch_ts.size(); }
  Tick operator[](std::size_t row) const {
    return {exch_ts[row], local_ts[row], px[row], qty[row], order_id.empty() ? 0 : order_id[row], flags[row]};
  }
  TickSpan part(std::size_t first, std::size_t count) const {
    return {exch_ts.subspan(first, count),
            local_ts.subspan(first, count),
            px.subspan(first, count),
            qty.subspan(first, count),
            order_id.empty() ? order_id : order_id.subspan(first, count),
            flags.subspan(first, count)};
  }
};

/// Owner of tick columns.
struct TickColumns {
  std::vector<int64_t> exch_ts, local_ts, px, qty;
  std::vector<uint64_t> order_id;
  std::vector<uint32_t> flags;

  std::size_t size() const { return exch_ts.size(); }
  void push(const Tick& tick) {
    exch_ts.push_back(tick.exch_ts);
    local_ts.push_back(tick.local_ts);
    px.push_back(tick.px);
    qty.push_back(tick.qty);
    order_id.push_back(tick.order_id);
    flags.push_back(tick.flags);
  }
  void resize(std::size_t rows) {
    exch_ts.resize(rows);
    local_ts.resize(rows);
    px.resize(rows);
    qty.resize(rows);
    order_id.resize(rows);
    flags.resize(rows);
  }
  void clear() { resize(0); }
  TickSpan span() const { return {exch_ts, local_ts, px, qty, order_id, flags}; }
};

/// What a price and a size mean, and when the market is open.
struct Instrument {
  std::string venue, symbol;
  double tick_size = 0;   ///< price of one tick, in `currency`
  double lot_size = 0;    ///< size of one lot, in units of the base
  double multiplier = 1;  ///< currency value of one unit of price move of one unit of size
  std::string currency = "USD";
  std::string zone = "UTC";      ///< IANA name; the trading day is the calendar day there, shifted by day_start
  int32_t day_start_s = 0;       ///< local second at which a trading day starts (e.g. 61200 = 17:00 for FX in New York,
                                 ///< then the day is named by the date on which it ends)
  bool has_local_clock = false;  ///< local_ts is a measurement, not a copy of exch_ts
  std::string sessions = {};     ///< trading hours in `zone` ("mon-fri 09:30-16:00"); empty: the whole trading day

  std::string id() const { return venue + "/" + symbol; }
  bool operator==(const Instrument&) const = default;
};

}  // namespace tf
