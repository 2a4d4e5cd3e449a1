#include <algorithm>
#include <bit>
#include <numeric>

#include "data/store/packed_block.hpp"
#include "data/store/packed_plan.hpp"

namespace tf::data {
namespace packed {
namespace {

/// Divides exactly: what is given is a multiple of the unit, or the result is not asked for.
class ExactDivision {
 public:
  explicit ExactDivision(uint64_t unit) : shift_(std::countr_zero(unit)) {
    const uint64_t odd = unit >> shift_;
    inverse_ = odd;  // Newton: right to 3 bits at first, each round doubles them
    for (int round = 0; round < 5; ++round) inverse_ *= 2 - odd * inverse_;
    most_ = (~uint64_t(0) >> 1) / odd;
  }
  int64_t quotient(int64_t of) const { return int64_t(uint64_t(of >> shift_) * inverse_); }
  /// Multiples of an odd number are those whose product with its inverse stays small (Granlund, Montgomery 1994).
  bool divides(int64_t of) const {
    const auto scaled = uint64_t(quotient(of));
    return (uint64_t(of) & ((uint64_t(1) << shift_) - 1)) == 0 && std::min(scaled, -scaled) <= most_;
  }

 private:
  int shift_;
  uint64_t inverse_, most_;
};

/// The greatest common divisor of all differences from the first value; 1 if they are all equal or span 2^63.
template <class Value>
uint64_t unit_of(const Value* values, std::size_t count) {
  uint64_t unit = 0;
  std::size_t at = 0;
  while (at < count) {
    if (unit == 1) return 1;
    const ExactDivision by(unit ? unit : 1);
    if (unit)
      while (at < count && by.divides(int64_t(uint64_t(values[at]) - uint64_t(values[0])))) ++at;
    if (at == count) break;
    const int64_t off = int64_t(uint64_t(values[at]) - uint64_t(values[0]));
    unit = std::gcd(unit, off < 0 ? -uint64_t(off) : uint64_t(off));
    ++at;
  }
  return unit && unit >> 62 == 0 ? unit : 1;
}

/// Encodes blocks of one chunk by plans that a sample of its blocks voted for.
template <class Value>
class ChunkEncoder {
 public:
  ChunkEncoder(const Value* values, std::size_t count, const Kernels& kernels)
      : values_(values), count_(count), kernels_(kernels), unit_(unit_of(values, count)), divide_(unit_) {}

  std::size_t encode(uint8_t* to) {
    uint8_t* at = std::copy_n(reinterpret_cast<const uint8_t*>("TFP"), 3, to);
    *at++ = kPackedVersion;
    at = write_bytes(at, count_, 4);
    *at++ = sizeof(Value);
    const uint64_t base = count_ ? values_[0] : 0;
    const std::size_t base_bytes = unsigned_bytes(base), unit_bytes = unit_ == 1 ? 0 : unsigned_bytes(unit_);
    *at++ = static_cast<uint8_t>(base_bytes | unit_bytes << 4);
    at = write_bytes(at, base, base_bytes);
    at = write_bytes(at, unit_, unit_bytes);
    vote();
    for (std::size_t row = 0; row < count_; row += kPackedBlock) {
      read(row);
      at = write(choose(), at);
    }
    return static_cast<std::size_t>(at - to);
  }

 private:
  static constexpr std::size_t kSampled = 6, kKept = 3;

  void read(std::size_t row) {
    block_.rows = std::min(kPackedBlock, count_ - row);
    block_.runs = 0;
    for (std::size_t i = 0; i < block_.rows; ++i)
      block_.k[i] = divide_.quotient(int64_t(uint64_t(values_[row + i]) - uint64_t(values_[0])));
  }

  Choice cost(Plan plan) {
    if (plan.runs && block_.runs == 0) block_.find_runs();
    Choice choice;
    choice.bytes = 2 * sizeof(block_.k);                                // more than any
    if (plan.runs && 8 * block_.runs > 7 * block_.rows) return choice;  // the bitmap would eat what it saves
    steps_.find(kernels_, block_.values(plan.runs), block_.size(plan.runs), kLags[plan.lag_code]);
    return cost_of(kernels_, block_, plan, steps_);
  }

  /// Keeps the plans that together serve a sample of the blocks best.
  void vote() {
    const std::size_t blocks = (count_ + kPackedBlock - 1) / kPackedBlock;
    kept_ = 0;
    if (blocks <= kSampled) {
      for (int plan = 0; plan < kPlans; ++plan) plans_[kept_++] = plan_of(plan);
      return;
    }
    std::array<std::array<std::size_t, kPlans>, kSampled> bytes;
    std::array<std::size_t, kSampled> best;
    for (std::size_t sample = 0; sample < kSampled; ++sample) {
      read((2 * sample + 1) * blocks / (2 * kSampled) * kPackedBlock);
      best[sample] = plain().bytes;
      for (int plan = 0; plan < kPlans; ++plan) bytes[sample][plan] = cost(plan_of(plan)).bytes;
    }
    while (kept_ < kKept) {
      std::size_t least = SIZE_MAX;
      int chosen = 0;
      for (int plan = 0; plan < kPlans; ++plan) {
        std::size_t sum = 0;
        for (std::size_t sample = 0; sample < kSampled; ++sample) sum += std::min(best[sample], bytes[sample][plan]);
        if (sum < least) {
          least = sum;
          chosen = plan;
        }
      }
      for (std::size_t sample = 0; sample < kSampled; ++sample)
        best[sample] = std::min(best[sample], bytes[sample][chosen]);
      plans_[kept_++] = plan_of(chosen);
    }
  }

  Choice choose() {
    Choice best = plain();
    for (std::size_t plan = 0; plan < kept_; ++plan) {
      const Choice choice = cost(plans_[plan]);
      if (choice.bytes < best.bytes) best = choice;
    }
    return best;
  }

  /// The block without lag, runs and exceptions: what it takes at most.
  Choice plain() {
    steps_.find(kernels_, block_.k, block_.rows, 0);
    Choice choice;
    choice.low = choice.least = steps_.least;
    choice.bits = static_cast<int>(std::bit_width(uint64_t(steps_.greatest) - uint64_t(steps_.least)));
    choice.wide = choice.bits > narrow_bits(0);
    choice.bytes = kHeadBytes + signed_bytes(steps_.least) + packed_bytes(block_.rows, choice.bits);
    return choice;
  }

  uint8_t* write(const Choice& choice, uint8_t* to) {
    const bool runs = choice.plan.runs;
    const int lag = kLags[choice.plan.lag_code];
    const int64_t* values = block_.values(runs);
    const std::size_t size = block_.size(runs);
    steps_.find(kernels_, values, size, lag);
    BlockHead head;
    head.lag_code = choice.plan.lag_code;
    head.runs = runs ? block_.bitmap_kind : kNoRuns;
    head.wide = choice.wide;
    head.bits = choice.bits;
    head.values = size;
    head.bias = uint64_t(choice.low) - uint64_t(choice.least);

    // Residuals and exceptions.
    const std::size_t rows = (size + 7) / 8;
    std::fill_n(steps_.at, steps_.first, choice.low);
    std::fill(steps_.at + size, steps_.at + 8 * rows, choice.low);
    kernels_.residuals(steps_.at, rows, choice.low, choice.bits, low_, high_, beyond_);
    const std::size_t whole = (size + kGroup - 1) / kGroup * kGroup;
    std::fill(low_ + 8 * rows, low_ + whole, 0u);
    std::fill(high_ + 8 * rows, high_ + whole, 0u);
    std::size_t exceptions = 0;
    std::array<std::size_t, kGroups> in_group{};
    for (std::size_t row = 0; row < rows; ++row) {
      if (!beyond_[row]) continue;
      for (std::size_t i = 8 * row; i < 8 * row + 8; ++i) {
        const int64_t part = int64_t(uint64_t(steps_.at[i]) - uint64_t(choice.low)) >> choice.bits;
        places_[exceptions] = static_cast<uint8_t>(i % kGroup);
        parts_[exceptions] = part;
        exceptions += part != 0;
        in_group[i / kGroup] += part != 0;
      }
    }
    for (std::size_t group = 0; group < kGroups; ++group) {
      if (in_group[group] > 255) return write(plain(), to);  // more than a block can say
      head.exceptions[group] = static_cast<uint8_t>(in_group[group]);
    }
    if (exceptions) head.high_bytes = choice.high_bytes;

    // Head.
    int64_t base = choice.least;
    uint64_t widest = 0;
    if (lag) {
      const auto [least, greatest] = std::minmax_element(values, values + steps_.first);
      base = *least;
      widest = uint64_t(*greatest) - uint64_t(*least);
      head.ref = uint64_t(choice.least);
    }
    head.base = uint64_t(base);
    head.base_bytes = signed_bytes(base);
    head.ref_bytes = signed_bytes(int64_t(head.ref));
    head.bias_bytes = unsigned_bytes(head.bias);
    head.start_bytes = unsigned_bytes(widest);
    *to++ = static_cast<uint8_t>(head.lag_code | int(head.wide) << 3 | head.runs << 4);
    *to++ = static_cast<uint8_t>(head.bits);
    *to++ = static_cast<uint8_t>(head.base_bytes | head.ref_bytes << 4);
    *to++ = static_cast<uint8_t>(head.start_bytes | head.bias_bytes << 4);
    *to++ = static_cast<uint8_t>(head.high_bytes);
    if (head.runs) to = write_bytes(to, size, 2);
    to = write_bytes(to, head.base, head.base_bytes);
    to = write_bytes(to, head.ref, head.ref_bytes);
    to = write_bytes(to, head.bias, head.bias_bytes);
    if (exceptions) to = std::copy(head.exceptions.begin(), head.exceptions.end(), to);

    // Body.
    to = write_bitmap(head, to);
    for (std::size_t i = 0; i < head.starts(); ++i)
      to = write_bytes(to, uint64_t(values[i]) - head.base, head.start_bytes);
    to = pack(low_, size, std::min(choice.bits, 32), to);
    if (choice.bits > 32) to = pack(high_, size, choice.bits - 32, to);
    to = std::copy_n(places_, exceptions, to);
    for (std::size_t i = 0; i < exceptions; ++i) to = write_bytes(to, uint64_t(parts_[i]), head.high_bytes);
    return to;
  }

  uint8_t* write_bitmap(const BlockHead& head, uint8_t* to) const {
    const std::size_t bytes = head.bitmap_bytes(block_.rows);
    if (head.runs != kPairBitmap) return std::copy_n(block_.bitmap, bytes, to);
    for (std::size_t byte = 0; byte < bytes; ++byte) {
      unsigned pairs = 0;
      for (unsigned bit = 0; bit < 8; ++bit)
        pairs |= unsigned(block_.bitmap[2 * byte + bit / 4] >> (bit % 4 * 2 + 1) & 1) << bit;
      *to++ = static_cast<uint8_t>(pairs);
    }
    return to;
  }

  uint8_t* pack(const uint32_t* residuals, std::size_t size, int bits, uint8_t* to) const {
    const std::size_t whole = size / kGroup, bytes = packed_bytes(size, bits);
    kernels_.pack(residuals, bits, whole, to);
    if (size % kGroup) {
      uint8_t last[kGroup * 4];
      kernels_.pack(residuals + whole * kGroup, bits, 1, last);
      const std::size_t before = whole * 32 * static_cast<std::size_t>(bits);
      std::copy_n(last, bytes - before, to + before);
    }
    return to + bytes;
  }

  const Value* values_;
  std::size_t count_;
  const Kernels& kernels_;
  uint64_t unit_;
  ExactDivision divide_;
  std::array<Plan, kPlans> plans_;
  std::size_t kept_ = 0;
  BlockSeries block_;
  Steps steps_;
  alignas(64) uint32_t low_[kPackedBlock];
  alignas(64) uint32_t high_[kPackedBlock];
  uint8_t beyond_[kPackedBlock / 8];
  uint8_t places_[kPackedBlock + 1];
  int64_t parts_[kPackedBlock + 1];
};

}  // namespace
}  // namespace packed

std::size_t packed_bound(std::size_t count, int width) {
  return 32 + (count / kPackedBlock + 1) * 80 + count * static_cast<std::size_t>(width);
}

std::size_t encode_packed(const void* values, std::size_t count, int width, uint8_t* to, PackedPath path) {
  using namespace packed;
  const Kernels& kernels = kernels_of(path);
  return width == 8 ? ChunkEncoder(static_cast<const uint64_t*>(values), count, kernels).encode(to)
                    : ChunkEncoder(static_cast<const uint32_t*>(values), count, kernels).encode(to);
}

}  // namespace tf::data
