#include "cuda/series/services.hpp"

#include "cuda/base/launch.hpp"
#include "cuda/base/pack.hpp"
#include "cuda/series/cursor.hpp"
#include "cuda/series/log_ratio.hpp"

namespace tf::series {
inline namespace TF_LEVEL {

struct Square {
  const double* from;
  double* to;
  TF_HD void operator()(int64_t at) const { to[at] = from[at] * from[at]; }
};
/// One functor for every transform of raw columns; `kTransform` is chosen before the loop.
template <Transform kTransform>
struct Transformed {
  const double *x, *y, *z, *w;
  double* to;
  TF_HD void operator()(int64_t at) const {
    if constexpr (kTransform == Transform::log_return)
      to[at] = log_ratio(x[at], x[at - 1]);
    else if constexpr (kTransform == Transform::change)
      to[at] = x[at] - x[at - 1];
    else if constexpr (kTransform == Transform::rise)
      to[at] = max_(x[at] - x[at - 1], 0.0);
    else if constexpr (kTransform == Transform::fall)
      to[at] = max_(x[at - 1] - x[at], 0.0);
    else if constexpr (kTransform == Transform::log)
      to[at] = log_ratio(x[at], 1.0);
    else if constexpr (kTransform == Transform::difference)
      to[at] = x[at] - y[at];
    else if constexpr (kTransform == Transform::product)
      to[at] = x[at] * y[at];
    else if constexpr (kTransform == Transform::mean_of)
      to[at] = 0.5 * (x[at] + y[at]);
    else if constexpr (kTransform == Transform::log_quotient)
      to[at] = log_ratio(x[at], y[at]);
    else if constexpr (kTransform == Transform::log_gap)
      to[at] = log_ratio(x[at], y[at - 1]);
    else if constexpr (kTransform == Transform::true_range)
      to[at] = max_(z[at - 1], x[at]) - min_(z[at - 1], y[at]);
    else if constexpr (kTransform == Transform::typical)
      to[at] = (x[at] + y[at] + z[at]) / 3.0;
    else if constexpr (kTransform == Transform::weighted)
      to[at] = (x[at] + y[at] + 2.0 * z[at]) * 0.25;
    else
      to[at] = (x[at] + y[at] + z[at] + w[at]) * 0.25;
  }
};
struct Sum {
  const double* from;
  double* to;
  int64_t gap;
  TF_HD void operator()(int64_t at) const { to[at] = from[at - gap] + from[at]; }
};
struct LagSum {
  const double *lags, *sums;
  double* to;
  int64_t gap;
  TF_HD void operator()(int64_t at) const {
    to[at] = lags[at] + (lags[at - gap] + static_cast<double>(gap) * sums[at - gap]);
  }
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

void climb_lags(const Exec& exec, const double* lags, const double* sums, double* to, int64_t gap, int64_t count) {
  launch(exec, range_name(exec, "series.lag_ladder"), count, LagSum{lags, sums, to, gap});
}

template <Transform kTransform>
void launch_transform(const Exec& exec, const double* const* raw, double* to, int64_t count) {
  launch(exec, range_name(exec, "series.transform"), count,
         Transformed<kTransform>{raw[0], raw[1], raw[2], raw[3], to});
}

void transform(const Exec& exec, Transform wanted, const double* const* raw, double* to, int64_t count) {
  switch (wanted) {
    case Transform::log_return:
      return launch_transform<Transform::log_return>(exec, raw, to, count);
    case Transform::change:
      return launch_transform<Transform::change>(exec, raw, to, count);
    case Transform::rise:
      return launch_transform<Transform::rise>(exec, raw, to, count);
    case Transform::fall:
      return launch_transform<Transform::fall>(exec, raw, to, count);
    case Transform::log:
      return launch_transform<Transform::log>(exec, raw, to, count);
    case Transform::difference:
      return launch_transform<Transform::difference>(exec, raw, to, count);
    case Transform::product:
      return launch_transform<Transform::product>(exec, raw, to, count);
    case Transform::mean_of:
      return launch_transform<Transform::mean_of>(exec, raw, to, count);
    case Transform::log_quotient:
      return launch_transform<Transform::log_quotient>(exec, raw, to, count);
    case Transform::log_gap:
      return launch_transform<Transform::log_gap>(exec, raw, to, count);
    case Transform::true_range:
      return launch_transform<Transform::true_range>(exec, raw, to, count);
    case Transform::typical:
      return launch_transform<Transform::typical>(exec, raw, to, count);
    case Transform::weighted:
      return launch_transform<Transform::weighted>(exec, raw, to, count);
    case Transform::average:
      return launch_transform<Transform::average>(exec, raw, to, count);
    case Transform::none:
      return;
  }
}

/// The terms of running totals for rows [0, count), count a multiple of R's lanes; false where one is refused.
template <class R, Service kService>
bool whole_terms(const double* from, int64_t count, double limit, int64_t first, int64_t* to) {
  constexpr int kStep = static_cast<int>(sizeof(R) / sizeof(double));
  const R magic = R(0x1.8p52), scale = R(kService == Service::sum_sq ? 2.0 : 8.0), most = R(limit);
  R row = R(static_cast<double>(first)) + lane_numbers<R>();
  for (int64_t at = 0; at < count; at += kStep) {
    const R value = load<R>(from + at) * scale;
    if (!all(and_((value + magic) - magic == value, abs_(value) <= most))) return false;
    R term = value;
    if constexpr (kService == Service::sum_sq) term = value * value;
    if constexpr (kService == Service::lag_sum) {
      term = row * value;
      row = row + R(static_cast<double>(kStep));
    }
    const R whole = term + magic;
    std::memcpy(to + at, &whole, sizeof whole);
  }
  return true;
}

template <Service kService>
bool running_totals(const double* from, int64_t count, double limit, int64_t first, int64_t* to) {
  int64_t whole = 0;
#if defined(TF_HAS_PACK)
  whole = count - count % Pack<double>::kLanes;
  if (!whole_terms<Pack<double>, kService>(from, whole, limit, first, to)) return false;
#endif
  if (!whole_terms<double, kService>(from + whole, count - whole, limit, first + whole, to + whole)) return false;
  int64_t total = to[-1];
  for (int64_t at = 0; at < count; ++at) to[at] = total += to[at] - (int64_t{0x4338} << 48);
  return true;
}

bool running(Service service, const double* from, int64_t count, double limit, int64_t first, int64_t* to) {
  if (service == Service::sum_sq) return running_totals<Service::sum_sq>(from, count, limit, first, to);
  if (service == Service::lag_sum) return running_totals<Service::lag_sum>(from, count, limit, first, to);
  return running_totals<Service::sum>(from, count, limit, first, to);
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
                                     transform,
                                     climb,
                                     climb_lags,
                                     running,
                                     to_rows};
  return table;
}

}  // namespace tf::series
