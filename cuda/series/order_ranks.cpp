#include "cuda/series/order_ranks.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

namespace tf::series {

namespace {

constexpr int kDigitBits = 11, kMostDigits = 3;
constexpr int64_t kDigit = int64_t{1} << kDigitBits;
constexpr uint64_t kPlaceMask = 0xffffffff;

/// Unsigned integers in the order of the doubles: -0 as +0, NaN as +inf.
uint64_t order_key(double value) {
  const double plain = (value == value ? value : std::numeric_limits<double>::infinity()) + 0.0;
  const auto bits = std::bit_cast<uint64_t>(plain);
  return bits ^ (static_cast<uint64_t>(static_cast<int64_t>(bits) >> 63) | uint64_t{1} << 63);
}

}  // namespace

int64_t DenseRanks::rank(const double* values, int64_t count, int32_t* ranks) {
  keys_.resize(count);
  records_.resize(count);
  spare_.resize(count);
  first_at_.resize(count);
  uint64_t least = ~uint64_t{0}, most = 0;
  for (int64_t at = 0; at < count; ++at) {
    keys_[at] = order_key(values[at]);
    least = std::min(least, keys_[at]);
    most = std::max(most, keys_[at]);
  }

  // Two digits tell 2^16 values apart well enough, three (of 32 bits) a few millions.
  const int digits = count <= 1 << 16 ? 2 : kMostDigits;
  const int leading = std::min(32, digits * kDigitBits), spread = std::bit_width(most - least);
  const int shift = std::max(0, spread - leading);
  uint32_t starts[kMostDigits][kDigit] = {};
  for (int64_t at = 0; at < count; ++at) {
    const uint64_t lead = (keys_[at] - least) >> shift;
    records_[at] = lead << 32 | static_cast<uint64_t>(at);
    for (int digit = 0; digit < digits; ++digit) ++starts[digit][lead >> digit * kDigitBits & (kDigit - 1)];
  }
  for (int digit = 0; digit < digits && digit * kDigitBits < spread - shift; ++digit) {
    uint32_t start = 0;
    for (int64_t value = 0; value < kDigit; ++value) start += std::exchange(starts[digit][value], start);
    const int down = 32 + digit * kDigitBits;
    for (const uint64_t record : records_) spare_[starts[digit][record >> down & (kDigit - 1)]++] = record;
    records_.swap(spare_);
  }

  // Runs that the leading bits leave equal are in the order of their places.
  const auto lighter = [&](uint64_t a, uint64_t b) {
    const uint64_t x = keys_[a & kPlaceMask], y = keys_[b & kPlaceMask];
    return x != y ? x < y : a < b;
  };
  int64_t rank = 0;
  for (int64_t from = 0; from < count;) {
    int64_t to = from + 1;
    while (to < count && records_[to] >> 32 == records_[from] >> 32) ++to;
    if (to > from + 1 && shift > 0 && !std::is_sorted(records_.begin() + from, records_.begin() + to, lighter))
      std::sort(records_.begin() + from, records_.begin() + to, lighter);
    uint64_t last = 0;  // no double has this key
    for (; from < to; ++from) {
      const auto place = static_cast<int32_t>(records_[from] & kPlaceMask);
      if (keys_[place] != last) first_at_[rank++] = place;
      last = keys_[place];
      ranks[place] = static_cast<int32_t>(rank - 1);
    }
  }
  return rank;
}

}  // namespace tf::series
