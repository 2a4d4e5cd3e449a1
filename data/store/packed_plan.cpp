#include "data/store/packed_plan.hpp"

#include <algorithm>
#include <bit>

namespace tf::data::packed {
namespace {

constexpr std::size_t kSamples = 32;  ///< of the steps of a block: enough to place a window

int length(uint64_t value) { return static_cast<int>(std::bit_width(value)); }

/// The low edge and the median of the steps, from a sample.
struct Centre {
  int64_t low, middle;
};
Centre centre_of(const Steps& steps) {
  const std::size_t count = steps.size - steps.first, samples = std::min(count, kSamples);
  std::array<int64_t, kSamples> sample;
  for (std::size_t i = 0; i < samples; ++i) sample[i] = steps.at[steps.first + i * count / samples];
  std::sort(sample.begin(), sample.begin() + samples);
  Centre centre{sample[0], sample[samples / 2]};
  const uint64_t below = uint64_t(centre.low) - uint64_t(steps.least);
  if (below <= uint64_t(centre.middle) - uint64_t(centre.low)) centre.low = steps.least;
  return centre;
}

/// How many steps have which bit length, seen from an edge: those below it have 64.
using Histogram = std::array<uint32_t, 65>;
Histogram lengths_of(const Steps& steps, Window window, int64_t from) {
  std::array<std::array<uint16_t, 65>, 2> counts{};  // two, since equal lengths follow each other
  for (std::size_t i = steps.first; i < steps.size; ++i) {
    uint64_t off = uint64_t(steps.at[i]) - uint64_t(from);
    if (window == Window::middle) off ^= uint64_t(int64_t(off) >> 63);
    ++counts[i % 2][length(off)];
  }
  Histogram all;
  for (std::size_t bits = 0; bits < all.size(); ++bits) all[bits] = uint32_t(counts[0][bits]) + counts[1][bits];
  return all;
}

}  // namespace

std::size_t signed_bytes(int64_t value) {
  return value == 0 ? 0 : std::size_t(length(uint64_t(value ^ value >> 63))) / 8 + 1;
}
std::size_t unsigned_bytes(uint64_t value) { return (std::size_t(length(value)) + 7) / 8; }

void BlockSeries::find_runs() {
  runs = 0;
  std::fill(std::begin(bitmap), std::end(bitmap), uint8_t(0));
  for (std::size_t row = 0; row < rows; ++row) {
    const bool ends = row + 1 == rows || k[row] != k[row + 1];
    distinct[runs] = k[row];
    runs += ends;
    bitmap[row / 8] = static_cast<uint8_t>(bitmap[row / 8] | unsigned(ends) << row % 8);
  }
  // The cheapest form of the bitmap that says the same.
  bool pairs = rows % 2 == 0, word = rows > 64;
  for (std::size_t byte = 0; byte < (rows + 7) / 8; ++byte) {
    const unsigned last = byte == (rows - 1) / 8 ? 1u << (rows - 1) % 8 : 0;
    const unsigned used = last ? 2 * last - 1 : 255;
    pairs &= (bitmap[byte] & 0x55 & ~last) == 0;
    word &= ((bitmap[byte] ^ bitmap[byte % 8]) & used & ~last) == 0;
  }
  bitmap_kind = word ? kWordBitmap : pairs ? kPairBitmap : kFullBitmap;
}

void find_steps(const int64_t* values, std::size_t size, int lag, Steps& steps) {
  steps.size = size;
  steps.first = std::min(size, static_cast<std::size_t>(lag));
  steps.least = INT64_MAX;
  steps.greatest = INT64_MIN;
  for (std::size_t i = steps.first; i < size; ++i) {
    const int64_t step = lag ? int64_t(uint64_t(values[i]) - uint64_t(values[i - std::size_t(lag)])) : values[i];
    steps.at[i] = step;
    steps.least = std::min(steps.least, step);
    steps.greatest = std::max(steps.greatest, step);
  }
  if (steps.first == size) steps.least = steps.greatest = 0;
}

Choice cost_of(const BlockSeries& block, Plan plan, const Steps& steps) {
  const int lag = kLags[plan.lag_code];
  const std::size_t size = steps.size;
  const uint64_t range = uint64_t(steps.greatest) - uint64_t(steps.least);
  Choice choice;
  choice.plan = plan;
  choice.low = choice.least = steps.least;
  choice.bits = length(range);
  choice.wide = choice.bits > narrow_bits(lag);

  BlockHead fixed;
  fixed.runs = plan.runs ? block.bitmap_kind : kNoRuns;
  std::size_t around = kHeadBytes + (plan.runs ? 2 : 0) + fixed.bitmap_bytes(block.rows);
  if (lag == 0) {
    around += signed_bytes(steps.least);
  } else {
    const int64_t* values = block.values(plan.runs);
    const auto [least, greatest] = std::minmax_element(values, values + steps.first);
    around += signed_bytes(*least) + signed_bytes(steps.least) +
              steps.first * unsigned_bytes(uint64_t(*greatest) - uint64_t(*least));
  }
  choice.bytes = around + packed_bytes(size, choice.bits);
  if (steps.size - steps.first < 16 || choice.bits < 2) return choice;

  const Centre centre = centre_of(steps);
  const int64_t from = plan.window == Window::low ? centre.low : centre.middle;
  const Histogram lengths = lengths_of(steps, plan.window, from);
  const int sign = plan.window == Window::middle ? 1 : 0;
  const int narrowest = choice.bits;  // without exceptions
  uint32_t outside = 0;
  for (int bits = 64; bits > 0; --bits) {
    outside += lengths[bits];
    const int packed = bits - 1 + sign;  // holds the lengths below `bits`
    if (outside > size / 2) break;
    if (outside == 0 || packed >= narrowest) continue;
    // The window may stick out at neither end: what it would cover there, nothing needs.
    const uint64_t half = sign ? uint64_t(1) << (packed - 1) : 0;
    uint64_t bias = std::max(uint64_t(from) - uint64_t(steps.least), half) - half;
    bias = std::min(bias, range - ((uint64_t(1) << packed) - 1));
    const uint64_t low = uint64_t(steps.least) + bias;
    const std::size_t high = range >> 62 ? 8
                                         : std::max(signed_bytes(int64_t(uint64_t(steps.greatest) - low) >> packed),
                                                    signed_bytes(int64_t(uint64_t(steps.least) - low) >> packed));
    const std::size_t bytes =
        around + packed_bytes(size, packed) + outside * (1 + high) + kGroups + unsigned_bytes(bias);
    if (bytes < choice.bytes) {
      choice.bytes = bytes;
      choice.bits = packed;
      choice.exceptions = true;
      choice.low = int64_t(low);
      choice.high_bytes = high;
    }
  }
  return choice;
}

}  // namespace tf::data::packed
