// Two properties of the packed codec, for any bytes: they decode to the same or to the same error on every path without
// touching what is not theirs; and taken as values they come back from an encoding that is the same on every path.
// Built by hand: clang++ -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -I. tests/fuzz/packed_fuzz.cpp
//                data/store/packed*.cpp
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "data/store/packed.hpp"

using namespace tf::data;

namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

/// The fuzzer's bytes as a chunk of the count that they claim, or of another.
template <class Value>
void decode_anything(std::span<const uint8_t> bytes, std::size_t count) {
  if (count > (1 << 16)) return;
  std::vector<Value> values[2] = {std::vector<Value>(count), std::vector<Value>(count)};
  std::string reasons[2];
  const PackedPath paths[] = {PackedPath::portable, PackedPath::best};
  for (int path = 0; path < 2; ++path)
    reasons[path] = decode_packed(bytes, values[path].data(), count, count, sizeof(Value), paths[path]);
  require(reasons[0] == reasons[1]);
  if (reasons[0].empty()) require(values[0] == values[1]);
  std::vector<Value> blocks;
  const std::string reason = decode_blocks<Value>(
      bytes, count, [&](const Value* from, std::size_t rows) { blocks.insert(blocks.end(), from, from + rows); });
  require(reason == reasons[0]);
  if (reason.empty()) require(blocks == values[0]);
}

template <class Value>
void round_trip(const std::vector<Value>& values) {
  std::vector<uint8_t> chunk(packed_bound(values.size(), sizeof(Value))), other(chunk.size());
  const std::size_t bytes =
      encode_packed(values.data(), values.size(), sizeof(Value), chunk.data(), PackedPath::portable);
  require(bytes <= chunk.size());
  require(encode_packed(values.data(), values.size(), sizeof(Value), other.data()) == bytes);
  require(std::memcmp(chunk.data(), other.data(), bytes) == 0);
  chunk.resize(bytes);
  chunk.shrink_to_fit();
  std::vector<Value> back(values.size());
  require(decode_packed(chunk, back.data(), back.size(), back.size(), sizeof(Value)).empty());
  require(back == values);
}

/// Values from bytes: as they are, or as small steps of which some are large.
template <class Value>
std::vector<Value> make_values(std::span<const uint8_t> bytes, unsigned how) {
  std::vector<Value> values;
  if (how & 1) {
    values.resize(bytes.size() / sizeof(Value));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(Value));
    return values;
  }
  const std::size_t lag = std::size_t(1) << (how >> 1 & 3), times = 1 + (how >> 3 & 7);
  const Value unit = how & 64 ? Value(1'000'003) : Value(1);
  for (const uint8_t byte : bytes)
    for (std::size_t time = 0; time < times; ++time) {
      const Value before = values.size() >= lag ? values[values.size() - lag] : Value(77);
      const Value step = byte < 240 ? Value(byte) : Value(~uint64_t(0) << (byte & 15) * 4 | byte);
      values.push_back(how & 128 && time ? values.back() : Value(before + step * unit));
    }
  return values;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const unsigned what = data[0], how = data[1];
  const std::span<const uint8_t> rest(data + 2, size - 2);
  if (what & 1) {
    what & 2 ? round_trip(make_values<uint64_t>(rest, how)) : round_trip(make_values<uint32_t>(rest, how));
    return 0;
  }
  PackedHead head;
  const bool sound = read_packed_head(rest, head).empty();
  const std::size_t count = sound ? head.count : how;
  if (sound ? head.width == 8 : what & 2)
    decode_anything<uint64_t>(rest, count);
  else
    decode_anything<uint32_t>(rest, count);
  // The same behind a sound head, so that the blocks are reached at once.
  std::vector<uint8_t> chunk = {'T', 'F', 'P', kPackedVersion, uint8_t(how), uint8_t(how >> 5), 0, 0, 8, 0};
  chunk.insert(chunk.end(), rest.begin(), rest.end());
  decode_anything<uint64_t>(chunk, how | (how >> 5) << 8);
  chunk[8] = 4;
  decode_anything<uint32_t>(chunk, how | (how >> 5) << 8);
  return 0;
}
