// Has the disk work ahead of a reader that goes through a day file chunk by chunk and decodes between its reads.
//
// The system reads a file ahead in windows and begins the next one when a read comes to the first page of the last: a
// reader that decodes for as long as the disk reads comes there late, and the disk stands still meanwhile. So bytes
// ahead of it are touched by reads that do not wait. Each page touched begins the window after it.
//
// Measured on 20 M ticks of 4.2 bytes, cold, in times of a bare pread (bench/data/stream_bench.cpp): 2.0 to 3.2 with
// POSIX_FADV_WILLNEED on the chunks to come, which fills the page cache by single pages (1.7 ns of a CPU a tick more,
// and slower reads ever after); 1.4 with the system's own windows alone, advised as SEQUENTIAL or not; 1.6 with a
// thread that reads 8 MiB ahead; 1.05 to 1.28 with touches. What is left is the wait while the windows grow.
#pragma once
#include <cstdint>

#include "data/store/day_file.hpp"

namespace tf::data {

class ReadAhead {
 public:
  ReadAhead() = default;
  /// Of these columns (set of Column) of the chunks from `first` up to, not with, `past`.
  ReadAhead(const OpenDay& day, uint32_t columns, int64_t first, int64_t past);
  /// Before `chunk` is read; chunks come in ascending order. Never waits for the disk, never fails.
  void reach(const OpenDay& day, int64_t chunk);

 private:
  void touch(const OpenDay& day, int64_t chunk);
  void announce(const OpenDay& day, int64_t chunk);

  uint32_t columns_ = 0;
  int64_t first_ = 0, past_ = 0;   ///< chunks
  bool touches_ = false;           ///< else what is skipped would be read too: ranges are announced one by one
  int64_t announced_ = 0;          ///< chunk
  int64_t touched_ = 0, end_ = 0;  ///< bytes of the file
};

}  // namespace tf::data
