#include "cuda/series/columns.hpp"

#include "cuda/base/error.hpp"
#include "cuda/series/services.hpp"

namespace tf::series {

const char* column_name(BarColumn column) {
  static const char* const names[kBarColumns] = {
      "open", "high", "low",  "close",    "volume",        "buy_volume",  "sell_volume", "ticks",
      "bid",  "ask",  "vwap", "clock_ns", "since_open_ns", "to_close_ns", "weekday",     "reference"};
  return names[static_cast<int>(column)];
}

const char* column_name(TickColumn column) {
  static const char* const names[kTickColumns] = {
      "bid",       "ask",       "bid_size",     "ask_size",     "signed_size", "trade_px",       "time_ns",
      "bid_depth", "ask_depth", "bid_depth_px", "ask_depth_px", "added_size",  "cancelled_size", "reference_mid"};
  return names[static_cast<int>(column)];
}

const ServiceTable& services(const Exec& exec) {
  if (exec.device == Device::cuda) {
#if defined(TF_WITH_CUDA)
    return services_cuda();
#else
    throw Error(ErrorKind::no_device, "built without CUDA");
#endif
  }
  return exec.level == CpuLevel::v4 ? services_v4() : services_v3();
}

}  // namespace tf::series
