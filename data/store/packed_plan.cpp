#include "data/store/packed_plan.hpp"

#include <algorithm>
#include <bit>

namespace tf::data::packed {
namespace {

int length(uint64_t value) { return static_cast<int>(std::bit_width(value)); }

int64_t middle_of(int64_t a, int64_t b, int64_t c) { return std::max(std::min(a, b), std::min(std::max(a, b), c)); }

/// Edges to count lengths from: about the lowest step that is no exception, and about the median.
struct Centre {
  int64_t low, middle;
};
/// From 27 of the steps, without a branch: the median is that of three medians of three medians of three.
Centre centre_of(const Steps& steps) {
  constexpr std::size_t kSamples = 27;
  const std::size_t count = steps.size - steps.first;
  int64_t nine[9], low = INT64_MAX;
  for (std::size_t set = 0; set < 9; ++set) {
    const auto at = [&](std::size_t i) { return steps.at[steps.first + (3 * set + i) * count / kSamples]; };
    const int64_t a = at(0), b = at(1), c = at(2);
    nine[set] = middle_of(a, b, c);
    low = std::min({low, a, b, c});
  }
  const int64_t middle = middle_of(middle_of(nine[0], nine[3], nine[6]), middle_of(nine[1], nine[4], nine[7]),
                                   middle_of(nine[2], nine[5], nine[8]));
  const uint64_t below = uint64_t(low) - uint64_t(steps.least);
  return {below <= uint64_t(middle) - uint64_t(low) ? steps.least : low, middle};
}

}  // namespace

std::size_t signed_bytes(int64_t value) {
  return value == 0 ? 0 : std::size_t(length(uint64_t(value ^ value >> 63))) / 8 + 1;
}
std::size_t unsigned_bytes(uint64_t value) { return (std::size_t(length(value)) + 7) / 8; }

void BlockSeries::find_runs() {
  runs = 0;
  std::fill(std::begin(bitmap), std::end(bitmap), uint8_t(0));
  k[rows] = ~k[rows - 1];  // the last row ends its run
  for (std::size_t first = 0; first < rows; first += 8) {
    unsigned byte = 0;
    for (std::size_t row = first; row < std::min(first + 8, rows); ++row) {
      const bool ends = k[row] != k[row + 1];
      distinct[runs] = k[row];
      runs += ends;
      byte |= unsigned(ends) << (row - first);
    }
    bitmap[first / 8] = static_cast<uint8_t>(byte);
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

void Steps::find(const Kernels& kernels, const int64_t* values, std::size_t count, int lag) {
  size = count;
  first = std::min(count, static_cast<std::size_t>(lag));
  if (first == count)
    least = greatest = 0;
  else
    kernels.steps(values, count, first, at, least, greatest);
}

Choice cost_of(const Kernels& kernels, const BlockSeries& block, Plan plan, const Steps& steps) {
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
  if (size - steps.first < 16 || choice.bits < 2) return choice;

  const Centre centre = centre_of(steps);
  const int64_t from = plan.window == Window::low ? centre.low : centre.middle;
  uint32_t lengths[65] = {};
  kernels.lengths(steps.at + steps.first, size - steps.first, from, plan.window == Window::middle, lengths);
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
