// `packed`: the codec of integer columns that are replayed. Blocks of 1,024 values, each in the mode that costs least.
//
// FORMAT, version 1. All integers little-endian, all arithmetic modulo 2^64. A chunk is a head and its blocks, no gaps:
//   head   "TFP", u8 version = 1, u32 count, u8 width of a value (4 or 8), u8 L, base, unit
//          L: low four bits = bytes of base (0-8), high four = bytes of unit; unit 0 bytes long means 1.
//          A value is base + unit * k, cut to `width` bytes. What follows describes the k.
//   blocks of 1,024 k, the last one shorter
//          u8 M   bits 0-2 lag: 0 none, then 1, 2, 4, 8, 16; bit 3 wide; bits 4-5 runs: 0 none, 1 full, 2 pairs, 3 word
//          u8 w   bits of a packed residual: 0-64; not wide: 0-32, with lag 1, 2, 4 0-30
//          u8 A   bytes of block base (low four bits) and of ref (high four)
//          u8 S   bytes of each start (low), of bias (high)
//          u8 H   bytes of the high part of each exception, 0 = there are none
//          runs: u16 m, the number of runs. The series below then has m values, otherwise m = the rows of the block
//          base, ref (sign-extended), bias (not)
//          H > 0: u8 c[4], the number of exceptions among each 256 values of the series
//          runs: bitmap, bit i (bit i % 8 of byte i / 8) = row i is the last of its run of equal values.
//                full: a bit a row; pairs: a bit for rows 1, 3, 5, ... (the others are 0; an even number of rows);
//                word: 8 bytes that repeat. The last row's bit is 1 whatever is stored.
//          lag > 0: min(lag, m) starts of S bytes: value i < lag is base + start i
//          packed residuals: the low min(w, 32) bits of each; w > 32: the same again for the remaining bits
//          exceptions: u8 place within their 256 values, ascending, of all; then the high parts (sign-extended), of all
//   residual i  R = packed + bias + (high part << w). The packed residual of values i < lag is 0, without exception.
//   value i     lag 0: base + R; else value[i - lag] + ref + R (i < lag: see starts)
//   packed      8 lanes of 32-bit words. Value i belongs to row i / 8 and lane 2 * (i % 4) + i / 4 % 2. Row r takes the
//               bits r * w to r * w + w - 1 of each lane's words (lowest bit first); word t of lane l is at byte
//               32 * t + 4 * l. m values take ceil(ceil(m / 8) * w / 32) words a lane.
//   Not wide promises that every R < 2^32, with lag 1, 2, 4 < 2^30: sums of four then fit the 32-bit lanes.
//
// Lanes are interleaved so that the even and odd lanes of a vector widen to values 0-3 and 4-7 by a mask and a shift.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace tf::data {

inline constexpr int kPackedVersion = 1;
inline constexpr std::size_t kPackedBlock = 1024;

/// Which machine code runs; all write the same bytes and decode to the same bits. `best` = what this machine has.
enum class PackedPath { best, portable, avx2 };
/// Whether this machine has it.
bool packed_path_available(PackedPath path);

/// Largest number of bytes that `count` values of `width` bytes take.
std::size_t packed_bound(std::size_t count, int width);

/// Encodes into `to`, which has packed_bound() bytes. Returns the bytes written: a function of the values alone.
std::size_t encode_packed(const void* values, std::size_t count, int width, uint8_t* to,
                          PackedPath path = PackedPath::best);

/// The head of a chunk.
struct PackedHead {
  std::size_t count = 0;
  int width = 0;
  uint64_t base = 0, unit = 1;
  std::size_t bytes = 0;  ///< of the head itself
};
/// Returns what is wrong with it, empty if nothing is.
std::string read_packed_head(std::span<const uint8_t> bytes, PackedHead& head);

/// Decodes the first `rows` values of a chunk of `count`. Returns what is wrong with the bytes, empty if nothing is;
/// then the values are unspecified. Never reads or writes outside, whatever the bytes are.
std::string decode_packed(std::span<const uint8_t> bytes, void* values, std::size_t rows, std::size_t count, int width,
                          PackedPath path = PackedPath::best);

/// Decodes a chunk block by block, for consumers that use values while they are in the cache; several columns may be
/// walked in step. The bytes must outlive it.
class PackedBlocks {
 public:
  explicit PackedBlocks(PackedPath path = PackedPath::best);
  /// One that works in the same memory as `other`, for columns walked in step on one thread: they then stay out of each
  /// other's cache.
  struct Beside {
    const PackedBlocks& other;
  };
  explicit PackedBlocks(Beside beside);
  ~PackedBlocks();
  PackedBlocks(PackedBlocks&&) noexcept;
  PackedBlocks& operator=(PackedBlocks&&) noexcept;
  /// Starts on a chunk. Returns what is wrong with its head.
  std::string open(std::span<const uint8_t> bytes, std::size_t count, int width);
  /// Decodes the next block into `to`, which has room for kPackedBlock values. Returns how many it gave: 0 at the end
  /// or on damage (see error()).
  std::size_t next(void* to);
  const std::string& error() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Hands `sink(const Value*, std::size_t)` the blocks of a chunk from one small buffer. Value: uint64_t, int64_t or
/// uint32_t. Returns what is wrong with the bytes; the sink has then seen the blocks before the damage.
template <class Value, class Sink>
std::string decode_blocks(std::span<const uint8_t> bytes, std::size_t count, Sink&& sink) {
  alignas(64) Value values[kPackedBlock];
  PackedBlocks blocks;
  if (std::string reason = blocks.open(bytes, count, sizeof(Value)); !reason.empty()) return reason;
  while (const std::size_t got = blocks.next(values)) sink(static_cast<const Value*>(values), got);
  return blocks.error();
}

}  // namespace tf::data
