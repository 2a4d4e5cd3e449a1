// What encoder and decoder of `packed` share: the head of a block and the machine-dependent loops. See packed.hpp for
// the format.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "data/store/packed.hpp"

namespace tf::data::packed {

inline constexpr std::array<int, 6> kLags = {0, 1, 2, 4, 8, 16};
inline constexpr int kLagCodes = 6;
inline constexpr std::size_t kGroup = 256;            ///< values that a kernel takes at once: 32 rows of 8
inline constexpr std::size_t kGroups = 4;             ///< in a block
inline constexpr std::size_t kHeadBytes = 5;          ///< of a block, before the fields of variable length
inline constexpr std::size_t kMostExceptions = 1024;  ///< of a block: 4 * 255, rounded up to find_slots()'s 16
inline constexpr std::size_t kMostHeadBytes = 5 + 2 + 24 + 4;
enum Runs : int { kNoRuns = 0, kFullBitmap = 1, kPairBitmap = 2, kWordBitmap = 3 };

/// Most bits that a packed residual, and a whole residual that is not wide, may have.
constexpr int narrow_bits(int lag) { return lag == 1 || lag == 2 || lag == 4 ? 30 : 32; }

/// Where value i of a series lies among the residuals as kernels see them.
constexpr std::size_t slot_of(std::size_t i) { return i / 8 * 8 + 2 * (i % 4) + i / 4 % 2; }
/// 32-bit words a lane that `values` packed residuals take.
constexpr std::size_t words_of(std::size_t values, int bits) {
  return ((values + 7) / 8 * static_cast<std::size_t>(bits) + 31) / 32;
}
/// Bytes of them all, both planes.
constexpr std::size_t packed_bytes(std::size_t values, int bits) {
  return 32 * (words_of(values, bits < 32 ? bits : 32) + (bits > 32 ? words_of(values, bits - 32) : 0));
}

struct BlockHead {
  int lag_code = 0, bits = 0, runs = kNoRuns;
  bool wide = false;
  std::size_t base_bytes = 0, ref_bytes = 0, start_bytes = 0, bias_bytes = 0, high_bytes = 0;
  std::size_t values = 0;  ///< of the series: rows, or runs
  uint64_t base = 0, ref = 0, bias = 0;
  std::array<uint8_t, kGroups> exceptions{};

  int lag() const { return kLags[lag_code]; }
  std::size_t starts() const { return values < std::size_t(lag()) ? values : std::size_t(lag()); }
  std::size_t exception_count() const {
    return std::size_t(exceptions[0]) + exceptions[1] + exceptions[2] + exceptions[3];
  }
  std::size_t bitmap_bytes(std::size_t rows) const {
    return runs == kNoRuns ? 0 : runs == kFullBitmap ? (rows + 7) / 8 : runs == kPairBitmap ? (rows / 2 + 7) / 8 : 8;
  }
  std::size_t head_bytes() const {
    return kHeadBytes + (runs ? 2 : 0) + base_bytes + ref_bytes + bias_bytes + (high_bytes ? kGroups : 0);
  }
  std::size_t bytes(std::size_t rows) const {
    return head_bytes() + bitmap_bytes(rows) + starts() * start_bytes + packed_bytes(values, bits) +
           exception_count() * (1 + high_bytes);
  }
};

/// Little-endian integer of 0 to 8 bytes.
inline uint64_t read_unsigned(const uint8_t* from, std::size_t bytes) {
  uint64_t value = 0;
  for (std::size_t at = 0; at < bytes; ++at) value |= uint64_t(from[at]) << (8 * at);
  return value;
}
inline uint64_t read_signed(const uint8_t* from, std::size_t bytes) {
  if (bytes == 0) return 0;
  const int unused = 64 - 8 * static_cast<int>(bytes);
  return static_cast<uint64_t>(static_cast<int64_t>(read_unsigned(from, bytes) << unused) >> unused);
}
/// The same where 8 bytes can be read, however few count: without a loop.
inline uint64_t peek_unsigned(const uint8_t* from, std::size_t bytes) {
  uint64_t value;
  std::memcpy(&value, from, 8);
  return bytes == 0 ? 0 : value << (64 - 8 * bytes) >> (64 - 8 * bytes);
}
inline uint64_t peek_signed(const uint8_t* from, std::size_t bytes) {
  int64_t value;
  std::memcpy(&value, from, 8);
  return bytes == 0 ? 0 : static_cast<uint64_t>(value << (64 - 8 * bytes) >> (64 - 8 * bytes));
}
inline uint8_t* write_bytes(uint8_t* to, uint64_t value, std::size_t bytes) {
  for (std::size_t at = 0; at < bytes; ++at) to[at] = static_cast<uint8_t>(value >> (8 * at));
  return to + bytes;
}

/// How residuals become values again, in units of the column.
struct Rebuild {
  int lag = 0;
  uint64_t base = 0;     ///< lag 0: added to each
  uint64_t ref = 0;      ///< lag > 0: added to each step
  uint64_t unit = 1;     ///< residuals are multiplied by it; below 2^32
  uint64_t most = 0;     ///< no residual is larger; lag 1, 2, 4: below 2^30
  uint64_t history[16];  ///< lag > 0: history[i] is value i - lag
};

/// The loops that depend on the machine. Buffers of residuals have slots of whole groups.
struct Kernels {
  /// `groups` groups of `bits` (0-32) from 32 * bits bytes each, `bias` added to each.
  void (*unpack)(const uint8_t* from, int bits, std::size_t groups, uint32_t bias, uint32_t* residuals);
  void (*pack)(const uint32_t* residuals, int bits, std::size_t groups, uint8_t* to);
  /// Where among the residuals exceptions lie, from their places and number in each group. Reads and writes up to the
  /// next multiple of 16. Returns the greatest value that is excepted, -1 if none is.
  int (*find_slots)(const uint8_t* places, const std::array<uint8_t, kGroups>& counts, uint16_t* slots);
  /// Writes groups * 256 values of `width` bytes.
  void (*rebuild)(const uint32_t* residuals, std::size_t groups, const Rebuild& how, void* values, int width);
  /// How many bits of a bitmap of kPackedBlock rows are set.
  std::size_t (*ends)(const uint8_t* bitmap);
  /// Repeats distinct values over rows by a bitmap of (rows + 7) / 8 bytes. May read 7 values past the last that the
  /// bitmap names, and writes up to the next multiple of 8 rows.
  void (*expand)(const uint64_t* distinct, const uint8_t* bitmap, std::size_t rows, void* values, int width);
  /// The same with values base + unit * distinct; unit below 2^32.
  void (*expand_scaled)(const uint32_t* distinct, const uint8_t* bitmap, std::size_t rows, uint64_t base, uint64_t unit,
                        void* values, int width);

  /// steps[i] = values[i] - values[i - lag] for i in [lag, size), with lag 0 the values; and their least and greatest.
  void (*steps)(const int64_t* values, std::size_t size, std::size_t lag, int64_t* steps, int64_t& least,
                int64_t& greatest);
  /// Adds to counts[b] how many of the steps are b bits long as seen from an edge (those below it: 64), or, with
  /// `around`, b bits long without their sign.
  void (*lengths)(const int64_t* steps, std::size_t size, int64_t from, bool around, uint32_t (&counts)[65]);
  /// The low `bits` bits of steps - low as slots of `rows` rows of 8: of `residuals` the low 32, of `more`, where bits
  /// go beyond, the rest. Sets beyond[row] where a step of the row needs more bits.
  void (*residuals)(const int64_t* steps, std::size_t rows, int64_t low, int bits, uint32_t* residuals, uint32_t* more,
                    uint8_t* beyond);
};
const Kernels& portable_kernels();
const Kernels& avx2_kernels();  ///< call it only where packed_path_available(avx2)
const Kernels& kernels_of(PackedPath path);

}  // namespace tf::data::packed
