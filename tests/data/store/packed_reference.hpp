// The format of packed.hpp decoded a second time, value by value as its text says: what the fast decoder must agree
// with. Only for sound chunks: nothing is checked.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace packed_reference {

class Bytes {
 public:
  explicit Bytes(const uint8_t* at) : at_(at) {}
  uint64_t number(std::size_t bytes) {
    uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value |= uint64_t(*at_++) << (8 * i);
    return value;
  }
  uint64_t signed_number(std::size_t bytes) {
    const uint64_t value = number(bytes);
    const bool negative = bytes > 0 && bytes < 8 && value >> (8 * bytes - 1);
    return negative ? value | ~uint64_t(0) << (8 * bytes) : value;
  }
  const uint8_t* take(std::size_t bytes) {
    at_ += bytes;
    return at_ - bytes;
  }

 private:
  const uint8_t* at_;
};

inline bool bit(const uint8_t* bytes, std::size_t at) { return bytes[at / 8] >> (at % 8) & 1; }

/// Adds the values of one plane of packed residuals, shifted.
inline void unpack(Bytes& bytes, int bits, int shift, std::vector<uint64_t>& residuals) {
  const std::size_t count = residuals.size(), words = ((count + 7) / 8 * std::size_t(bits) + 31) / 32;
  const uint8_t* plane = bytes.take(32 * words);
  for (std::size_t i = 0; i < count; ++i)
    for (int b = 0; b < bits; ++b) {
      const std::size_t lane = 2 * (i % 4) + i / 4 % 2, position = i / 8 * std::size_t(bits) + std::size_t(b);
      if (bit(plane + 32 * (position / 32) + 4 * lane, position % 32)) residuals[i] |= uint64_t(1) << (b + shift);
    }
}

inline void block(Bytes& bytes, std::size_t rows, uint64_t base, uint64_t unit, std::vector<uint64_t>& values) {
  const uint64_t mode = bytes.number(1), bits = bytes.number(1), a = bytes.number(1), s = bytes.number(1);
  const std::size_t high = bytes.number(1), runs = mode >> 4 & 3;
  const std::size_t lag = std::vector<std::size_t>{0, 1, 2, 4, 8, 16}[mode & 7];
  const std::size_t count = runs ? bytes.number(2) : rows;
  const uint64_t block_base = bytes.signed_number(a & 15), ref = bytes.signed_number(a >> 4);
  const uint64_t bias = bytes.number(s >> 4);
  const uint8_t* exceptions = high ? bytes.take(4) : nullptr;
  const uint8_t* bitmap = bytes.take(runs == 0 ? 0 : runs == 1 ? (rows + 7) / 8 : runs == 2 ? (rows / 2 + 7) / 8 : 8);
  std::vector<uint64_t> starts;
  for (std::size_t i = 0; i < lag && i < count; ++i) starts.push_back(block_base + bytes.number(s & 15));
  std::vector<uint64_t> residuals(count);
  unpack(bytes, bits < 32 ? int(bits) : 32, 0, residuals);
  if (bits > 32) unpack(bytes, int(bits) - 32, 32, residuals);
  std::vector<std::size_t> places;
  for (std::size_t group = 0; high && group < 4; ++group)
    for (unsigned i = 0; i < exceptions[group]; ++i) places.push_back(256 * group + bytes.number(1));
  for (const std::size_t place : places) {
    const uint64_t part = bytes.signed_number(high);
    if (bits < 64) residuals[place] += part << bits;
  }
  std::vector<uint64_t> k(count);
  for (std::size_t i = 0; i < count; ++i) {
    const uint64_t r = residuals[i] + bias;
    if (lag == 0) k[i] = block_base + r;
    if (lag > 0) k[i] = i < lag ? starts[i] + residuals[i] : k[i - lag] + ref + r;
  }
  std::size_t run = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    values.push_back(base + unit * k[runs ? run : row]);
    if (runs == 1) run += bit(bitmap, row);
    if (runs == 2) run += row % 2 == 1 && bit(bitmap, row / 2);
    if (runs == 3) run += bit(bitmap, row % 64);
  }
}

inline std::vector<uint64_t> decode(const std::vector<uint8_t>& chunk) {
  Bytes bytes(chunk.data() + 4);
  const std::size_t count = bytes.number(4);
  const uint64_t width = bytes.number(1), lengths = bytes.number(1);
  const uint64_t base = bytes.number(lengths & 15);
  const uint64_t unit = lengths >> 4 ? bytes.number(lengths >> 4) : 1;
  std::vector<uint64_t> values;
  while (values.size() < count) block(bytes, std::min<std::size_t>(1024, count - values.size()), base, unit, values);
  if (width == 4)
    for (uint64_t& value : values) value &= 0xFFFFFFFF;
  return values;
}

}  // namespace packed_reference
