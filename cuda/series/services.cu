#include "cuda/series/services.hpp"

#include "cuda/base/launch.hpp"
#include "cuda/base/pack.hpp"
#include "cuda/series/cursor.hpp"
#include "cuda/series/log_ratio.hpp"

namespace tf::series {
inline namespace TF_LEVEL {

// Bodies over R: a pack's rows at once on the CPU (left to itself, g++ keeps such loops scalar at -O2), one on a GPU.
struct Square {
  const double* from;
  double* to;
  template <class R>
  TF_HD void run(int64_t at) const {
    const R x = load<R>(from + at);
    keep(x * x, to + at);
  }
  TF_HD static void keep(double value, double* to) { *to = value; }
#if defined(TF_HAS_PACK)
  TF_HD static void keep(Pack<double> value, double* to) { value.store(to); }
#endif
};
using Keep = Square;  // its keep()

/// One functor for every transform of raw columns; `kTransform` is chosen before the loop.
template <Transform kTransform>
struct Transformed {
  const double *x, *y, *z, *w;
  double* to;
  static constexpr bool kScalar = kTransform == Transform::log_return || kTransform == Transform::log ||
                                  kTransform == Transform::log_quotient || kTransform == Transform::log_gap;
  template <class R>
  TF_HD R value(int64_t at) const {
    if constexpr (kTransform == Transform::log_return)
      return log_ratio(x[at], x[at - 1]);
    else if constexpr (kTransform == Transform::log)
      return log_ratio(x[at], 1.0);
    else if constexpr (kTransform == Transform::log_quotient)
      return log_ratio(x[at], y[at]);
    else if constexpr (kTransform == Transform::log_gap)
      return log_ratio(x[at], y[at - 1]);
    else if constexpr (kTransform == Transform::change)
      return load<R>(x + at) - load<R>(x + at - 1);
    else if constexpr (kTransform == Transform::rise)
      return max_(load<R>(x + at) - load<R>(x + at - 1), R(0.0));
    else if constexpr (kTransform == Transform::fall)
      return max_(load<R>(x + at - 1) - load<R>(x + at), R(0.0));
    else if constexpr (kTransform == Transform::difference)
      return load<R>(x + at) - load<R>(y + at);
    else if constexpr (kTransform == Transform::product)
      return load<R>(x + at) * load<R>(y + at);
    else if constexpr (kTransform == Transform::mean_of)
      return R(0.5) * (load<R>(x + at) + load<R>(y + at));
    else if constexpr (kTransform == Transform::true_range)
      return max_(load<R>(z + at - 1), load<R>(x + at)) - min_(load<R>(z + at - 1), load<R>(y + at));
    else if constexpr (kTransform == Transform::typical)
      return (load<R>(x + at) + load<R>(y + at) + load<R>(z + at)) / R(3.0);
    else if constexpr (kTransform == Transform::weighted)
      return (load<R>(x + at) + load<R>(y + at) + R(2.0) * load<R>(z + at)) * R(0.25);
    else
      return (load<R>(x + at) + load<R>(y + at) + load<R>(z + at) + load<R>(w + at)) * R(0.25);
  }
  template <class R>
  TF_HD void run(int64_t at) const {
    Keep::keep(value<R>(at), to + at);
  }
};
struct Sum {
  const double* from;
  double* to;
  int64_t gap;
  template <class R>
  TF_HD void run(int64_t at) const {
    Keep::keep(load<R>(from + at - gap) + load<R>(from + at), to + at);
  }
};
struct LagSum {
  const double *lags, *sums;
  double* to;
  int64_t gap;
  template <class R>
  TF_HD void run(int64_t at) const {
    const R rows = R(static_cast<double>(gap)) * load<R>(sums + at - gap);
    Keep::keep(load<R>(lags + at) + (load<R>(lags + at - gap) + rows), to + at);
  }
};
struct Highest {
  const double* from;
  double* to;
  int64_t gap;
  template <class R>
  TF_HD void run(int64_t at) const {
    Keep::keep(max_(load<R>(from + at - gap), load<R>(from + at)), to + at);
  }
};
struct Lowest {
  const double* from;
  double* to;
  int64_t gap;
  template <class R>
  TF_HD void run(int64_t at) const {
    Keep::keep(min_(load<R>(from + at - gap), load<R>(from + at)), to + at);
  }
};

/// Row `at` of a body, for a launch.
template <class Body>
struct RowOf {
  Body body;
  TF_HD void operator()(int64_t at) const { body.template run<double>(at); }
};

template <class Body>
constexpr bool only_scalar() {
  if constexpr (requires { Body::kScalar; })
    return Body::kScalar;
  else
    return false;
}

template <class Body>
void each_row(const Exec& exec, const char* name, int64_t count, const Body& body) {
#if defined(TF_HAS_PACK)
  if constexpr (!only_scalar<Body>())
    if (exec.device == Device::cpu) {
      constexpr int kStep = Pack<double>::kLanes;
      int64_t at = 0;
      for (; at + kStep <= count; at += kStep) body.template run<Pack<double>>(at);
      for (; at < count; ++at) body.template run<double>(at);
      return;
    }
#endif
  launch(exec, name, count, RowOf<Body>{body});
}

/// A range a block would cost more than a short block itself on the CPU: only launches are named.
inline const char* range_name(const Exec& exec, const char* name) {
  return exec.device == Device::cuda ? name : nullptr;
}

void climb(const Exec& exec, Service service, const double* from, double* to, int64_t gap, int64_t count) {
  const char* name = range_name(exec, "series.ladder");
  if (service == Service::highest)
    each_row(exec, name, count, Highest{from, to, gap});
  else if (service == Service::lowest)
    each_row(exec, name, count, Lowest{from, to, gap});
  else
    each_row(exec, name, count, Sum{from, to, gap});
}

void climb_lags(const Exec& exec, const double* lags, const double* sums, double* to, int64_t gap, int64_t count) {
  each_row(exec, range_name(exec, "series.lag_ladder"), count, LagSum{lags, sums, to, gap});
}

template <Transform kTransform>
void launch_transform(const Exec& exec, const double* const* raw, double* to, int64_t count) {
  each_row(exec, range_name(exec, "series.transform"), count,
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

constexpr int64_t kMagicBits = int64_t{0x4338} << 48;  // of 1.5 * 2^52

/// One row's term of running totals as a whole number in the low bits of 1.5 * 2^52 + it. `unfit` gathers what rounding
/// changed, `most` the largest size.
template <class R, Service kService>
TF_HD R whole_term(R value, R row, Mask<R>& unfit, R& most, R& itself) {
  const R magic = R(0x1.8p52);
  itself = value + magic;
  unfit = or_(unfit, itself - magic != value);
  most = max_(abs_(value), most);
  if constexpr (kService == Service::sum_sq) return value * value + magic;
  if constexpr (kService == Service::lag_sum) return row * value + magic;
  return itself;
}

#if defined(TF_HAS_PACK)
using Whole = VectorOf<int64_t, Pack<double>::kLanes>::type;
#if defined(__AVX512F__)
inline Whole prefix_sums(Whole v) {
  const Whole zero = {};
  v += __builtin_shufflevector(v, zero, 8, 0, 1, 2, 3, 4, 5, 6);
  v += __builtin_shufflevector(v, zero, 8, 9, 0, 1, 2, 3, 4, 5);
  return v + __builtin_shufflevector(v, zero, 8, 9, 10, 11, 0, 1, 2, 3);
}
inline Whole last_in_all(Whole v) { return __builtin_shufflevector(v, v, 7, 7, 7, 7, 7, 7, 7, 7); }
#else
inline Whole prefix_sums(Whole v) {
  const Whole zero = {};
  v += __builtin_shufflevector(v, zero, 4, 0, 1, 2);
  return v + __builtin_shufflevector(v, zero, 4, 5, 0, 1);
}
inline Whole last_in_all(Whole v) { return __builtin_shufflevector(v, v, 3, 3, 3, 3); }
#endif
#endif

/// Adds up the whole numbers that terms hold, and goes on from row to row.
#if defined(TF_HAS_PACK)
struct RunningWords {
  Whole carried;
  TF_HD void add(Pack<double> term, int64_t* to) {
    Whole sums;
    std::memcpy(&sums, &term, sizeof sums);
    sums = prefix_sums(sums - kMagicBits);
    const Whole out = sums + carried;
    std::memcpy(to, &out, sizeof out);
    carried += last_in_all(sums);
  }
};
#endif

template <Service kService>
bool running_totals(const double* from, int64_t count, double limit, int64_t first, int64_t* to, int64_t* sums) {
  constexpr double kScale = kService == Service::sum_sq ? 2.0 : 8.0;
  constexpr bool kBoth = kService == Service::lag_sum;
  int64_t at = 0;
#if defined(TF_HAS_PACK)
  using Lanes = Pack<double>;
  constexpr int kStep = Lanes::kLanes;
  const Lanes scale = Lanes(kScale);
  Lanes row = Lanes(static_cast<double>(first)) + lane_numbers<Lanes>(), largest = Lanes(0.0), itself;
  Mask<Lanes> odd = scale != scale;
  const auto fits = [&] {
    double most = 0;
    for (int lane = 0; lane < kStep; ++lane) most = max_(largest[lane], most);
    return !any(odd) && most <= limit;
  };
  RunningWords terms{Whole{} + to[-1]}, values{Whole{} + (kBoth ? sums[-1] : 0)};
  while (at + kStep <= count) {
    const int64_t stretch = at + 64 < count ? at + 64 : count;
    for (; at + kStep <= stretch; at += kStep) {
      terms.add(whole_term<Lanes, kService>(load<Lanes>(from + at) * scale, row, odd, largest, itself), to + at);
      if constexpr (kBoth) {
        values.add(itself, sums + at);
        row = row + Lanes(static_cast<double>(kStep));
      }
    }
    if (!fits()) return false;
  }
#endif
  bool unfit = false;
  double most_left = 0, value = 0;
  const auto whole = [](double term) {
    int64_t bits;
    std::memcpy(&bits, &term, sizeof bits);
    return bits - kMagicBits;
  };
  for (; at < count; ++at) {
    to[at] = to[at - 1] + whole(whole_term<double, kService>(from[at] * kScale, static_cast<double>(first + at), unfit,
                                                             most_left, value));
    if constexpr (kBoth) sums[at] = sums[at - 1] + whole(value);
  }
  return !unfit && most_left <= limit;
}

bool running(Service service, const double* from, int64_t count, double limit, int64_t first, int64_t* to,
             int64_t* sums) {
  if (service == Service::sum_sq) return running_totals<Service::sum_sq>(from, count, limit, first, to, sums);
  if (service == Service::lag_sum) return running_totals<Service::lag_sum>(from, count, limit, first, to, sums);
  return running_totals<Service::sum>(from, count, limit, first, to, sums);
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
                                       each_row(exec, range_name(exec, "series.squares"), count, Square{from, to});
                                     },
                                     transform,
                                     climb,
                                     climb_lags,
                                     running,
                                     to_rows};
  return table;
}

}  // namespace tf::series
