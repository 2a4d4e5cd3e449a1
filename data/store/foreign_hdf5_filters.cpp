// Filters of foreign files that libhdf5 does not have by itself.
#include <zstd.h>

#include "data/store/foreign_hdf5_types.hpp"

namespace tf::data::foreign {
namespace {

constexpr H5Z_filter_t kZstd = 32015, kLzf = 32000;
constexpr std::size_t kMostChunk = std::size_t{1} << 31;

// Puts the decoded bytes in the place of the encoded ones.
std::size_t hand_over(void* out, std::size_t written, std::size_t capacity_now, std::size_t* capacity, void** buffer) {
  if (written == 0) {
    H5free_memory(out);
    return 0;
  }
  H5free_memory(*buffer);
  *buffer = out;
  *capacity = capacity_now;
  return written;
}

std::size_t unzstd(unsigned flags, std::size_t, const unsigned*, std::size_t bytes, std::size_t* capacity,
                   void** buffer) {
  if (!(flags & H5Z_FLAG_REVERSE)) return 0;
  const unsigned long long size = ZSTD_getFrameContentSize(*buffer, bytes);
  if (size == 0 || size > kMostChunk) return 0;  // includes zstd's "unknown" and "error"
  void* const out = H5allocate_memory(size, false);
  if (!out) return 0;
  const std::size_t written = ZSTD_decompress(out, size, *buffer, bytes);
  return hand_over(out, ZSTD_isError(written) ? 0 : written, size, capacity, buffer);
}

// The LZF stream of h5py: a byte below 32 = that many literals and one; else 3 bits of length, 13 bits of distance.
std::size_t unlzf_into(const unsigned char* in, std::size_t in_bytes, unsigned char* out, std::size_t out_bytes) {
  std::size_t at = 0, to = 0;
  while (at < in_bytes) {
    const unsigned code = in[at++];
    if (code < 32) {
      const std::size_t count = code + 1;
      if (at + count > in_bytes || to + count > out_bytes) return 0;
      std::memcpy(out + to, in + at, count);
      at += count;
      to += count;
      continue;
    }
    std::size_t count = code >> 5;
    if (count == 7) {
      if (at == in_bytes) return 0;
      count += in[at++];
    }
    count += 2;
    if (at == in_bytes) return 0;
    const std::size_t distance = (std::size_t{code & 31} << 8 | in[at++]) + 1;
    if (distance > to || to + count > out_bytes) return 0;
    for (; count > 0; --count, ++to) out[to] = out[to - distance];
  }
  return to;
}

std::size_t unlzf(unsigned flags, std::size_t values, const unsigned* value, std::size_t bytes, std::size_t* capacity,
                  void** buffer) {
  if (!(flags & H5Z_FLAG_REVERSE) || values < 3 || value[2] == 0 || value[2] > kMostChunk) return 0;
  const std::size_t size = value[2];  // of a decoded chunk: h5py sets it
  void* const out = H5allocate_memory(size, false);
  if (!out) return 0;
  const std::size_t written =
      unlzf_into(static_cast<const unsigned char*>(*buffer), bytes, static_cast<unsigned char*>(out), size);
  return hand_over(out, written, size, capacity, buffer);
}

const char* name_of(H5Z_filter_t filter) {
  switch (filter) {
    case H5Z_FILTER_SZIP:
      return "szip";
    case 305:
      return "LZO";
    case 307:
      return "bzip2";
    case 32001:
      return "blosc";
    case 32004:
      return "lz4";
    case 32008:
      return "bitshuffle";
    case 32013:
      return "zfp";
    case 32026:
      return "blosc2";
    case 43210:
      return "tickfold packed";
    default:
      return "";
  }
}

}  // namespace

void register_filters() {
  static const H5Z_class2_t zstd = {H5Z_CLASS_T_VERS, kZstd, 0, 1, "zstd", nullptr, nullptr, unzstd};
  static const H5Z_class2_t lzf = {H5Z_CLASS_T_VERS, kLzf, 0, 1, "lzf", nullptr, nullptr, unlzf};
  H5Zregister(&zstd);
  H5Zregister(&lzf);
}

std::string missing_filter(hid_t dataset) {
  const Handle creation(H5Dget_create_plist(dataset), H5Pclose);
  const int count = H5Pget_nfilters(creation);
  for (int at = 0; at < count; ++at) {
    unsigned flags = 0;
    std::size_t values = 0;
    char written_name[64] = {};
    const H5Z_filter_t filter = H5Pget_filter2(creation, static_cast<unsigned>(at), &flags, &values, nullptr,
                                               sizeof(written_name) - 1, written_name, nullptr);
    if (filter < 0 || H5Zfilter_avail(filter) > 0) continue;
    const std::string known = name_of(filter);
    const std::string name = known.empty() ? written_name : known;
    return "filter " + (name.empty() ? std::string("without a name") : name) + " (" + std::to_string(filter) + ")";
  }
  return {};
}

}  // namespace tf::data::foreign
