#include "cuda/market/depth_book.hpp"

#include <doctest/doctest.h>

#include <map>

#include "cuda/base/philox.hpp"

using namespace tf;
using namespace tf::market;

namespace {

Tick level(bool bid, int64_t px, int64_t qty, uint32_t flags = 0) {
  return {0, 0, px, qty, 0, static_cast<uint32_t>(bid ? TickKind::depth_bid : TickKind::depth_ask) | flags};
}
Tick trade(int64_t px, int64_t qty, uint32_t side) {
  return {0, 0, px, qty, 0, static_cast<uint32_t>(TickKind::trade) | side};
}

}  // namespace

TEST_CASE("depth is the sum of the best levels and their size-weighted mean price") {
  DepthBook book(2);
  for (const Tick& tick :
       {level(true, 99, 10), level(true, 98, 30), level(true, 97, 1000), level(false, 101, 4), level(false, 105, 4)})
    book.apply(tick);
  CHECK(book.bid().lots == 40);
  CHECK(book.bid().px == 98.25);
  CHECK(book.ask().lots == 8);
  CHECK(book.ask().px == 103);
  book.apply(level(true, 99, 0));
  CHECK(book.bid().lots == 1030);
  book.apply({0, 0, 0, 0, 0, static_cast<uint32_t>(TickKind::clear) | kFlagBuy});
  CHECK(book.bid().lots == 0);
  CHECK(book.bid().px == 0);
  CHECK(book.ask().lots == 8);
}

TEST_CASE("what a trade takes is no cancellation, what goes beyond it is") {
  DepthBook book(5);
  book.apply(level(true, 99, 10));
  book.apply(level(false, 101, 20));
  CHECK(book.take_flow().added == 30);
  book.apply(trade(101, 5, kFlagBuy));
  book.apply(level(false, 101, 15));
  CHECK(book.take_flow().cancelled == 0);
  book.apply(trade(101, 5, kFlagBuy));
  book.apply(trade(101, 2, kFlagBuy));
  book.apply(level(false, 101, 5));  // 10 gone, 7 of them taken
  CHECK(book.take_flow().cancelled == 3);
  book.apply(trade(99, 4, kFlagSell));
  book.apply(level(false, 101, 1));  // the other side: no trade took these
  book.apply(level(true, 99, 6));
  const DepthBook::Flow flow = book.take_flow();
  CHECK(flow.cancelled == 4);
  CHECK(flow.added == 0);
  book.apply(trade(99, 6, kFlagSell));
  book.apply(level(true, 99, 0));
  book.apply(level(true, 99, 8));
  book.apply(level(true, 99, 0));  // the trade's lots were used up by the level's end
  const DepthBook::Flow later = book.take_flow();
  CHECK(later.cancelled == 8);
  CHECK(later.added == 8);
}

TEST_CASE("a snapshot and a clear change the book but are no flow") {
  DepthBook book(5);
  book.apply(level(true, 99, 10, kFlagSnapshot));
  book.apply({0, 0, 0, 0, 0, static_cast<uint32_t>(TickKind::clear)});
  book.apply(level(true, 98, 10, kFlagSnapshot));
  CHECK(book.bid().px == 98);
  const DepthBook::Flow flow = book.take_flow();
  CHECK(flow.added == 0);
  CHECK(flow.cancelled == 0);
}

TEST_CASE("a book of many random updates equals one kept in a map") {
  const RandomStream random{3, Purpose::test, 0};
  DepthBook book(7);
  std::map<int64_t, int64_t> bids, asks;
  for (uint64_t step = 0; step < 20'000; ++step) {
    const bool bid = random.below(4 * step, 2) == 0;
    const auto px = static_cast<int64_t>(random.below(4 * step + 1, 60)) + (bid ? 0 : 60);
    const int64_t qty = random.below(4 * step + 2, 3) == 0 ? 0 : static_cast<int64_t>(random.below(4 * step + 3, 50));
    book.apply(level(bid, px, qty));
    auto& side = bid ? bids : asks;
    if (qty == 0)
      side.erase(px);
    else
      side[px] = qty;
    int64_t lots = 0, money = 0, count = 0;
    for (auto at = bids.rbegin(); at != bids.rend() && count < 7; ++at, ++count)
      lots += at->second, money += at->first * at->second;
    CHECK(book.bid().lots == static_cast<double>(lots));
    if (lots) CHECK(book.bid().px == doctest::Approx(static_cast<double>(money) / static_cast<double>(lots)));
    lots = money = count = 0;
    for (auto at = asks.begin(); at != asks.end() && count < 7; ++at, ++count)
      lots += at->second, money += at->first * at->second;
    CHECK(book.ask().lots == static_cast<double>(lots));
    if (lots) CHECK(book.ask().px == doctest::Approx(static_cast<double>(money) / static_cast<double>(lots)));
  }
}
