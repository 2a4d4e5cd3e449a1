// One DBN record to ticks. What is one state in the records becomes the change from the state before:
//   trades            trade
//   mbp-1, tbbo, cmbp-1, tcbbo   best bid and ask that changed (a side without a price: clear of that side), then the
//                     trade if it is one, since its levels are those before it. A record that changes nothing repeats
//                     the side it names, so that each record is a row.
//   bbo, cbbo         best bid and ask at the end of the interval, in both clocks; the last sale is no tick: its time
//   is
//                     not that of the record and it may be an old one.
//   mbp-10            depth levels that changed, came or left the ten, best bid and ask, the trade. First: clear + all.
//   mbo               order_add, order_modify (new price and size), order_cancel (size taken off), order_fill (tells of
//                     the match; the cancel or modify that follows changes the book), trade, clear; best bid and ask at
//                     the end of an event (touch). A snapshot has the time it was made in both clocks: its orders' own
//                     times may lie days before.
//   ohlcv             four trades with kFlagBar: open at the bar's start, high, low, close at its last nanosecond, so
//   that
//                     they are of the bar's day; local time = its end, when it is known. The close has the volume, the
//                     sizes of the others are unknown.
//   status            status
#pragma once
#include <array>
#include <bit>
#include <cstdint>

#include "data/sources/parse/dbn_layout.hpp"
#include "data/sources/parse/decimal.hpp"
#include "data/sources/parse/level_book.hpp"

namespace tf::data::dbn {

struct TickSettings {
  double tick_size = 0, lot_size = 0;
  bool round = false;                ///< prices and sizes off their grids are rounded, not refused
  bool touch = true;                 ///< best quotes out of mbo
  bool unsided_is_auction = true;    ///< a trade without a side is an auction or implied print
  bool snapshot_event_time = false;  ///< snapshot rows keep the orders' own times
};

/// What was seen in a record beside its ticks.
struct Seen {
  static constexpr uint32_t kNoEventTime = 1, kNoReceiveTime = 2, kBadReceiveTime = 4, kMaybeBadBook = 8,
                            kUnknownOrder = 16, kOrderAgain = 32, kUnsorted = 64, kBookFull = 128;
  static constexpr std::array<const char*, 8> kNames = {"no event time: the receive time is taken",
                                                        "no receive time: the event time is taken",
                                                        "receive time marked as bad",
                                                        "book marked as maybe bad",
                                                        "order that is not in the book",
                                                        "order added twice",
                                                        "levels out of order",
                                                        "order book full: best quotes are no longer sure"};
};

class TickMaker {
 public:
  static constexpr std::size_t kMostTicks = 64;  ///< one record gives at most these

  explicit TickMaker(const TickSettings& settings);
  /// Writes the ticks of one record to `out` (room for kMostTicks) and their number to `count`. Returns why the record
  /// is refused, nullptr = it gave at least one. `record` is of a type with record_bytes > 0 and of at least that size.
  const char* make(const char* record, Tick* out, int& count);
  /// Another instrument from now on: the books are void.
  void change_instrument();
  uint32_t seen() const { return seen_; }  ///< of the record made last

 private:
  struct Side {
    int64_t px = kNoPrice;  // as in the record
    uint32_t qty = 0;
    bool operator==(const Side&) const = default;
  };
  /// One side of mbp-10, best first.
  struct Ten {
    std::array<Side, 10> levels;
    std::size_t count = 0;
    bool sorted = true;
    /// A level of no size is none, and behind a missing one stands none.
    void add(std::size_t rank, const Side& side, bool bid) {
      if (count != rank || side.px == kNoPrice || side.qty == 0) return;
      if (rank > 0) sorted &= bid ? levels[rank - 1].px > side.px : levels[rank - 1].px < side.px;
      levels[count++] = side;
    }
    Side best() const { return count ? levels[0] : Side{}; }
  };

  const char* times(uint64_t event, uint64_t receive, bool of_snapshot);
  const char* price(int64_t raw, int64_t& ticks) const;
  const char* size(uint64_t raw, int64_t& lots) const;
  const char* push(TickKind kind, uint32_t flags, int64_t raw_px, uint64_t raw_qty);
  void push_plain(TickKind kind, uint32_t flags, int64_t px, int64_t qty, uint64_t order);
  const char* push_best(bool bid, const Side& side, uint32_t flags);
  const char* push_trade(int64_t raw_px, uint32_t raw_qty, char side, bool consolidated);

  const char* trades(const char* record);
  const char* top(const char* record, bool trade_in, bool of_interval);
  const char* ten(const char* record);
  const char* ten_side(bool bid, const Ten& old, const Ten& now, uint32_t flags);
  const char* order(const char* record);
  const char* bar(const char* record, int64_t length_ns);
  const char* status(const char* record);

  TickSettings settings_;
  Grid price_grid_, size_grid_;
  double ticks_per_unit_ = 0;   // 1e-9 of the currency
  int64_t units_per_tick_ = 0;  // 0: no whole number
  bool size_is_lots_ = false;

  Tick* out_ = nullptr;
  int count_ = 0;
  uint32_t seen_ = 0;
  int64_t exch_ts_ = 0, local_ts_ = 0;

  bool has_top_ = false, has_ten_ = false, void_book_ = false;
  Side bid_, ask_;   // of the one-level records
  Ten bids_, asks_;  // of mbp-10
  OrderBook book_;   // of mbo
  Touch touch_;
  EventQueue touched_;
};

}  // namespace tf::data::dbn
