// Where HDF5 writes a day file: its virtual file driver onto a file that we opened and locked. Why not HDF5's own:
// after a failed write (disk full) HDF5 1.10 cannot close a file any more and crashes at the end of the process. This
// driver notes the first failure, goes on as if nothing was, and lets its owner throw.
#pragma once
#include <hdf5.h>

#include <cstdint>
#include <string>

#include "data/store/durable.hpp"

namespace tf::data {

struct Hdf5Sink {
  H5FD_t driver{};  ///< first: HDF5 holds a pointer to it, which is one to the sink
  const FileHandle* file = nullptr;
  haddr_t end_of_allocation = 0;
  haddr_t end_of_file = 0;
  int failure = 0;  ///< errno of the first write that failed

  /// Throws Error{io} if a write failed.
  void check(const std::string& path) const;
};

/// Makes files opened with this access list go to the sink, which must outlive them. Negative on failure.
herr_t send_to(hid_t access, Hdf5Sink& sink);

}  // namespace tf::data
