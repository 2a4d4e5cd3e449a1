#include <algorithm>

#include "data/store/packed_block.hpp"

namespace tf::data {
namespace packed {

const Kernels& kernels_of(PackedPath path) {
  static const bool has_avx2 = packed_path_available(PackedPath::avx2);
  return path == PackedPath::portable || !has_avx2 ? portable_kernels() : avx2_kernels();
}

namespace {

/// Reads the head of a block of `rows` values and how many bytes the block takes. Every length that follows from it is
/// checked against the bytes there are.
const char* read_head(std::span<const uint8_t> bytes, std::size_t rows, BlockHead& head, std::size_t& taken) {
  if (bytes.size() < kHeadBytes) return "a block head is cut off";
  const uint8_t mode = bytes[0];
  head.lag_code = mode & 7;
  head.wide = mode >> 3 & 1;
  head.runs = mode >> 4 & 3;
  head.bits = bytes[1];
  head.base_bytes = bytes[2] & 15;
  head.ref_bytes = bytes[2] >> 4;
  head.start_bytes = bytes[3] & 15;
  head.bias_bytes = bytes[3] >> 4;
  head.high_bytes = bytes[4];
  head.exceptions = {};
  if (head.lag_code >= kLagCodes || mode >> 6) return "a block has an unknown mode";
  if (head.bits > (head.wide ? 64 : narrow_bits(head.lag()))) return "a block has residuals too wide for its mode";
  if (std::max({head.base_bytes, head.ref_bytes, head.start_bytes, head.bias_bytes, head.high_bytes}) > 8)
    return "a block has a field of more than 8 bytes";
  if (head.runs == kPairBitmap && rows % 2) return "a block of pairs has an odd number of rows";
  head.values = rows;
  if (bytes.size() < head.head_bytes()) return "a block head is cut off";
  const uint8_t* at = bytes.data();
  uint8_t copy[kMostHeadBytes + 8];
  if (bytes.size() < sizeof(copy)) at = std::copy_n(at, head.head_bytes(), copy) - head.head_bytes();
  at += kHeadBytes;
  if (head.runs) {
    head.values = read_unsigned(at, 2);
    if (head.values == 0 || head.values > rows) return "a block has more runs than rows";
    at += 2;
  }
  head.base = peek_signed(at, head.base_bytes);
  head.ref = peek_signed(at += head.base_bytes, head.ref_bytes);
  head.bias = peek_unsigned(at += head.ref_bytes, head.bias_bytes);
  at += head.bias_bytes;
  if (head.high_bytes) std::copy_n(at, kGroups, head.exceptions.begin());
  if (!head.wide && head.bias + (uint64_t(1) << head.bits) - 1 > (uint64_t(1) << narrow_bits(head.lag())) - 1)
    return "a block has residuals too wide for its mode";
  if (!head.wide && head.bias >> 32) return "a block has residuals too wide for its mode";
  for (std::size_t group = 0; group < kGroups; ++group)
    if (head.exceptions[group] && group * kGroup >= head.values) return "a block has an exception outside its values";
  taken = head.bytes(rows);
  if (bytes.size() < taken) return "a block is cut off";
  return nullptr;
}

/// Buffers of one block; the values fit where an L1 cache has 32 KiB.
struct Buffers {
  alignas(64) uint32_t residuals[kPackedBlock];
  alignas(64) uint32_t more[kPackedBlock];          ///< high words of wide residuals
  alignas(64) uint64_t distinct[kPackedBlock + 8];  ///< values of runs; expand() reads past them
};

class BlockDecoder {
 public:
  BlockDecoder(const Kernels& kernels, Buffers& buffers) : kernels_(kernels), buffers_(buffers) {}
  /// A chunk of values base + unit * k.
  void begin(uint64_t base, uint64_t unit) {
    base_ = base;
    unit_ = unit;
  }

  /// Decodes the block at `bytes`; `to` has room for kPackedBlock values of `width`. Sets how many bytes it took.
  const char* decode(std::span<const uint8_t> bytes, std::size_t rows, void* to, int width, std::size_t& taken) {
    if (const char* reason = read_head(bytes, rows, head_, taken)) return reason;
    end_ = bytes.data() + bytes.size();
    const uint8_t* at = bytes.data() + head_.head_bytes();
    if (!head_.runs) {
      if (head_.bits == 0 && head_.lag_code == 0 && !head_.wide && !head_.high_bytes) return fill(to, width);
      if (const char* reason = residuals_of(at)) return reason;
      return series(at, Unit{base_, unit_}, to, width);
    }
    alignas(64) uint8_t bitmap[kPackedBlock / 8];
    read_bitmap(at, rows, bitmap);
    if (kernels_.ends(bitmap) != head_.values) return "a block's bitmap disagrees with its number of runs";
    at += head_.bitmap_bytes(rows);
    if (const char* reason = residuals_of(at)) return reason;
    Unit numbers;  // the runs as numbers of 32 bits, so that half as much is moved about
    if (numbers_fit(at, width, numbers)) {
      auto* distinct = reinterpret_cast<uint32_t*>(buffers_.distinct);
      if (const char* reason = series(at, numbers, distinct, 4)) return reason;
      const uint64_t base = base_ - unit_ * numbers.base;
      kernels_.expand_scaled(distinct, bitmap, rows, base, unit_, to, width);
    } else {
      if (const char* reason = series(at, Unit{base_, unit_}, buffers_.distinct, 8)) return reason;
      kernels_.expand(buffers_.distinct, bitmap, rows, to, width);
    }
    return nullptr;
  }

 private:
  /// Values are base + unit * k.
  struct Unit {
    uint64_t base = 0, unit = 1;
  };

  /// Equal values.
  const char* fill(void* to, int width) const {
    const uint64_t value = base_ + unit_ * (head_.base + head_.bias);
    if (width == 8)
      std::fill_n(static_cast<uint64_t*>(to), kPackedBlock, value);
    else
      std::fill_n(static_cast<uint32_t*>(to), kPackedBlock, static_cast<uint32_t>(value));
    return nullptr;
  }

  void read_bitmap(const uint8_t* from, std::size_t rows, uint8_t (&bitmap)[kPackedBlock / 8]) const {
    const std::size_t bytes = (rows + 7) / 8;
    if (head_.runs == kFullBitmap) {
      std::memcpy(bitmap, from, bytes);
    } else if (head_.runs == kWordBitmap) {
      for (std::size_t byte = 0; byte < sizeof(bitmap); byte += 8) std::memcpy(bitmap + byte, from, 8);
    } else {
      uint8_t pairs[sizeof(bitmap) / 2] = {};
      std::memcpy(pairs, from, head_.bitmap_bytes(rows));
      for (std::size_t byte = 0; byte < sizeof(bitmap); byte += 8) {
        uint64_t word = read_unsigned(pairs + byte / 2, 4);  // bit i of it goes to bit 2 * i + 1
        word = (word | word << 16) & 0x0000FFFF0000FFFF;
        word = (word | word << 8) & 0x00FF00FF00FF00FF;
        word = (word | word << 4) & 0x0F0F0F0F0F0F0F0F;
        word = (word | word << 2) & 0x3333333333333333;
        word = (word | word << 1) & 0x5555555555555555;
        word <<= 1;
        std::memcpy(bitmap + byte, &word, 8);
      }
    }
    std::memset(bitmap + bytes, 0, sizeof(bitmap) - bytes);
    const std::size_t last = rows - 1;
    bitmap[last / 8] = static_cast<uint8_t>((bitmap[last / 8] & ((2u << last % 8) - 1)) | 1u << last % 8);
  }

  /// The packed residuals of one plane. Whole groups are read straight from the chunk where it goes on far enough.
  void unpack(const uint8_t* from, int bits, uint32_t bias, uint32_t* to) {
    const std::size_t groups = groups_of_values(), read = groups * 32 * static_cast<std::size_t>(bits);
    if (read > static_cast<std::size_t>(end_ - from)) {
      alignas(64) uint8_t copy[kPackedBlock * 4];
      const std::size_t have = 32 * words_of(head_.values, bits);
      std::memcpy(copy, from, have);
      std::memset(copy + have, 0, read - have);
      kernels_.unpack(copy, bits, groups, bias, to);
    } else {
      kernels_.unpack(from, bits, groups, bias, to);
    }
  }

  std::size_t groups_of_values() const { return (head_.values + kGroup - 1) / kGroup; }
  bool is_wide() const { return head_.wide || unit_ >> 32; }

  /// Reads the residuals of the series whose starts are at `from` into the buffers; narrow ones become whole.
  const char* residuals_of(const uint8_t* from) {
    const uint8_t* packed = from + head_.starts() * head_.start_bytes;
    places_ = packed + packed_bytes(head_.values, head_.bits);
    if (is_wide()) {
      unpack(packed, std::min(head_.bits, 32), 0, buffers_.residuals);
      if (head_.bits > 32) unpack(packed + 32 * words_of(head_.values, 32), head_.bits - 32, 0, buffers_.more);
      return nullptr;
    }
    unpack(packed, head_.bits, static_cast<uint32_t>(head_.bias), buffers_.residuals);
    most_ = head_.bias + ((uint64_t(1) << head_.bits) - 1);
    return head_.high_bytes ? patch() : nullptr;
  }

  /// `to` has room for whole groups.
  const char* series(const uint8_t* from, const Unit& of, void* to, int width) {
    if (is_wide() && head_.lag_code == 0 && head_.bits <= 32 && unit_ >> 32 == 0)
      return width == 8 ? wide_numbers(static_cast<uint64_t*>(to)) : wide_numbers(static_cast<uint32_t*>(to));
    if (is_wide())
      return width == 8 ? wide_series(from, static_cast<uint64_t*>(to)) : wide_series(from, static_cast<uint32_t*>(to));
    Rebuild how;
    how.lag = head_.lag();
    how.base = of.base + of.unit * head_.base;
    how.ref = of.unit * head_.ref;
    how.unit = of.unit;
    how.most = most_;
    for (std::size_t i = 0; i < std::size_t(how.lag); ++i)
      how.history[i] = of.base + of.unit * (head_.base + start(from, i) - head_.bias) - how.ref;
    kernels_.rebuild(buffers_.residuals, groups_of_values(), how, to, width);
    return nullptr;
  }

  /// Value `i` of the first ones, less the base of the block.
  uint64_t start(const uint8_t* from, std::size_t i) const {
    if (i >= head_.starts()) return 0;
    const uint8_t* at = from + i * head_.start_bytes;
    return end_ - at >= 8 ? peek_unsigned(at, head_.start_bytes) : read_unsigned(at, head_.start_bytes);
  }

  /// Whether the runs are numbers of 32 bits when `numbers.base` is added; of values of 32 bits only those bits count.
  bool numbers_fit(const uint8_t* from, int width, Unit& numbers) const {
    if (is_wide()) return false;
    numbers.base = uint64_t(0) - head_.base;
    if (width == 4 || head_.lag_code == 0) return true;
    constexpr uint64_t kMost = uint64_t(1) << 31;
    const auto ref = static_cast<int64_t>(head_.ref);
    if (ref >= int64_t(kMost) || ref <= -int64_t(kMost)) return false;
    const uint64_t step = static_cast<uint64_t>(std::max(ref < 0 ? -ref : ref, ref + static_cast<int64_t>(most_)));
    uint64_t first = 0;
    for (std::size_t i = 0; i < head_.starts(); ++i) first = std::max(first, start(from, i));
    if (first >= kMost || first + (head_.values / std::size_t(head_.lag()) + 2) * step >= kMost) return false;
    numbers.base += kMost;
    return true;
  }

  /// Adds the high parts to narrow residuals.
  const char* patch() {
    switch (head_.high_bytes) {
      case 1:
        return patch_parts<1>();
      case 2:
        return patch_parts<2>();
      default:
        return patch_parts<0>();
    }
  }

  /// kBytes: of a high part where known when compiling, else 0; almost all exceptions have one or two.
  template <std::size_t kBytes>
  const char* patch_parts() {
    const std::size_t bytes = kBytes ? kBytes : head_.high_bytes;
    const int bits = head_.bits;
    const std::size_t count = head_.exception_count();
    const uint8_t *high = places_ + count, *places = places_;
    if (static_cast<std::size_t>(end_ - places) < count + 16)
      places = std::copy_n(places, count, copy_of_places_) - count;
    alignas(32) uint16_t slots[kMostExceptions];
    if (kernels_.find_slots(places, head_.exceptions, slots) >= static_cast<int>(head_.values))
      return "a block has an exception outside its values";
    uint64_t widest = 0;
    for (std::size_t i = 0; i < count; ++i, high += bytes) {
      uint32_t& residual = buffers_.residuals[slots[i]];
      uint64_t part;
      if constexpr (kBytes == 1) {
        part = static_cast<uint64_t>(static_cast<int8_t>(*high));
      } else if constexpr (kBytes == 2) {
        int16_t both;
        std::memcpy(&both, high, 2);
        part = static_cast<uint64_t>(both);
      } else {
        part = read_signed(high, bytes);
      }
      const uint64_t whole = residual + (part << bits);
      widest |= whole;
      residual = static_cast<uint32_t>(whole);
    }
    if (widest >> narrow_bits(head_.lag())) return "a block has an exception too wide for its mode";
    most_ = std::max(most_, widest);
    return nullptr;
  }

  /// Values without lag of which only the exceptions are wide.
  template <class Value>
  const char* wide_numbers(Value* to) {
    Rebuild how;
    how.base = base_ + unit_ * (head_.base + head_.bias);
    how.unit = unit_;
    kernels_.rebuild(buffers_.residuals, groups_of_values(), how, to, sizeof(Value));
    const uint8_t *places = places_, *highs = places_ + head_.exception_count();
    for (std::size_t group = 0; group < kGroups; ++group)
      for (unsigned left = head_.exceptions[group]; left > 0; --left, ++places, highs += head_.high_bytes) {
        const std::size_t value = group * kGroup + *places;
        if (value >= head_.values) return "a block has an exception outside its values";
        to[value] += static_cast<Value>(unit_ * (read_signed(highs, head_.high_bytes) << head_.bits));
      }
    return nullptr;
  }

  /// Residuals of up to 64 bits, or a unit of more than 32: one value at a time.
  template <class Value>
  const char* wide_series(const uint8_t* from, Value* to) {
    const uint64_t mask = head_.bits < 64 ? (uint64_t(1) << head_.bits) - 1 : ~uint64_t(0);
    alignas(64) uint64_t whole[kPackedBlock];
    for (std::size_t value = 0; value < head_.values; ++value) {
      const std::size_t slot = slot_of(value);
      const uint64_t high = head_.bits > 32 ? uint64_t(buffers_.more[slot]) << 32 : 0;
      whole[value] = ((buffers_.residuals[slot] | high) & mask) + head_.bias;
    }
    const uint8_t *places = places_, *highs = places_ + head_.exception_count();
    for (std::size_t group = 0; group < kGroups; ++group)
      for (unsigned left = head_.exceptions[group]; left > 0; --left, ++places, highs += head_.high_bytes) {
        const std::size_t value = group * kGroup + *places;
        if (value >= head_.values) return "a block has an exception outside its values";
        if (head_.bits < 64) whole[value] += read_signed(highs, head_.high_bytes) << head_.bits;
      }
    const auto lag = static_cast<std::size_t>(head_.lag());
    if (lag == 0) {
      const uint64_t base = base_ + unit_ * head_.base;
      for (std::size_t value = 0; value < head_.values; ++value)
        to[value] = static_cast<Value>(base + unit_ * whole[value]);
      return nullptr;
    }
    const std::size_t starts = head_.starts();
    for (std::size_t value = 0; value < starts; ++value)
      whole[value] = base_ + unit_ * (head_.base + start(from, value) + whole[value] - head_.bias);
    const uint64_t ref = unit_ * head_.ref;
    if (lag == 1) {
      uint64_t last = whole[0];
      for (std::size_t value = 1; value < head_.values; ++value) whole[value] = last += ref + unit_ * whole[value];
    } else {
      for (std::size_t value = lag; value < head_.values; ++value)
        whole[value] = whole[value - lag] + ref + unit_ * whole[value];
    }
    for (std::size_t value = 0; value < head_.values; ++value) to[value] = static_cast<Value>(whole[value]);
    return nullptr;
  }

  const Kernels& kernels_;
  uint64_t base_ = 0, unit_ = 1;
  const uint8_t* end_ = nullptr;     ///< of the chunk
  const uint8_t* places_ = nullptr;  ///< of the exceptions
  uint8_t copy_of_places_[kMostExceptions] = {};
  uint64_t most_ = 0;  ///< no narrow residual is larger
  BlockHead head_;
  Buffers& buffers_;
};

constexpr std::size_t kChunkHeadBytes = 10;
constexpr const char* kGoesOn = "it goes on after its last block";

std::string open_chunk(std::span<const uint8_t> bytes, std::size_t count, int width, PackedHead& head) {
  if (std::string reason = read_packed_head(bytes, head); !reason.empty()) return reason;
  if (head.count != count || head.width != width)
    return "it has " + std::to_string(head.count) + " values of " + std::to_string(head.width) + " bytes, expected " +
           std::to_string(count) + " of " + std::to_string(width);
  return {};
}

std::string block_error(std::size_t row, const char* reason) {
  return "block at value " + std::to_string(row) + ": " + reason;
}

}  // namespace
}  // namespace packed

bool packed_path_available(PackedPath path) {
#if defined(__x86_64__)
  return path != PackedPath::avx2 ||
         (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt"));
#else
  return path != PackedPath::avx2;
#endif
}

std::string read_packed_head(std::span<const uint8_t> bytes, PackedHead& head) {
  using namespace packed;
  if (bytes.size() < kChunkHeadBytes || std::memcmp(bytes.data(), "TFP", 3) != 0) return "it is no packed chunk";
  if (bytes[3] != kPackedVersion)
    return "it is packed in version " + std::to_string(bytes[3]) + ", expected " + std::to_string(kPackedVersion);
  const std::size_t base_bytes = bytes[9] & 15, unit_bytes = bytes[9] >> 4;
  head.count = read_unsigned(bytes.data() + 4, 4);
  head.width = bytes[8];
  head.bytes = kChunkHeadBytes + base_bytes + unit_bytes;
  if ((head.width != 4 && head.width != 8) || base_bytes > 8 || unit_bytes > 8 || bytes.size() < head.bytes)
    return "the head of the chunk is damaged";
  if ((head.count + kPackedBlock - 1) / kPackedBlock > (bytes.size() - head.bytes) / kHeadBytes)
    return "it has " + std::to_string(bytes.size()) + " bytes, too few for " + std::to_string(head.count) + " values";
  head.base = read_unsigned(bytes.data() + kChunkHeadBytes, base_bytes);
  head.unit = unit_bytes ? read_unsigned(bytes.data() + kChunkHeadBytes + base_bytes, unit_bytes) : 1;
  return {};
}

std::string decode_packed(std::span<const uint8_t> bytes, void* values, std::size_t rows, std::size_t count, int width,
                          PackedPath path) {
  using namespace packed;
  PackedHead head;
  if (std::string reason = open_chunk(bytes, count, width, head); !reason.empty()) return reason;
  Buffers buffers;
  BlockDecoder decoder(kernels_of(path), buffers);
  decoder.begin(head.base, head.unit);
  auto* to = static_cast<uint8_t*>(values);
  std::size_t at = head.bytes;
  for (std::size_t row = 0; row < std::min(rows, count); row += kPackedBlock) {
    const std::size_t in_block = std::min(kPackedBlock, count - row), wanted = std::min(in_block, rows - row);
    alignas(64) uint64_t partial[kPackedBlock];
    const bool whole = wanted == kPackedBlock;
    std::size_t taken = 0;
    if (const char* reason =
            decoder.decode(bytes.subspan(at), in_block, whole ? to : reinterpret_cast<uint8_t*>(partial), width, taken))
      return block_error(row, reason);
    if (!whole) std::memcpy(to, partial, wanted * static_cast<std::size_t>(width));
    at += taken;
    to += wanted * static_cast<std::size_t>(width);
  }
  if (rows >= count && at != bytes.size()) return kGoesOn;
  return {};
}

struct PackedBlocks::State {
  State(const packed::Kernels& machine, std::shared_ptr<packed::Buffers> memory)
      : kernels(machine), buffers(std::move(memory)), decoder(kernels, *buffers) {}
  const packed::Kernels& kernels;
  std::shared_ptr<packed::Buffers> buffers;
  packed::BlockDecoder decoder;
  std::span<const uint8_t> bytes;  ///< of the blocks that are left
  std::size_t row = 0, count = 0;
  int width = 8;
  std::string error;
};

PackedBlocks::PackedBlocks(PackedPath path)
    : state_(std::make_unique<State>(packed::kernels_of(path), std::make_shared<packed::Buffers>())) {}
PackedBlocks::PackedBlocks(Beside beside)
    : state_(std::make_unique<State>(beside.other.state_->kernels, beside.other.state_->buffers)) {}
PackedBlocks::~PackedBlocks() = default;
PackedBlocks::PackedBlocks(PackedBlocks&&) noexcept = default;
PackedBlocks& PackedBlocks::operator=(PackedBlocks&&) noexcept = default;
const std::string& PackedBlocks::error() const { return state_->error; }

std::string PackedBlocks::open(std::span<const uint8_t> bytes, std::size_t count, int width) {
  State& state = *state_;
  PackedHead head;
  state.row = state.count = 0;
  state.error = packed::open_chunk(bytes, count, width, head);
  if (!state.error.empty()) return state.error;
  state.decoder.begin(head.base, head.unit);
  state.bytes = bytes.subspan(head.bytes);
  state.count = count;
  state.width = width;
  if (count == 0 && !state.bytes.empty()) state.error = packed::kGoesOn;
  return state.error;
}

std::size_t PackedBlocks::next(void* to) {
  State& state = *state_;
  if (state.row >= state.count || !state.error.empty()) return 0;
  const std::size_t rows = std::min(kPackedBlock, state.count - state.row);
  std::size_t taken = 0;
  if (const char* reason = state.decoder.decode(state.bytes, rows, to, state.width, taken)) {
    state.error = packed::block_error(state.row, reason);
    return 0;
  }
  state.bytes = state.bytes.subspan(taken);
  state.row += rows;
  if (state.row == state.count && !state.bytes.empty()) state.error = packed::kGoesOn;
  return rows;
}

}  // namespace tf::data
