#include "cuda/series/services.hpp"

#include "cuda/base/launch.hpp"
#include "cuda/base/pack.hpp"
#include "cuda/series/log_ratio.hpp"

namespace tf::series {
inline namespace TF_LEVEL {

struct Square {
  const double* from;
  double* to;
  TF_HD void operator()(int64_t at) const { to[at] = from[at] * from[at]; }
};
struct LogReturn {
  const double* from;
  double* to;
  TF_HD void operator()(int64_t at) const { to[at] = log_ratio(from[at], from[at - 1]); }
};
struct Sum {
  const double* from;
  double* to;
  int64_t gap;
  TF_HD void operator()(int64_t at) const { to[at] = from[at - gap] + from[at]; }
};
struct Highest {
  const double* from;
  double* to;
  int64_t gap;
  TF_HD void operator()(int64_t at) const { to[at] = max_(from[at - gap], from[at]); }
};
struct Lowest {
  const double* from;
  double* to;
  int64_t gap;
  TF_HD void operator()(int64_t at) const { to[at] = min_(from[at - gap], from[at]); }
};

/// A range a block would cost more than a short block itself on the CPU: only launches are named.
inline const char* range_name(const Exec& exec, const char* name) {
  return exec.device == Device::cuda ? name : nullptr;
}

void climb(const Exec& exec, Service service, const double* from, double* to, int64_t gap, int64_t count) {
  const char* name = range_name(exec, "series.ladder");
  if (service == Service::highest)
    launch(exec, name, count, Highest{from, to, gap});
  else if (service == Service::lowest)
    launch(exec, name, count, Lowest{from, to, gap});
  else
    launch(exec, name, count, Sum{from, to, gap});
}

template <int kLaneCount>
void store_rows(const double* const* columns, int64_t count, double* rows, int64_t stride) {
  const double* from[kLaneCount];
  for (int lane = 0; lane < kLaneCount; ++lane) from[lane] = columns[lane];
  for (int64_t at = 0; at < count; ++at)
    for (int lane = 0; lane < kLaneCount; ++lane) rows[at * stride + lane] = from[lane][at];
}

void to_rows(const double* const* columns, int lanes, int64_t count, double* rows, int64_t stride) {
  int lane = 0;
  for (; lane + 4 <= lanes; lane += 4) store_rows<4>(columns + lane, count, rows + lane, stride);
  for (; lane < lanes; ++lane) store_rows<1>(columns + lane, count, rows + lane, stride);
}

}  // namespace TF_LEVEL

const ServiceTable& TF_CONCAT(services_, TF_LEVEL)() {
  static const ServiceTable table = {[](const Exec& exec, const double* from, double* to, int64_t count) {
                                       launch(exec, range_name(exec, "series.squares"), count, Square{from, to});
                                     },
                                     [](const Exec& exec, const double* from, double* to, int64_t count) {
                                       launch(exec, range_name(exec, "series.log_returns"), count, LogReturn{from, to});
                                     },
                                     climb, to_rows};
  return table;
}

}  // namespace tf::series
