#include "data/store/packed.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "tests/data/store/packed_reference.hpp"

using namespace tf::data;

namespace {

constexpr PackedPath kPaths[] = {PackedPath::portable, PackedPath::avx2};

template <class Value>
std::vector<uint8_t> encode(const std::vector<Value>& values, PackedPath path = PackedPath::best) {
  std::vector<uint8_t> bytes(packed_bound(values.size(), sizeof(Value)));
  bytes.resize(encode_packed(values.data(), values.size(), sizeof(Value), bytes.data(), path));
  REQUIRE(bytes.size() <= packed_bound(values.size(), sizeof(Value)));
  bytes.shrink_to_fit();  // so that a sanitizer sees the first byte read beyond
  return bytes;
}

template <class Value>
bool decodes_to(const std::vector<uint8_t>& bytes, const std::vector<Value>& values, PackedPath path) {
  std::vector<Value> back(values.size());
  return decode_packed(bytes, back.data(), back.size(), back.size(), sizeof(Value), path).empty() && back == values;
}

/// Both paths write the same bytes, and both and the reference read them as the values.
template <class Value>
void check(const std::vector<Value>& values) {
  const std::vector<uint8_t> bytes = encode(values, PackedPath::portable);
  CHECK(bytes == encode(values));
  for (const PackedPath path : kPaths) CHECK(decodes_to(bytes, values, path));
  const std::vector<uint64_t> reference = packed_reference::decode(bytes);
  CHECK(std::equal(reference.begin(), reference.end(), values.begin(), values.end()));
}

struct Mode {
  int lag_code = 0, wide = 0, runs = 0, bits = 0, exceptions = 0;
};
/// Of the first block of a chunk of 8-byte values.
Mode mode_of(const std::vector<uint8_t>& bytes) {
  PackedHead head;
  REQUIRE(read_packed_head(bytes, head) == "");
  const uint8_t* at = bytes.data() + head.bytes;
  return {at[0] & 7, at[0] >> 3 & 1, at[0] >> 4, at[1], at[4]};
}

void add(std::vector<uint8_t>& bytes, uint64_t value, int count) {
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

/// A sound chunk of one block in the mode that is asked for, its fields and residuals random.
std::vector<uint8_t> made_chunk(std::mt19937_64& random, Mode mode, std::size_t rows, int width, uint64_t unit) {
  std::vector<uint8_t> bitmap(mode.runs == 0   ? 0
                              : mode.runs == 1 ? (rows + 7) / 8
                              : mode.runs == 2 ? (rows / 2 + 7) / 8
                                               : 8);
  for (uint8_t& byte : bitmap) byte = static_cast<uint8_t>(random());
  std::size_t count = rows;
  if (mode.runs) {
    count = 1;
    for (std::size_t row = 0; row + 1 < rows; ++row) {
      if (mode.runs == 1) count += packed_reference::bit(bitmap.data(), row);
      if (mode.runs == 2) count += row % 2 && packed_reference::bit(bitmap.data(), row / 2);
      if (mode.runs == 3) count += packed_reference::bit(bitmap.data(), row % 64);
    }
  }
  std::vector<uint8_t> bytes = {'T', 'F', 'P', 1};
  add(bytes, rows, 4);
  add(bytes, width, 1);
  add(bytes, 0x88, 1);
  add(bytes, random(), 8);
  add(bytes, unit, 8);
  const bool biased = mode.exceptions && mode.bits < 29;
  add(bytes, mode.lag_code | mode.wide << 3 | mode.runs << 4, 1);
  add(bytes, mode.bits, 1);
  add(bytes, 3 | 2 << 4, 1);
  add(bytes, 5 | biased << 4, 1);
  add(bytes, mode.exceptions ? 1 : 0, 1);
  if (mode.runs) add(bytes, count, 2);
  add(bytes, random(), 3 + 2);
  if (biased) add(bytes, 100, 1);
  const bool excepted = mode.exceptions && count > 40;
  if (mode.exceptions) add(bytes, excepted ? 2 : 0, 4);
  bytes.insert(bytes.end(), bitmap.begin(), bitmap.end());
  const int lag = mode.lag_code ? 1 << (mode.lag_code - 1) : 0;
  for (int i = 0; i < lag && std::size_t(i) < count; ++i) add(bytes, random(), 5);
  const int low = std::min(mode.bits, 32), high = mode.bits - low;
  for (const int bits : {low, high})
    for (std::size_t word = 0; word < ((count + 7) / 8 * std::size_t(bits) + 31) / 32 * 8; ++word)
      add(bytes, random(), 4);
  if (excepted) {
    add(bytes, 20 | 33 << 8, 2);
    add(bytes, 0x0100, 2);  // high parts 0 and 1: a negative one would need a residual that it does not go below
  }
  return bytes;
}

}  // namespace

TEST_CASE("every mode decodes on every path as the text of the format says, at every width of residuals") {
  std::mt19937_64 random(1);
  for (int lag_code = 0; lag_code < 6; ++lag_code)
    for (int wide = 0; wide < 2; ++wide)
      for (int bits = 0; bits <= (wide ? 64 : lag_code > 0 && lag_code < 4 ? 30 : 32); ++bits)
        for (int runs = 0; runs < 4; ++runs)
          for (int exceptions = 0; exceptions < 2; ++exceptions) {
            if (exceptions && !wide && bits > 28) continue;  // the exceptions would be too wide
            const std::size_t rows = random() % 3 ? 2 * (1 + random() % 512) : 1024;
            const uint64_t unit = random() % 3 == 0 ? 1 : random() % 3 == 1 ? 1'000'000 : random();
            const int width = random() % 2 ? 8 : 4;
            const auto chunk = made_chunk(random, {lag_code, wide, runs, bits, exceptions}, rows, width, unit);
            CAPTURE(lag_code);
            CAPTURE(wide);
            CAPTURE(bits);
            CAPTURE(runs);
            CAPTURE(exceptions);
            CAPTURE(rows);
            CAPTURE(width);
            CAPTURE(unit);
            const std::vector<uint64_t> expected = packed_reference::decode(chunk);
            for (const PackedPath path : kPaths) {
              std::vector<uint64_t> back(rows);
              std::vector<uint32_t> narrow(rows);
              void* to = width == 8 ? static_cast<void*>(back.data()) : narrow.data();
              REQUIRE(decode_packed(chunk, to, rows, rows, width, path) == "");
              if (width == 4) back.assign(narrow.begin(), narrow.end());
              REQUIRE(back == expected);
            }
          }
}

TEST_CASE("any values come back, whatever their bits, steps, repeats and number") {
  std::mt19937_64 random(2);
  for (int round = 0; round < 600; ++round) {
    const std::size_t edges[] = {0, 1, 2, 7, 8, 9, 16, 17, 255, 256, 257, 1023, 1024, 1025, 2049};
    const std::size_t count = round < 45 ? edges[round % 15] : round % 50 ? random() % 3'000 : random() % 20'000;
    const auto mask = [&] { return ~uint64_t(0) >> random() % 64; };
    const uint64_t common = mask(), rare = mask(), unit = random() % 3 ? random() >> random() % 64 | 1 : 1;
    const std::size_t lag = std::size_t(1) << random() % 5, rarity = 1 + random() % 200, repeats = 1 + random() % 4;
    const bool walks = random() % 2, both_ways = random() % 2;
    std::vector<uint64_t> values(count, random());
    for (std::size_t i = 0; i < count; ++i) {
      uint64_t step = random() & (random() % rarity ? common : rare);
      if (both_ways && random() % 2) step = -step;
      const bool repeat = i > 0 && random() % repeats;
      values[i] = repeat ? values[i - 1] : (walks && i >= lag ? values[i - lag] : values[i]) + step * unit;
    }
    CAPTURE(round);
    check(values);
    check(std::vector<uint32_t>(values.begin(), values.end()));
  }
}

TEST_CASE("the encoder takes the mode that a series asks for") {
  std::mt19937_64 random(3);
  const auto made = [](auto value) {
    std::vector<uint64_t> values(1024);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = value(i, values.data());
    check(values);
    return values;
  };
  const auto mode = [&](auto value) { return mode_of(encode(made(value))); };
  CHECK(mode([](auto, auto*) { return 7; }).bits == 0);
  CHECK(mode([&](auto, auto*) { return random() % 1000; }).bits == 10);
  CHECK(mode([&](auto, auto*) { return random() % 1000; }).lag_code == 0);
  for (int code = 1; code < 6; ++code) {
    const std::size_t lag = std::size_t(1) << (code - 1);
    std::vector<uint64_t> first(lag);
    for (uint64_t& value : first) value = random() % 1'000'000;
    const Mode found = mode([&](std::size_t i, const uint64_t* values) {
      return i < lag ? first[i] : values[i - lag] + 1000 + random() % 8;
    });
    CHECK(found.lag_code == code);
    CHECK(found.bits == 3);
  }
  const auto noise = [&] { return random() >> 40; };
  CHECK(mode([&](auto i, auto* values) { return i && random() % 4 ? values[i - 1] : noise(); }).runs == 1);
  CHECK(mode([&](auto i, auto* values) { return i && (i % 2 || random() % 2) ? values[i - 1] : noise(); }).runs == 2);
  CHECK(mode([&](auto i, auto* values) { return i % 2 ? values[i - 1] : noise(); }).runs == 3);
  const Mode both = mode([&](auto i, auto*) {
    return (1 << 20) + random() % 16 + (i % 97 ? 0 : i % 2 ? 5000 : -5000);
  });
  CHECK(both.exceptions == 2);
  CHECK(both.bits <= 5);
  CHECK(mode([&](auto, auto*) { return random() >> 20; }).bits == 44);
  CHECK(mode([&](auto, auto*) { return random() >> 20; }).wide == 1);
  CHECK(mode([&](auto, auto*) { return random(); }).bits == 64);
}

TEST_CASE("values on a grid cost what their numbers on the grid cost") {
  std::mt19937_64 random(4);
  std::vector<uint64_t> numbers(10'000), times;
  uint64_t now = 0;
  for (uint64_t& number : numbers) number = now += random() % 500;
  for (const uint64_t number : numbers) times.push_back(1'700'000'000'000'000'123 + number * 1'000'000);
  check(times);
  CHECK(encode(times).size() <= encode(numbers).size() + 11);
  PackedHead head;
  CHECK(read_packed_head(encode(times), head) == "");
  CHECK(head.unit == 1'000'000);
}

TEST_CASE("a small day does not pay for the rest of a block") {
  std::mt19937_64 random(5);
  std::vector<uint64_t> values(102'400);
  for (uint64_t& value : values) value = random() % 4000;
  const double large = double(encode(values).size()) / double(values.size());
  values.resize(2'257);
  CHECK(double(encode(values).size()) / 2'257 < 1.03 * large);
}

TEST_CASE("these bytes stay what they are") {
  const auto hex = [](const std::vector<uint8_t>& bytes) {
    std::string text;
    for (const uint8_t byte : bytes) (text += "0123456789abcdef"[byte >> 4]) += "0123456789abcdef"[byte & 15];
    return text;
  };
  std::vector<uint64_t> steps, rare;
  for (uint64_t i = 0; i < 20; ++i) steps.push_back(1'000'000 + 500 * (i * i % 7));
  for (uint64_t i = 0; i < 100; ++i) rare.push_back((i * i % 13 + (i % 40 ? 10 : 3000)) * 10);
  CHECK(hex(encode(steps)) == "5446500114000000082340420ff4011500100100110004f7fb0d00010402040100010402040100010402");
  CHECK(hex(encode(rare)) ==
        "5446500164000000081230750a000402000252f403000000ce49fa33134ac9c031134ac90c9ca431940c9ca41a33a194491a33a14ac9c0"
        "49a1920c00491a0000c0490a00134a000031130a000c9c0000940c0c001a330000002850ba00ba00bb00");
  for (const PackedPath path : kPaths) CHECK(decodes_to(encode(steps), steps, path));
  for (const PackedPath path : kPaths) CHECK(decodes_to(encode(rare), rare, path));
}

TEST_CASE("blocks are handed out one by one, columns in step") {
  std::vector<int64_t> times(5'000);
  std::vector<uint32_t> flags(5'000);
  for (std::size_t i = 0; i < times.size(); ++i) times[i] = -1'000 + int64_t(i) * 3, flags[i] = uint32_t(i % 5);
  const auto time_bytes = encode(times), flag_bytes = encode(flags);
  PackedBlocks first, second;
  CHECK(first.open(time_bytes, 5'000, 8) == "");
  CHECK(second.open(flag_bytes, 5'000, 4) == "");
  int64_t time[kPackedBlock];
  uint32_t flag[kPackedBlock];
  std::size_t row = 0;
  while (const std::size_t got = first.next(time)) {
    REQUIRE(second.next(flag) == got);
    CHECK(got == std::min<std::size_t>(1024, 5'000 - row));
    CHECK(std::equal(time, time + got, times.begin() + row));
    CHECK(std::equal(flag, flag + got, flags.begin() + row));
    row += got;
  }
  CHECK(row == 5'000);
  CHECK(first.error() == "");

  std::size_t seen = 0;
  std::vector<uint8_t> cut = time_bytes;
  cut.pop_back();
  CHECK(decode_blocks<int64_t>(cut, 5'000, [&](const int64_t*, std::size_t got) { seen += got; }) != "");
  CHECK(seen == 4'096);
  CHECK(first.open(time_bytes, 4'999, 8).find("expected 4999") != std::string::npos);
}

TEST_CASE("no damage makes the decoder leave its bounds, and all paths say the same of it") {
  std::mt19937_64 random(6);
  std::vector<std::vector<uint8_t>> chunks;
  const std::size_t rows = 3'000;
  for (int kind = 0; kind < 6; ++kind) {
    std::vector<uint64_t> values(rows);
    for (std::size_t i = 0; i < rows; ++i)
      values[i] = kind == 0   ? random()
                  : kind == 1 ? i * 1000 + random() % 50
                  : kind == 2 ? (i && random() % 3 ? values[i - 1] : random() % 999)
                  : kind == 3 ? random() % 16 + (random() % 50 ? 0 : random() % 100'000)
                  : kind == 4 ? random() >> 25
                              : (i > 1 ? values[i - 2] : i * 77) + random() % 3;
    chunks.push_back(encode(values));
  }
  for (int round = 0; round < 12'000; ++round) {
    std::vector<uint8_t> bytes = chunks[random() % chunks.size()];
    const int kind = round % 4;
    if (kind == 0) bytes[random() % bytes.size()] ^= static_cast<uint8_t>(1 << random() % 8);
    if (kind == 1) bytes.resize(random() % bytes.size());
    if (kind == 2)
      for (int change = 0; change < 4; ++change)
        bytes[random() % std::min<std::size_t>(bytes.size(), 60)] = static_cast<uint8_t>(random());
    if (kind == 3) {
      bytes.resize(22 + random() % 4'000);
      for (std::size_t at = 22; at < bytes.size(); ++at)
        bytes[at] = static_cast<uint8_t>(random() % 5 ? random() % 8 : random());
    }
    bytes.shrink_to_fit();
    std::vector<uint64_t> back[2] = {std::vector<uint64_t>(rows), std::vector<uint64_t>(rows)};
    std::string reasons[2];
    for (int path = 0; path < 2; ++path)
      reasons[path] = decode_packed(bytes, back[path].data(), rows, rows, 8, kPaths[path]);
    REQUIRE(reasons[0] == reasons[1]);
    if (reasons[0].empty()) REQUIRE(back[0] == back[1]);
    if (kind == 1) REQUIRE_FALSE(reasons[0].empty());
  }
}

TEST_CASE("counts and widths other than the chunk's are refused") {
  const std::vector<uint64_t> values(2'000, 5);
  const std::vector<uint8_t> bytes = encode(values);
  std::vector<uint64_t> back(3'000);
  CHECK(decode_packed(bytes, back.data(), 2'000, 2'000, 8) == "");
  CHECK(decode_packed(bytes, back.data(), 10, 2'000, 8) == "");
  for (const std::size_t count : {0, 1'999, 2'001, 3'000})
    CHECK(decode_packed(bytes, back.data(), count, count, 8).find("expected") != std::string::npos);
  CHECK(decode_packed(bytes, back.data(), 2'000, 2'000, 4).find("expected") != std::string::npos);
  std::vector<uint8_t> huge = bytes;
  std::fill(huge.begin() + 4, huge.begin() + 8, uint8_t(0xFF));
  PackedHead head;
  CHECK(read_packed_head(huge, head).find("too few") != std::string::npos);
  huge = bytes;
  huge[3] = 2;
  CHECK(read_packed_head(huge, head).find("version 2") != std::string::npos);
}
