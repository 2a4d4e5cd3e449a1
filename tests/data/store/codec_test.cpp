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

TEST_CASE("every codec is named, bounded and gives back what it was given") {
  std::mt19937_64 random(3);
  for (const Codec codec : {Codec::zstd, Codec::packed, Codec::packed_zstd}) {
    CAPTURE(name_of(codec));
    CHECK(codec_named(name_of(codec)) == codec);
    Encoder encoder(codec);
    Decoder decoder(codec);
    for (const int width : {4, 8})
      for (const std::size_t count : {1, 7, 1'023, 1'024, 1'025, 5'000}) {
        std::vector<uint8_t> values(count * width), back(count * width);
        for (uint8_t& byte : values) byte = static_cast<uint8_t>(random());
        const std::span<const uint8_t> bytes = encoder.encode(values.data(), count, width);
        CHECK(bytes.size() <= encoded_bound(codec, values.size()));
        CHECK(decoder.decode(bytes, back.data(), count, count, width) == "");
        CHECK(back == values);
        const std::size_t part = count / 3;
        std::vector<uint8_t> some(part * width);
        CHECK(decoder.decode(bytes, some.data(), part, count, width) == "");
        CHECK(std::equal(some.begin(), some.end(), values.begin()));
      }
  }
  CHECK_THROWS_WITH(codec_named("lzma"), doctest::Contains("packed+zstd"));
}

TEST_CASE("the decoder says what is wrong with anything but what the encoder made") {
  std::mt19937_64 random(2);
  for (const Codec codec : {Codec::zstd, Codec::packed, Codec::packed_zstd}) {
    CAPTURE(name_of(codec));
    Encoder encoder(codec);
    Decoder decoder(codec);
    std::vector<uint64_t> values(5'000);
    for (uint64_t& value : values) value = random() % 1000;
    const std::span<const uint8_t> span = encoder.encode(values.data(), values.size(), 8);
    const std::vector<uint8_t> sound(span.begin(), span.end());
    std::vector<uint64_t> back(values.size());
    CHECK(decoder.decode(sound, back.data(), 5'000, 5'000, 8).empty());
    CHECK(back == values);

    if (codec == Codec::zstd)
      CHECK(decoder.decode({}, back.data(), 5'000, 5'000, 8).find("expected 40000") != std::string::npos);
    else
      CHECK(decoder.decode({}, back.data(), 5'000, 5'000, 8) == "it is no packed chunk");
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
}
