#include "data/store/codec.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace tf::data;

TEST_CASE("shuffle puts byte b of value i at b times count plus i, and unshuffle takes any first rows back") {
  std::mt19937_64 random(1);
  for (const int width : {4, 8})
    for (const std::size_t count : {1, 2, 15, 16, 17, 31, 32, 33, 100, 1000}) {
      CAPTURE(width);
      CAPTURE(count);
      std::vector<uint8_t> values(count * width), planes(count * width);
      for (uint8_t& byte : values) byte = static_cast<uint8_t>(random());
      shuffle(values.data(), planes.data(), count, width);
      bool placed = true;
      for (std::size_t at = 0; at < values.size(); ++at)
        placed &= planes[at % width * count + at / width] == values[at];
      CHECK(placed);
      for (const std::size_t rows : {std::size_t(0), std::size_t(1), count / 2, count}) {
        std::vector<uint8_t> back(rows * width);
        unshuffle(planes.data(), back.data(), rows, count, width);
        CHECK(std::equal(back.begin(), back.end(), values.begin()));
      }
    }
}

TEST_CASE("the decoder takes what the encoder made and says what is wrong with anything else") {
  std::mt19937_64 random(2);
  Encoder encoder(Codec::zstd);
  Decoder decoder(Codec::zstd);
  std::vector<uint64_t> values(5'000);
  for (uint64_t& value : values) value = random() % 1000;
  const std::span<const uint8_t> span = encoder.encode(values.data(), values.size(), 8);
  const std::vector<uint8_t> sound(span.begin(), span.end());
  std::vector<uint64_t> back(values.size());
  CHECK(decoder.decode(sound, back.data(), 5'000, 5'000, 8).empty());
  CHECK(back == values);

  CHECK(decoder.decode({}, back.data(), 5'000, 5'000, 8).find("expected 40000") != std::string::npos);
  CHECK_FALSE(decoder.decode(sound, back.data(), 4'999, 4'999, 8).empty());
  CHECK_FALSE(decoder.decode(sound, back.data(), 5'000, 5'001, 8).empty());
  for (int round = 0; round < 2'000; ++round) {
    std::vector<uint8_t> bytes = sound;
    for (int change = 0; change < 1 + round % 4; ++change)
      bytes[random() % bytes.size()] = static_cast<uint8_t>(random());
    if (round % 3 == 0) bytes.resize(random() % bytes.size());
    decoder.decode(bytes, back.data(), 5'000, 5'000, 8);  // must not touch what is not its own (sanitizers)
  }
}
