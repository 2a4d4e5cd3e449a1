#include "data/sources/parse/level_book.hpp"

#include <algorithm>

namespace tf::data {

std::size_t BookSide::place(int64_t px) const {
  const auto worse = [&](const Level& level, int64_t limit) { return bid_ ? level.px < limit : level.px > limit; };
  return static_cast<std::size_t>(std::lower_bound(levels_.begin(), levels_.end(), px, worse) - levels_.begin());
}

bool BookSide::set(int64_t px, int64_t qty) {
  const std::size_t at = place(px);
  const auto spot = levels_.begin() + static_cast<std::ptrdiff_t>(at);
  const bool there = at < levels_.size() && levels_[at].px == px;
  if (qty == 0) {
    if (there) levels_.erase(spot);
    return there;
  }
  if (there) {
    spot->qty = qty;
  } else {
    levels_.insert(spot, {px, qty});
  }
  return true;
}

int64_t BookSide::qty_at(int64_t px) const {
  const std::size_t at = place(px);
  return at < levels_.size() && levels_[at].px == px ? levels_[at].qty : 0;
}

void BookSide::cut(std::size_t depth) {
  if (levels_.size() > depth) levels_.erase(levels_.begin(), levels_.end() - static_cast<std::ptrdiff_t>(depth));
}

int Touch::update(const LevelBook& book, int64_t exch_ts, int64_t local_ts, uint32_t flags, EventQueue& out) {
  int pushed = 0;
  const auto one = [&](const BookSide& side, Level& last, TickKind kind, uint32_t which) {
    const Level now = side.empty() ? Level{} : side.best();
    if (now == last) return;
    last = now;
    const TickKind what = now.qty == 0 ? TickKind::clear : kind;
    out.push({exch_ts, local_ts, now.px, now.qty, 0,
              static_cast<uint32_t>(what) | flags | (what == TickKind::clear ? which : 0)});
    ++pushed;
  };
  one(book.bids, bid_, TickKind::best_bid, kFlagBuy);
  one(book.asks, ask_, TickKind::best_ask, kFlagSell);
  return pushed;
}

void OrderBook::change(const Order& order, int64_t by) {
  BookSide& side = levels_.side(order.bid);
  side.set(order.px, std::max<int64_t>(0, side.qty_at(order.px) + by));
}

bool OrderBook::add(uint64_t id, const Order& order) {
  const bool fresh = !remove(id);
  orders_[id] = order;
  change(order, order.qty);
  return fresh;
}

const OrderBook::Order* OrderBook::find(uint64_t id) const {
  const auto at = orders_.find(id);
  return at == orders_.end() ? nullptr : &at->second;
}

bool OrderBook::reduce(uint64_t id, int64_t qty) {
  const auto at = orders_.find(id);
  if (at == orders_.end()) return false;
  const int64_t taken = std::min(qty, at->second.qty);
  change(at->second, -taken);
  at->second.qty -= taken;
  if (at->second.qty <= 0) orders_.erase(at);
  return true;
}

bool OrderBook::remove(uint64_t id) {
  const auto at = orders_.find(id);
  if (at == orders_.end()) return false;
  change(at->second, -at->second.qty);
  orders_.erase(at);
  return true;
}

void OrderBook::clear() {
  orders_.clear();
  levels_.clear();
}

}  // namespace tf::data
