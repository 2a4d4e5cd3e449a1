// Books as sources keep them while parsing: to check a venue's checksums, to find levels by order, and to yield the
// best bid and ask of feeds that send only depth or orders. Prices in tick sizes, sizes in lots.
#pragma once
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "cuda/base/market.hpp"
#include "data/sources/parse/event_queue.hpp"

namespace tf::data {

struct Level {
  int64_t px = 0, qty = 0;
  bool operator==(const Level&) const = default;
};

/// One side, best level last, so that work near the touch moves little memory.
class BookSide {
 public:
  explicit BookSide(bool bid) : bid_(bid) {}
  /// New size of a level; 0 removes it. False when a level to be removed is not there.
  bool set(int64_t px, int64_t qty);
  int64_t qty_at(int64_t px) const;  ///< 0 = no such level
  void clear() { levels_.clear(); }
  /// Keeps the best `depth` levels.
  void cut(std::size_t depth);
  bool empty() const { return levels_.empty(); }
  std::size_t size() const { return levels_.size(); }
  const Level& best() const { return levels_.back(); }
  /// Level number `rank` from the best on, 0-based.
  const Level& at(std::size_t rank) const { return levels_[levels_.size() - 1 - rank]; }

 private:
  std::size_t place(int64_t px) const;  ///< of the first level that is not worse
  bool bid_;
  std::vector<Level> levels_;
};

/// Both sides of a level book (L2).
struct LevelBook {
  BookSide bids{true}, asks{false};
  BookSide& side(bool bid) { return bid ? bids : asks; }
  void clear() {
    bids.clear();
    asks.clear();
  }
};

/// Yields best_bid and best_ask rows when the top of a book has changed since it was last asked. A side that became
/// empty gives a clear of that side. The rows carry no kFlagLast and no kRowEnd: the caller ends the event.
class Touch {
 public:
  /// Returns how many rows were pushed (0 to 2). `flags` is added to each row (kFlagSnapshot, ...).
  int update(const LevelBook& book, int64_t exch_ts, int64_t local_ts, uint32_t flags, EventQueue& out);
  void forget() { bid_ = ask_ = {}; }

 private:
  Level bid_, ask_;  // qty 0 = none
};

/// Orders by id (L3) and the levels they make.
class OrderBook {
 public:
  struct Order {
    int64_t px = 0, qty = 0;
    bool bid = false;
  };
  /// False when the id is there already (the order is replaced then).
  bool add(uint64_t id, const Order& order);
  /// The order, or nullptr.
  const Order* find(uint64_t id) const;
  /// Takes `qty` off an order; at 0 or below it goes. False when there is no such order.
  bool reduce(uint64_t id, int64_t qty);
  bool remove(uint64_t id);
  void clear();
  const LevelBook& levels() const { return levels_; }
  std::size_t size() const { return orders_.size(); }

 private:
  void change(const Order& order, int64_t by);
  std::unordered_map<uint64_t, Order> orders_;
  LevelBook levels_;
};

}  // namespace tf::data
