#include "data/store/mapped_file.hpp"

#include <sys/mman.h>

#include <cerrno>

namespace tf::data {
namespace {

constexpr std::size_t kPage = 4096;

#ifdef MADV_POPULATE_READ
constexpr int kPopulateRead = MADV_POPULATE_READ;
#else
constexpr int kPopulateRead = 22;  // Linux 5.14; older ones refuse it
#endif

/// Of the pages that hold these bytes. A page is never larger than what mmap aligned the file to.
int advise(uint8_t* at, int64_t offset, std::size_t count, int advice) {
  const std::size_t first = static_cast<std::size_t>(offset) / kPage * kPage;
  int result = 0;
  do result = ::madvise(at + first, static_cast<std::size_t>(offset) + count - first, advice);
  while (result != 0 && errno == EINTR);
  return result;
}

}  // namespace

MappedFile::MappedFile(const FileHandle& file, int64_t bytes) {
  if (bytes < 1) return;
  void* mapped = ::mmap(nullptr, static_cast<std::size_t>(bytes), PROT_READ, MAP_SHARED, file.fd(), 0);
  if (mapped == MAP_FAILED) return;
  at_ = static_cast<uint8_t*>(mapped);
  bytes_ = static_cast<std::size_t>(bytes);
}

MappedFile::~MappedFile() {
  if (at_) ::munmap(at_, bytes_);
}

std::span<const uint8_t> MappedFile::range(int64_t offset, std::size_t count) const {
  if (!at_ || static_cast<std::size_t>(offset) + count > bytes_) return {};
  if (advise(at_, offset, count, kPopulateRead) != 0) return {};
  return {at_ + offset, count};
}

void MappedFile::release(int64_t offset, std::size_t count) const {
  if (at_) advise(at_, offset, count, MADV_DONTNEED);
}

}  // namespace tf::data
