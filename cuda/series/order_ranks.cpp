#include "cuda/series/order_ranks.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

namespace tf::series {

namespace {

constexpr int kDigits = 3, kMostDigitBits = 11;
constexpr uint64_t kPlaceMask = 0xffffffff;

/// Unsigned integers in the order of the doubles: -0 as +0, NaN as +inf.
uint64_t order_key(double value) {
  const double plain = (value == value ? value : std::numeric_limits<double>::infinity()) + 0.0;
  const auto bits = std::bit_cast<uint64_t>(plain);
  return bits ^ (static_cast<uint64_t>(static_cast<int64_t>(bits) >> 63) | uint64_t{1} << 63);
}

}  // namespace

void StretchRanks::sort(const double* values, int64_t count) {
  keys_.resize(count);
  records_.resize(count);
  spare_.resize(count);
  uint64_t least = ~uint64_t{0}, most = 0;
  for (int64_t at = 0; at < count; ++at) {
    keys_[at] = order_key(values[at]);
    least = std::min(least, keys_[at]);
    most = std::max(most, keys_[at]);
  }

  // Leading bits enough that few values are left equal, in digits whose tables are small beside the stretch.
  const int digit_bits = count <= 1 << 12 ? 8 : kMostDigitBits;
  const int leading = std::min(32, kDigits * digit_bits), spread = std::bit_width(most - least);
  const int shift = std::max(0, spread - leading);
  const uint64_t digit_values = uint64_t{1} << digit_bits;
  uint32_t starts[kDigits][1 << kMostDigitBits];
  for (int digit = 0; digit < kDigits; ++digit) std::fill_n(starts[digit], digit_values, 0u);
  for (int64_t at = 0; at < count; ++at) {
    const uint64_t lead = (keys_[at] - least) >> shift;
    records_[at] = lead << 32 | static_cast<uint64_t>(at);
    for (int digit = 0; digit < kDigits; ++digit) ++starts[digit][lead >> digit * digit_bits & (digit_values - 1)];
  }
  for (int digit = 0; digit < kDigits && digit * digit_bits < spread - shift; ++digit) {
    uint32_t start = 0;
    for (uint64_t value = 0; value < digit_values; ++value) start += std::exchange(starts[digit][value], start);
    const int down = 32 + digit * digit_bits;
    for (const uint64_t record : records_) spare_[starts[digit][record >> down & (digit_values - 1)]++] = record;
    records_.swap(spare_);
  }
  if (shift == 0) return;

  // Runs that the leading bits leave equal are in the order of their places.
  const auto lighter = [&](uint64_t a, uint64_t b) {
    const uint64_t x = keys_[a & kPlaceMask], y = keys_[b & kPlaceMask];
    return x != y ? x < y : a < b;
  };
  for (int64_t from = 0; from < count;) {
    int64_t to = from + 1;
    while (to < count && records_[to] >> 32 == records_[from] >> 32) ++to;
    if (to > from + 1 && !std::is_sorted(records_.begin() + from, records_.begin() + to, lighter))
      std::sort(records_.begin() + from, records_.begin() + to, lighter);
    from = to;
  }
}

void StretchRanks::rank(const double* values, int64_t count, int32_t* ranks) {
  sort(values, count);
  for (int64_t rank = 0; rank < count; ++rank) ranks[records_[rank] & kPlaceMask] = static_cast<int32_t>(rank);
}

int64_t StretchRanks::rank_values(const double* values, int64_t count, int32_t* ranks) {
  sort(values, count);
  int64_t rank = -1;
  uint64_t last = 0;  // no double has this key
  for (const uint64_t record : records_) {
    const uint64_t key = keys_[record & kPlaceMask];
    rank += key != last;
    last = key;
    ranks[record & kPlaceMask] = static_cast<int32_t>(rank);
  }
  return rank + 1;
}

}  // namespace tf::series
