#include "data/store/codec.hpp"

#if defined(__x86_64__)
#include <xxh_x86dispatch.h>  // XXH3 of the machine at hand: 26 GB/s instead of the 13 of SSE2
#else
#include <xxhash.h>
#endif
#include <zstd.h>

#include <cstring>

#include "cuda/base/error.hpp"
#include "data/store/packed.hpp"

namespace tf::data {
namespace {

using Bytes16 = uint8_t __attribute__((vector_size(16)));

// One pass interleaves the bytes of register r with those of register r + N/2. Read an address in the N x 16 block as
// bits (register, byte): a pass rotates these bits left by one. Planes are addressed (plane, element), values (element,
// byte in value), so log2(N) passes turn planes into values, and 4 = log2(16) passes turn values into planes.
// Everything unrolls, so that the block stays in registers: half the time at -O2.
template <int N>
[[gnu::always_inline]] inline void interleave(Bytes16 (&block)[N]) {
  Bytes16 out[N];
#pragma GCC unroll 8
  for (int r = 0; r < N / 2; ++r) {
    const Bytes16 a = block[r], b = block[r + N / 2];
    out[2 * r] = __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    out[2 * r + 1] = __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  }
#pragma GCC unroll 8
  for (int r = 0; r < N; ++r) block[r] = out[r];
}

template <int N>
void shuffle_width(const uint8_t* from, uint8_t* to, std::size_t count) {
  std::size_t at = 0;
  for (; at + 16 <= count; at += 16) {
    Bytes16 block[N];
#pragma GCC unroll 8
    for (int r = 0; r < N; ++r) std::memcpy(&block[r], from + at * N + r * 16, 16);
#pragma GCC unroll 4
    for (int pass = 0; pass < 4; ++pass) interleave<N>(block);
#pragma GCC unroll 8
    for (int r = 0; r < N; ++r) std::memcpy(to + r * count + at, &block[r], 16);
  }
  for (; at < count; ++at)
    for (int b = 0; b < N; ++b) to[b * count + at] = from[at * N + b];
}

template <int N>
void unshuffle_width(const uint8_t* from, uint8_t* to, std::size_t rows, std::size_t count) {
  std::size_t at = 0;
  for (; at + 16 <= rows; at += 16) {
    Bytes16 block[N];
#pragma GCC unroll 8
    for (int r = 0; r < N; ++r) std::memcpy(&block[r], from + r * count + at, 16);
#pragma GCC unroll 4
    for (int pass = 1; pass < N; pass *= 2) interleave<N>(block);
#pragma GCC unroll 8
    for (int r = 0; r < N; ++r) std::memcpy(to + at * N + r * 16, &block[r], 16);
  }
  for (; at < rows; ++at)
    for (int b = 0; b < N; ++b) to[at * N + b] = from[b * count + at];
}

}  // namespace

void shuffle(const uint8_t* from, uint8_t* to, std::size_t count, int width) {
  expect(width == 4 || width == 8, "columns are 4 or 8 bytes wide");
  width == 8 ? shuffle_width<8>(from, to, count) : shuffle_width<4>(from, to, count);
}

void unshuffle(const uint8_t* from, uint8_t* to, std::size_t rows, std::size_t count, int width) {
  expect((width == 4 || width == 8) && rows <= count, "columns are 4 or 8 bytes wide");
  width == 8 ? unshuffle_width<8>(from, to, rows, count) : unshuffle_width<4>(from, to, rows, count);
}

const char* name_of(Codec codec) {
  return codec == Codec::packed ? "packed" : codec == Codec::packed_zstd ? "packed+zstd" : "zstd";
}

Codec codec_named(const std::string& name) {
  for (const Codec codec : {Codec::zstd, Codec::packed, Codec::packed_zstd})
    if (name == name_of(codec)) return codec;
  throw Error(ErrorKind::config, "unknown codec '" + name + "'; there are: packed, packed+zstd, zstd");
}

std::size_t encoded_bound(Codec codec, std::size_t decoded_bytes) {
  if (codec == Codec::zstd) return ZSTD_compressBound(decoded_bytes);
  const std::size_t packed =
      packed_bound(decoded_bytes / 4, 4);  // blocks of narrow values have the larger share of heads
  return codec == Codec::packed ? packed : ZSTD_compressBound(packed);
}

uint64_t xxh3(std::span<const uint8_t> bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

struct Encoder::State {
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  Codec codec;
  std::unique_ptr<ZSTD_CCtx, Free> context;
  Scratch before, encoded;  ///< what zstd reads; what a call returns

  std::span<const uint8_t> compress(const uint8_t* from, std::size_t bytes) {
    const std::size_t bound = ZSTD_compressBound(bytes);
    uint8_t* to = encoded.data(bound);
    const std::size_t written = ZSTD_compressCCtx(context.get(), to, bound, from, bytes, kZstdLevel);
    expect(!ZSTD_isError(written), "zstd compresses into a buffer of its own bound");
    return {to, written};
  }
};

Encoder::Encoder(Codec codec) : state_(std::make_unique<State>()) {
  state_->codec = codec;
  if (codec != Codec::packed) state_->context.reset(ZSTD_createCCtx());
}
Encoder::~Encoder() = default;
Encoder::Encoder(Encoder&&) noexcept = default;

std::span<const uint8_t> Encoder::encode(const void* values, std::size_t count, int width) {
  expect(width == 4 || width == 8, "columns are 4 or 8 bytes wide");
  State& state = *state_;
  const std::size_t bytes = count * static_cast<std::size_t>(width);
  if (state.codec == Codec::zstd) {
    uint8_t* planes = state.before.data(bytes);
    shuffle(static_cast<const uint8_t*>(values), planes, count, width);
    return state.compress(planes, bytes);
  }
  uint8_t* packed = (state.codec == Codec::packed ? state.encoded : state.before).data(packed_bound(count, width));
  const std::size_t written = encode_packed(values, count, width, packed);
  return state.codec == Codec::packed ? std::span<const uint8_t>(packed, written) : state.compress(packed, written);
}

struct Decoder::State {
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  Codec codec;
  std::unique_ptr<ZSTD_DCtx, Free> context;
  Scratch inner;  ///< what zstd writes
};

Decoder::Decoder(Codec codec) : state_(std::make_unique<State>()) {
  state_->codec = codec;
  if (codec != Codec::packed) state_->context.reset(ZSTD_createDCtx());
}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;

std::string Decoder::decode(std::span<const uint8_t> bytes, void* values, std::size_t rows, std::size_t count,
                            int width) {
  State& state = *state_;
  if (state.codec == Codec::packed) return decode_packed(bytes, values, rows, count, width);
  const std::size_t decoded = count * static_cast<std::size_t>(width);
  const std::size_t most = state.codec == Codec::zstd ? decoded : packed_bound(count, width);
  uint8_t* inner = state.inner.data(most);
  const std::size_t got = ZSTD_decompressDCtx(state.context.get(), inner, most, bytes.data(), bytes.size());
  if (ZSTD_isError(got)) return std::string("zstd cannot decode it: ") + ZSTD_getErrorName(got);
  if (state.codec == Codec::packed_zstd) return decode_packed({inner, got}, values, rows, count, width);
  if (got != decoded) return "it decodes to " + std::to_string(got) + " bytes, expected " + std::to_string(decoded);
  unshuffle(inner, static_cast<uint8_t*>(values), rows, count, width);
  return {};
}

}  // namespace tf::data
