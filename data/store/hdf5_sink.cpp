#include "data/store/hdf5_sink.hpp"

#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace tf::data {
namespace {

struct DriverInfo {
  Hdf5Sink* sink;
};

Hdf5Sink* sink_of(H5FD_t* driver) { return reinterpret_cast<Hdf5Sink*>(driver); }
const Hdf5Sink* sink_of(const H5FD_t* driver) { return reinterpret_cast<const Hdf5Sink*>(driver); }

H5FD_t* open_sink(const char*, unsigned, hid_t access, haddr_t) {
  const auto* info = static_cast<const DriverInfo*>(H5Pget_driver_info(access));
  return info ? &info->sink->driver : nullptr;
}

herr_t close_sink(H5FD_t*) { return 0; }

herr_t query_sink(const H5FD_t*, unsigned long* flags) {
  // As HDF5's default driver: metadata gathered into few writes, and nothing in the file that names this driver.
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
           H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
  return 0;
}

haddr_t end_of_allocation(const H5FD_t* driver, H5FD_mem_t) { return sink_of(driver)->end_of_allocation; }
herr_t set_end_of_allocation(H5FD_t* driver, H5FD_mem_t, haddr_t address) {
  sink_of(driver)->end_of_allocation = address;
  return 0;
}
haddr_t end_of_file(const H5FD_t* driver, H5FD_mem_t) { return sink_of(driver)->end_of_file; }

herr_t read_sink(H5FD_t* driver, H5FD_mem_t, hid_t, haddr_t address, std::size_t size, void* buffer) {
  const ssize_t got = ::pread(sink_of(driver)->file->fd(), buffer, size, static_cast<off_t>(address));
  if (got < 0) return -1;
  std::memset(static_cast<char*>(buffer) + got, 0, size - static_cast<std::size_t>(got));
  return 0;
}

herr_t write_sink(H5FD_t* driver, H5FD_mem_t, hid_t, haddr_t address, std::size_t size, const void* buffer) {
  Hdf5Sink& sink = *sink_of(driver);
  sink.end_of_file = std::max(sink.end_of_file, address + size);
  for (std::size_t done = 0; done < size && !sink.failure;) {
    const ssize_t part = ::pwrite(sink.file->fd(), static_cast<const char*>(buffer) + done, size - done,
                                  static_cast<off_t>(address + done));
    if (part > 0) done += static_cast<std::size_t>(part);
    if (part < 0 && errno != EINTR) sink.failure = errno;
  }
  return 0;
}

herr_t truncate_sink(H5FD_t* driver, hid_t, hbool_t) {
  Hdf5Sink& sink = *sink_of(driver);
  if (!sink.failure && ::ftruncate(sink.file->fd(), static_cast<off_t>(sink.end_of_allocation)) != 0)
    sink.failure = errno;
  sink.end_of_file = sink.end_of_allocation;
  return 0;
}

const H5FD_class_t& driver_class() {
  static const H5FD_class_t made = [] {
    H5FD_class_t driver{};
    driver.name = "tickfold_sink";
    driver.maxaddr = haddr_t{1} << 62;
    driver.fc_degree = H5F_CLOSE_STRONG;
    driver.fapl_size = sizeof(DriverInfo);
    driver.open = open_sink;
    driver.close = close_sink;
    driver.query = query_sink;
    driver.get_eoa = end_of_allocation;
    driver.set_eoa = set_end_of_allocation;
    driver.get_eof = end_of_file;
    driver.read = read_sink;
    driver.write = write_sink;
    driver.truncate = truncate_sink;
    const H5FD_mem_t map[] = H5FD_FLMAP_DICHOTOMY;
    std::copy(std::begin(map), std::end(map), driver.fl_map);
    return driver;
  }();
  return made;
}

}  // namespace

void Hdf5Sink::check(const std::string& path) const {
  if (!failure) return;
  errno = failure;
  throw_io("write", path);
}

herr_t send_to(hid_t access, Hdf5Sink& sink) {
  static const hid_t driver = H5FDregister(&driver_class());
  const DriverInfo info{&sink};
  return driver < 0 ? -1 : H5Pset_driver(access, driver, &info);
}

}  // namespace tf::data
