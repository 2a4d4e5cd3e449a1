// The codecs of day files: one interface over `packed` (packed.hpp), packed + zstd, and shuffle + zstd, the last as
// HDF5's shuffle and the public filter 32015 would do it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace tf::data {

inline constexpr int kZstdFilter = 32015;  ///< the HDF Group's registered id of zstd
inline constexpr int kPackedFilter =
    43210;  ///< ours, of the range for non-distributed use (CODEC section 0); cd_values = {version, width}
inline constexpr int kZstdLevel = 1;

enum class Codec : uint32_t { zstd = 0, packed = 1, packed_zstd = 2 };
/// "zstd", "packed", "packed+zstd".
const char* name_of(Codec codec);
/// Throws Error{config} with the candidates.
Codec codec_named(const std::string& name);

/// Memory for bytes about to be written: grows without keeping or clearing what was in it.
class Scratch {
 public:
  uint8_t* data(std::size_t bytes) {
    if (bytes > size_) {
      size_ = bytes > 2 * size_ ? bytes : 2 * size_;
      bytes_ = std::make_unique_for_overwrite<uint8_t[]>(size_);
    }
    return bytes_.get();
  }
  const uint8_t* data() const { return bytes_.get(); }

 private:
  std::unique_ptr<uint8_t[]> bytes_;
  std::size_t size_ = 0;
};

/// Gathers byte b of every value into plane b: to[b * count + i] = byte b of value i. Widths 4 and 8.
void shuffle(const uint8_t* from, uint8_t* to, std::size_t count, int width);
/// The first `rows` values of planes of `count` values each.
void unshuffle(const uint8_t* from, uint8_t* to, std::size_t rows, std::size_t count, int width);

/// Largest number of bytes that a chunk of that many decoded bytes may take.
std::size_t encoded_bound(Codec codec, std::size_t decoded_bytes);
uint64_t xxh3(std::span<const uint8_t> bytes);

/// Encodes chunks; keeps its memory from chunk to chunk. One thread at a time.
class Encoder {
 public:
  explicit Encoder(Codec codec);
  ~Encoder();
  Encoder(Encoder&&) noexcept;
  /// The bytes live until the next call.
  std::span<const uint8_t> encode(const void* values, std::size_t count, int width);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Decodes chunks; keeps its memory from chunk to chunk. One thread at a time.
class Decoder {
 public:
  explicit Decoder(Codec codec);
  ~Decoder();
  Decoder(Decoder&&) noexcept;
  /// Writes the first `rows` of a chunk of `count` values. Returns what is wrong with the bytes, empty if nothing is;
  /// never reads or writes outside whatever the bytes are.
  std::string decode(std::span<const uint8_t> bytes, void* values, std::size_t rows, std::size_t count, int width);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tf::data
