#include <algorithm>

#include "data/store/packed_block.hpp"

namespace tf::data {
namespace packed {

const Kernels& kernels_of(PackedPath path) {
  static const bool has_avx2 = packed_path_available(PackedPath::avx2);
  return path == PackedPath::portable || !has_avx2 ? portable_kernels() : avx2_kernels();
}

namespace {

/// Reads the head of a block of `rows` values. Every length that follows from it is checked against the bytes there
/// are.
const char* read_head(std::span<const uint8_t> bytes, std::size_t rows, BlockHead& head) {
  if (bytes.size() < kHeadBytes) return "a block head is cut off";
  const uint8_t mode = bytes[0];
  head = BlockHead{};
  head.lag_code = mode & 7;
  head.wide = mode >> 3 & 1;
  head.runs = mode >> 4 & 3;
  head.bits = bytes[1];
  head.base_bytes = bytes[2] & 15;
  head.ref_bytes = bytes[2] >> 4;
  head.start_bytes = bytes[3] & 15;
  head.bias_bytes = bytes[3] >> 4;
  head.high_bytes = bytes[4];
  if (head.lag_code >= kLagCodes || mode >> 6) return "a block has an unknown mode";
  if (head.bits > (head.wide ? 64 : narrow_bits(head.lag()))) return "a block has residuals too wide for its mode";
  if (std::max({head.base_bytes, head.ref_bytes, head.start_bytes, head.bias_bytes, head.high_bytes}) > 8)
    return "a block has a field of more than 8 bytes";
  if (head.runs == kPairBitmap && rows % 2) return "a block of pairs has an odd number of rows";
  head.values = rows;
  if (bytes.size() < head.head_bytes()) return "a block head is cut off";
  const uint8_t* at = bytes.data() + kHeadBytes;
  if (head.runs) {
    head.values = read_unsigned(at, 2);
    if (head.values == 0 || head.values > rows) return "a block has more runs than rows";
    at += 2;
  }
  head.base = read_signed(at, head.base_bytes);
  head.ref = read_signed(at += head.base_bytes, head.ref_bytes);
  head.bias = read_unsigned(at += head.ref_bytes, head.bias_bytes);
  at += head.bias_bytes;
  if (head.high_bytes) std::copy_n(at, kGroups, head.exceptions.begin());
  if (!head.wide && head.bias + (uint64_t(1) << head.bits) - 1 > (uint64_t(1) << narrow_bits(head.lag())) - 1)
    return "a block has residuals too wide for its mode";
  if (!head.wide && head.bias >> 32) return "a block has residuals too wide for its mode";
  for (std::size_t group = 0; group < kGroups; ++group)
    if (head.exceptions[group] && group * kGroup >= head.values) return "a block has an exception outside its values";
  if (bytes.size() < head.bytes(rows)) return "a block is cut off";
  return nullptr;
}

/// Buffers of one block; the values fit where an L1 cache has 32 KiB.
struct Buffers {
  alignas(64) uint32_t residuals[kPackedBlock];
  alignas(64) uint32_t more[kPackedBlock];          ///< high words of wide residuals; then of the packed bytes' copy
  alignas(64) uint64_t distinct[kPackedBlock + 8];  ///< values of runs; expand() reads past them
};

class BlockDecoder {
 public:
  explicit BlockDecoder(const Kernels& kernels) : kernels_(kernels) {}
  /// A chunk of values base + unit * k.
  void begin(uint64_t base, uint64_t unit) {
    base_ = base;
    unit_ = unit;
  }

  /// Decodes the block at `bytes`; `to` has room for kPackedBlock values of `width`. Sets how many bytes it took.
  const char* decode(std::span<const uint8_t> bytes, std::size_t rows, void* to, int width, std::size_t& taken) {
    if (const char* reason = read_head(bytes, rows, head_)) return reason;
    taken = head_.bytes(rows);
    end_ = bytes.data() + bytes.size();
    const uint8_t* at = bytes.data() + head_.head_bytes();
    if (!head_.runs) return series(at, to, width);
    alignas(8) uint8_t bitmap[kPackedBlock / 8];
    read_bitmap(at, rows, bitmap);
    std::size_t ends = 0;
    for (std::size_t byte = 0; byte < sizeof(bitmap); byte += 8)
      ends += static_cast<std::size_t>(__builtin_popcountll(read_unsigned(bitmap + byte, 8)));
    if (ends != head_.values) return "a block's bitmap disagrees with its number of runs";
    if (const char* reason = series(at + head_.bitmap_bytes(rows), buffers_.distinct, 8)) return reason;
    kernels_.expand(buffers_.distinct, bitmap, rows, to, width);
    return nullptr;
  }

 private:
  void read_bitmap(const uint8_t* from, std::size_t rows, uint8_t (&bitmap)[kPackedBlock / 8]) const {
    std::memset(bitmap, 0, sizeof(bitmap));
    if (head_.runs == kFullBitmap) {
      std::memcpy(bitmap, from, (rows + 7) / 8);
    } else if (head_.runs == kWordBitmap) {
      for (std::size_t byte = 0; byte < (rows + 7) / 8; ++byte) bitmap[byte] = from[byte % 8];
    } else {
      for (std::size_t byte = 0; byte < (rows + 7) / 8; ++byte) {
        const unsigned four = from[byte / 2] >> (byte % 2 * 4) & 15;
        bitmap[byte] = static_cast<uint8_t>((four & 1) << 1 | (four & 2) << 2 | (four & 4) << 3 | (four & 8) << 4);
      }
    }
    const std::size_t last = rows - 1;
    bitmap[last / 8] = static_cast<uint8_t>((bitmap[last / 8] & ((2u << last % 8) - 1)) | 1u << last % 8);
  }

  /// The packed residuals of one plane. Whole groups are read straight from the chunk where it goes on far enough.
  void unpack(const uint8_t* from, int bits, uint32_t* to) {
    const std::size_t groups = (head_.values + kGroup - 1) / kGroup,
                      read = groups * 32 * static_cast<std::size_t>(bits);
    if (read > static_cast<std::size_t>(end_ - from)) {
      alignas(64) uint8_t copy[kPackedBlock * 4];
      const std::size_t have = 32 * words_of(head_.values, bits);
      std::memcpy(copy, from, have);
      std::memset(copy + have, 0, read - have);
      kernels_.unpack(copy, bits, groups, to);
    } else {
      kernels_.unpack(from, bits, groups, to);
    }
  }

  /// `to` has room for whole groups.
  const char* series(const uint8_t* from, void* to, int width) {
    const uint8_t* packed = from + head_.starts() * head_.start_bytes;
    const uint8_t* places = packed + packed_bytes(head_.values, head_.bits);
    unpack(packed, std::min(head_.bits, 32), buffers_.residuals);
    if (head_.wide || unit_ >> 32) {
      if (head_.bits > 32) unpack(packed + 32 * words_of(head_.values, 32), head_.bits - 32, buffers_.more);
      return width == 8 ? wide_series(from, places, static_cast<uint64_t*>(to))
                        : wide_series(from, places, static_cast<uint32_t*>(to));
    }
    const std::size_t groups = (head_.values + kGroup - 1) / kGroup;
    if (head_.bias) kernels_.shift(buffers_.residuals, groups, static_cast<uint32_t>(head_.bias));
    if (head_.high_bytes)
      if (const char* reason = patch(places)) return reason;
    Rebuild how;
    how.lag = head_.lag();
    how.base = base_ + unit_ * head_.base;
    how.ref = unit_ * head_.ref;
    how.unit = unit_;
    for (std::size_t i = 0; i < std::size_t(how.lag); ++i)
      how.history[i] = start(from, i) - unit_ * head_.bias - how.ref;
    kernels_.rebuild(buffers_.residuals, groups, how, to, width);
    return nullptr;
  }

  uint64_t start(const uint8_t* from, std::size_t i) const {
    const uint64_t offset = i < head_.starts() ? read_unsigned(from + i * head_.start_bytes, head_.start_bytes) : 0;
    return base_ + unit_ * (head_.base + offset);
  }

  /// Adds the high parts to narrow residuals.
  const char* patch(const uint8_t* places) {
    switch (head_.high_bytes) {
      case 1:
        return patch_parts<1>(places);
      case 2:
        return patch_parts<2>(places);
      default:
        return patch_parts<0>(places);
    }
  }

  /// kBytes: of a high part where known when compiling, else 0; almost all exceptions have one or two.
  template <std::size_t kBytes>
  const char* patch_parts(const uint8_t* places) {
    const std::size_t bytes = kBytes ? kBytes : head_.high_bytes;
    const uint64_t limit = uint64_t(1) << narrow_bits(head_.lag());
    const uint8_t* highs = places + head_.exception_count();
    uint64_t widest = 0;
    for (std::size_t group = 0; group < kGroups; ++group)
      for (unsigned left = head_.exceptions[group]; left > 0; --left, ++places, highs += bytes) {
        const std::size_t value = group * kGroup + *places;
        if (value >= head_.values) return "a block has an exception outside its values";
        uint32_t& residual = buffers_.residuals[slot_of(value)];
        const uint64_t whole = residual + (read_signed(highs, bytes) << head_.bits);
        widest |= whole;
        residual = static_cast<uint32_t>(whole);
      }
    return widest < limit ? nullptr : "a block has an exception too wide for its mode";
  }

  /// Residuals of up to 64 bits, or a unit of more than 32: one value at a time.
  template <class Value>
  const char* wide_series(const uint8_t* from, const uint8_t* places, Value* to) {
    const uint64_t mask = head_.bits < 64 ? (uint64_t(1) << head_.bits) - 1 : ~uint64_t(0);
    alignas(64) uint64_t whole[kPackedBlock];
    for (std::size_t value = 0; value < head_.values; ++value) {
      const std::size_t slot = slot_of(value);
      const uint64_t high = head_.bits > 32 ? uint64_t(buffers_.more[slot]) << 32 : 0;
      whole[value] = ((buffers_.residuals[slot] | high) & mask) + head_.bias;
    }
    const uint8_t* highs = places + head_.exception_count();
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
      whole[value] = start(from, value) + unit_ * (whole[value] - head_.bias);
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
  const uint8_t* end_ = nullptr;
  BlockHead head_;
  Buffers buffers_;
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
  BlockDecoder decoder(kernels_of(path));
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
  explicit State(const packed::Kernels& machine) : decoder(machine) {}
  packed::BlockDecoder decoder;
  std::span<const uint8_t> bytes;  ///< of the blocks that are left
  std::size_t row = 0, count = 0;
  int width = 8;
  std::string error;
};

PackedBlocks::PackedBlocks(PackedPath path) : state_(std::make_unique<State>(packed::kernels_of(path))) {}
PackedBlocks::~PackedBlocks() = default;
PackedBlocks::PackedBlocks(PackedBlocks&&) noexcept = default;
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
