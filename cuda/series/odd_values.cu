#include "cuda/series/odd_values.hpp"

#include <cfloat>
#include <cmath>

#include "cuda/base/host_device.hpp"
#include "cuda/base/pack.hpp"

namespace tf::series {
inline namespace TF_LEVEL {
namespace {

/// One lane, whatever its values are.
void count_lane(const double* values, int64_t rows, int64_t stride, int64_t cold, std::size_t lane, OddValues& odd) {
  double before = odd.before[lane], run = odd.run[lane];
  for (int64_t row = 0; row < rows; ++row) {
    const double value = values[row * stride + static_cast<int64_t>(lane)];
    if (std::isnan(value)) {
      ++(odd.in_series + row < cold ? odd.not_ready : odd.missing)[lane];
      run = 0;
    } else {
      odd.infinite[lane] += std::isinf(value);
      odd.outside[lane] += value < odd.low[lane] || value > odd.high[lane];
      run = value == before ? run + 1 : 1;
      odd.stale[lane] += run > odd.stale_rows;
      odd.longest[lane] = run > odd.longest[lane] ? run : odd.longest[lane];
    }
    before = value;
  }
  odd.before[lane] = before;
  odd.run[lane] = run;
}

#if defined(TF_HAS_PACK)
using R = Pack<double>;
constexpr int kLanes = R::kLanes;

/// kPacks packs of lanes from `lane` on, if all their values are finite, in range and unlike those before them. Else
/// nothing is counted.
template <int kPacks>
bool count_plain(const double* values, int64_t rows, int64_t stride, std::size_t lane, OddValues& odd) {
  R low[kPacks], high[kPacks], before[kPacks];
  Mask<R> sound[kPacks];
  for (std::size_t pack = 0; pack < kPacks; ++pack) {
    const std::size_t at = lane + pack * kLanes;
    low[pack] = max_(R::load(&odd.low[at]), R(-DBL_MAX));
    high[pack] = min_(R::load(&odd.high[at]), R(DBL_MAX));
    before[pack] = R::load(&odd.before[at]);
    sound[pack] = R(0.0) == R(0.0);
  }
  for (int64_t row = 0; row < rows; ++row) {
#pragma GCC unroll 2
    for (int pack = 0; pack < kPacks; ++pack) {
      const R value = R::load(values + row * stride + static_cast<int64_t>(lane) + pack * kLanes);
      const Mask<R> in_range = and_(value >= low[pack], value <= high[pack]);
      sound[pack] = and_(sound[pack], and_(in_range, value != before[pack]));
      before[pack] = value;
    }
  }
  for (int pack = 0; pack < kPacks; ++pack)
    if (!all(sound[pack])) return false;
  for (std::size_t pack = 0; pack < kPacks; ++pack) {
    const std::size_t at = lane + pack * kLanes;
    before[pack].store(&odd.before[at]);
    R(1.0).store(&odd.run[at]);
    max_(R::load(&odd.longest[at]), R(1.0)).store(&odd.longest[at]);
  }
  return true;
}

/// kPacks packs of lanes from `lane` on, if all their values are in range, finite or NaN, and, unless kStale, no run is
/// too long. None of them is cold. Else nothing is counted.
template <int kPacks, bool kStale>
bool count_runs(const double* values, int64_t rows, int64_t stride, std::size_t lane, OddValues& odd) {
  const R most(odd.stale_rows), none(0.0), one(1.0);
  R low[kPacks], high[kPacks], before[kPacks], run[kPacks], longest[kPacks], stale[kPacks], missing[kPacks];
  Mask<R> outside[kPacks];
  for (std::size_t pack = 0; pack < kPacks; ++pack) {
    const std::size_t at = lane + pack * kLanes;
    low[pack] = max_(R::load(&odd.low[at]), R(-DBL_MAX));
    high[pack] = min_(R::load(&odd.high[at]), R(DBL_MAX));
    before[pack] = R::load(&odd.before[at]);
    run[pack] = R::load(&odd.run[at]);
    longest[pack] = stale[pack] = missing[pack] = none;
    outside[pack] = none != none;
  }
  for (int64_t row = 0; row < rows; ++row) {
#pragma GCC unroll 2
    for (int pack = 0; pack < kPacks; ++pack) {
      const R value = R::load(values + row * stride + static_cast<int64_t>(lane) + pack * kLanes);
      const Mask<R> there = value == value;
      missing[pack] = missing[pack] + select(there, none, one);
      outside[pack] = or_(outside[pack], or_(value<low[pack], value> high[pack]));
      run[pack] = select(there, select(value == before[pack], run[pack], none) + one, none);
      longest[pack] = max_(longest[pack], run[pack]);
      if constexpr (kStale) stale[pack] = stale[pack] + select(run[pack] > most, one, none);
      before[pack] = value;
    }
  }
  for (int pack = 0; pack < kPacks; ++pack)
    if (any(outside[pack]) || (!kStale && any(longest[pack] > most))) return false;
  for (std::size_t pack = 0; pack < kPacks; ++pack) {
    const std::size_t at = lane + pack * kLanes;
    (R::load(&odd.stale[at]) + stale[pack]).store(&odd.stale[at]);
    (R::load(&odd.missing[at]) + missing[pack]).store(&odd.missing[at]);
    max_(R::load(&odd.longest[at]), longest[pack]).store(&odd.longest[at]);
    before[pack].store(&odd.before[at]);
    run[pack].store(&odd.run[at]);
  }
  return true;
}

/// As many groups of kPacks packs as there are from `lane` on.
template <int kPacks>
void count_groups(const double* values, int64_t rows, int64_t stride, const int64_t* cold, std::size_t& lane,
                  OddValues& odd) {
  constexpr int64_t kAskAgain = 16;  // blocks until a group that was not plain may be so again
  for (constexpr std::size_t kAtOnce = kLanes * kPacks; lane + kAtOnce <= odd.low.size(); lane += kAtOnce) {
    double& wait = odd.not_plain[lane];
    if (wait > 0) {
      --wait;
    } else {
      if (count_plain<kPacks>(values, rows, stride, lane, odd)) continue;
      wait = kAskAgain;
    }
    int64_t coldest = 0;
    bool stale = false;
    for (std::size_t at = lane; at < lane + kAtOnce; ++at) {
      coldest = cold[at] > coldest ? cold[at] : coldest;
      stale |= odd.run[at] >= odd.stale_rows;
    }
    if (odd.in_series >= coldest && ((!stale && count_runs<kPacks, false>(values, rows, stride, lane, odd)) ||
                                     count_runs<kPacks, true>(values, rows, stride, lane, odd)))
      continue;
    for (std::size_t at = lane; at < lane + kAtOnce; ++at) count_lane(values, rows, stride, cold[at], at, odd);
  }
}
#endif

void count_odd(const double* values, int64_t rows, int64_t stride, const int64_t* cold, OddValues& odd) {
  std::size_t lane = 0;
#if defined(TF_HAS_PACK)
  // Two packs at once, since a run's length waits for the row before.
  count_groups<2>(values, rows, stride, cold, lane, odd);
  count_groups<1>(values, rows, stride, cold, lane, odd);
#endif
  for (; lane < odd.low.size(); ++lane) count_lane(values, rows, stride, cold[lane], lane, odd);
}

}  // namespace
}  // namespace TF_LEVEL

CountOdd TF_CONCAT(count_odd_, TF_LEVEL)() { return count_odd; }

}  // namespace tf::series
