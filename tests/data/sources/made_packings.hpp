// Packed bytes that tests make themselves: zstd, xz, LZMA-alone.
#pragma once
#include <lzma.h>
#include <zstd.h>

#include <string>

#include "cuda/base/error.hpp"

namespace made {

/// One frame; `window_log` 0 = the library's choice.
inline std::string zstd(const std::string& bytes, int window_log = 0, bool checksum = true) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, checksum);
  if (window_log > 0) ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
  std::string out(ZSTD_compressBound(bytes.size()) + 64, '\0');
  ZSTD_inBuffer from{bytes.data(), bytes.size(), 0};
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  // In two steps, so that the frame does not know its size and keeps its window.
  ZSTD_compressStream2(context, &to, &from, ZSTD_e_continue);
  ZSTD_compressStream2(context, &to, &from, ZSTD_e_end);
  ZSTD_freeCCtx(context);
  out.resize(to.pos);
  return out;
}

inline std::string zstd_skippable(const std::string& bytes) {
  std::string out("\x53\x2A\x4D\x18", 4);
  for (int place = 0; place < 4; ++place) out += static_cast<char>(bytes.size() >> (8 * place));
  return out + bytes;
}

inline std::string run(lzma_stream& stream, const std::string& bytes) {
  std::string out(bytes.size() * 2 + 4096, '\0');
  stream.next_in = reinterpret_cast<const uint8_t*>(bytes.data());
  stream.avail_in = bytes.size();
  stream.next_out = reinterpret_cast<uint8_t*>(out.data());
  stream.avail_out = out.size();
  tf::expect(lzma_code(&stream, LZMA_FINISH) == LZMA_STREAM_END, "liblzma packs");
  out.resize(out.size() - stream.avail_out);
  lzma_end(&stream);
  return out;
}

inline std::string xz(const std::string& bytes) {
  lzma_stream stream = LZMA_STREAM_INIT;
  tf::expect(lzma_easy_encoder(&stream, 6, LZMA_CHECK_CRC32) == LZMA_OK, "liblzma starts");
  return run(stream, bytes);
}

/// LZMA-alone with an end marker, or with the size in the header and no marker (the way of the LZMA SDK).
inline std::string lzma(const std::string& bytes, bool end_marker = true, uint32_t window = 1 << 16, uint32_t lp = 0) {
  lzma_options_lzma options;
  lzma_lzma_preset(&options, 6);
  options.dict_size = window;
  options.lp = lp;
  options.lc = lp ? 2 : 3;
  lzma_stream stream = LZMA_STREAM_INIT;
  tf::expect(lzma_alone_encoder(&stream, &options) == LZMA_OK, "liblzma starts");
  std::string out = run(stream, bytes);
  if (!end_marker)
    for (int place = 0; place < 8; ++place)
      out[static_cast<std::size_t>(5 + place)] = static_cast<char>(static_cast<uint64_t>(bytes.size()) >> (8 * place));
  return out;
}

}  // namespace made
