// The `packed` codec as a filter that HDF5 of any version loads from HDF5_PLUGIN_PATH. It uses the layouts of libhdf5's
// headers and none of its symbols, so that one file serves h5py's own HDF5 as well as the system's.
//
// cd_values: {format version, bytes of a value[, 1: zstd over it]}. A chunk says by its first bytes what it is.
#include <H5PLextern.h>
#include <zstd.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "data/store/codec.hpp"
#include "data/store/packed.hpp"

namespace {

using namespace tf::data;

// HDF5 owns the buffers of its pipeline, and says that filters take and leave memory of the C library.
constexpr auto kAllocate = &std::malloc;
struct Release {
  void operator()(void* memory) const { kRelease(memory); }
  static constexpr auto kRelease = &std::free;
};
using Memory = std::unique_ptr<void, Release>;

constexpr unsigned char kZstdMagic[4] = {0x28, 0xB5, 0x2F, 0xFD};
/// A block has 5 bytes at least, so no chunk expands by more than this, and no damaged one asks for more memory.
constexpr std::size_t kMostExpansion = kPackedBlock * 8 / 5;

struct Output {
  Memory memory;
  std::size_t bytes = 0, capacity = 0;  ///< 0 bytes: it failed
};

Output encode(std::span<const uint8_t> values, int width, bool compress) {
  const std::size_t count = values.size() / static_cast<std::size_t>(width), bound = packed_bound(count, width);
  if (count == 0 || values.size() % static_cast<std::size_t>(width) || count > UINT32_MAX) return {};
  if (!compress) {
    Output out{Memory(kAllocate(bound)), 0, bound};
    if (out.memory) out.bytes = encode_packed(values.data(), count, width, static_cast<uint8_t*>(out.memory.get()));
    return out;
  }
  std::vector<uint8_t> packed(bound);
  const std::size_t bytes = encode_packed(values.data(), count, width, packed.data());
  Output out{Memory(kAllocate(ZSTD_compressBound(bytes))), 0, ZSTD_compressBound(bytes)};
  if (!out.memory) return {};
  const std::size_t written = ZSTD_compress(out.memory.get(), out.capacity, packed.data(), bytes, kZstdLevel);
  if (!ZSTD_isError(written)) out.bytes = written;
  return out;
}

Output decode(std::span<const uint8_t> bytes, int width) {
  std::vector<uint8_t> packed;
  if (bytes.size() > 4 && std::memcmp(bytes.data(), kZstdMagic, 4) == 0) {
    const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
    if (size == 0 || size > UINT32_MAX) return {};  // includes "unknown" and "error"
    packed.resize(size);
    const std::size_t got = ZSTD_decompress(packed.data(), packed.size(), bytes.data(), bytes.size());
    if (ZSTD_isError(got) || got != size) return {};
    bytes = packed;
  }
  PackedHead head;
  if (!read_packed_head(bytes, head).empty() || head.count == 0 || (width && head.width != width)) return {};
  const std::size_t size = head.count * static_cast<std::size_t>(head.width);
  if (size / kMostExpansion > bytes.size()) return {};
  Output out{Memory(kAllocate(size)), 0, size};
  if (out.memory && decode_packed(bytes, out.memory.get(), head.count, head.count, head.width).empty())
    out.bytes = size;
  return out;
}

/// Returns the bytes now in the buffer, 0 on any error, as HDF5 wants it. No exception leaves it.
std::size_t filter(unsigned flags, std::size_t settings, const unsigned* setting, std::size_t bytes,
                   std::size_t* capacity, void** buffer) {
  try {
    const std::span<const uint8_t> given(static_cast<const uint8_t*>(*buffer), bytes);
    if (settings > 0 && setting[0] != static_cast<unsigned>(kPackedVersion)) return 0;
    const int width = settings > 1 ? static_cast<int>(setting[1]) : 0;
    if (width != 0 && width != 4 && width != 8) return 0;
    const bool backwards = flags & H5Z_FLAG_REVERSE;
    if (!backwards && width == 0) return 0;
    Output out = backwards ? decode(given, width) : encode(given, width, settings > 2 && setting[2] == 1);
    if (!out.memory || out.bytes == 0) return 0;
    const Memory before(*buffer);
    *buffer = out.memory.release();
    *capacity = out.capacity;
    return out.bytes;
  } catch (...) { return 0; }
}

const H5Z_class2_t kFilter = {H5Z_CLASS_T_VERS, kPackedFilter, 1, 1, "tickfold packed", nullptr, nullptr, filter};

}  // namespace

H5PL_type_t H5PLget_plugin_type() { return H5PL_TYPE_FILTER; }
const void* H5PLget_plugin_info() { return &kFilter; }
