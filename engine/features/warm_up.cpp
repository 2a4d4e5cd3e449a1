#include "engine/features/warm_up.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "cuda/base/error.hpp"
#include "cuda/base/parallel.hpp"

namespace tf::features {
namespace {

/// Distance in representable values; 0 for two NaN, the largest for one.
uint64_t ulps_apart(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b) ? 0 : UINT64_MAX;
  const auto ordered = [](double value) {
    const auto bits = std::bit_cast<int64_t>(value);
    return bits < 0 ? INT64_MIN - bits : bits;
  };
  const int64_t x = ordered(a), y = ordered(b);
  return x > y ? static_cast<uint64_t>(x) - static_cast<uint64_t>(y)
               : static_cast<uint64_t>(y) - static_cast<uint64_t>(x);
}

/// Rows of `late` until it stays within `most` of `whole`'s last rows; -1: it never does.
int64_t rows_until(const Table& whole, const Table& late, int64_t lane, uint64_t most) {
  const int64_t shift = whole.rows() - late.rows();
  int64_t row = late.rows();
  while (row > 0 && ulps_apart(whole.panel()(row - 1 + shift, lane), late.panel()(row - 1, lane)) <= most) --row;
  return row == late.rows() ? -1 : row;
}

int64_t larger(int64_t a, int64_t b) { return a < 0 || b < 0 ? -1 : std::max(a, b); }

}  // namespace

int64_t WarmUpStudy::needed() const {
  int64_t most = 0;
  for (const WarmUp& feature : features) most = larger(most, feature.same_bits);
  return most;
}

WarmUpStudy study_warm_up(const Exec& exec, const Spec& spec, const data::TickStore& store,
                          const std::string& instrument, const std::vector<data::DayInfo>& days, int starts) {
  if (days.size() < 2)
    throw Error(ErrorKind::bad_data, "warm-up: a series is begun at a later day, so at least two days are needed");
  Spec running = spec;
  running.carry = Carry::history;
  running.warmup = 0;
  const Table whole = compute(exec, running, store, instrument, days);

  const std::size_t last = std::max<std::size_t>(1, days.size() / 2);
  std::vector<std::size_t> firsts;
  for (int start = 0; start < starts; ++start) {
    const std::size_t first =
        1 + (last - 1) * static_cast<std::size_t>(start) / static_cast<std::size_t>(std::max(1, starts - 1));
    if (firsts.empty() || firsts.back() != first) firsts.push_back(first);
  }
  WarmUpStudy study;
  study.starts = static_cast<int64_t>(firsts.size());
  study.least_rows = whole.rows();
  for (const series::Instance& instance : running.instances) {
    const series::IndicatorEntry& entry = series::find_indicator(exec, instance.indicator);
    const auto params = instance.params ? instance.params : std::shared_ptr<const void>(entry.params.make());
    for (int output = 0; output < entry.outputs; ++output)
      study.features.push_back(
          {whole.schema.names[study.features.size()], entry.stability, entry.lookback(params.get()), 0, 0});
  }

  std::vector<std::vector<WarmUp>> found(firsts.size(), study.features);
  std::vector<int64_t> rows(firsts.size());
  parallel_for(exec.threads, study.starts, [&](int64_t at) {
    const auto start = static_cast<std::size_t>(at);
    const Table late = compute(exec, running, store, instrument,
                               {days.begin() + static_cast<std::ptrdiff_t>(firsts[start]), days.end()});
    rows[start] = late.rows();
    for (std::size_t lane = 0; lane < found[start].size(); ++lane) {
      found[start][lane].one_ulp = rows_until(whole, late, static_cast<int64_t>(lane), 1);
      found[start][lane].same_bits = rows_until(whole, late, static_cast<int64_t>(lane), 0);
    }
  });
  for (std::size_t start = 0; start < firsts.size(); ++start) {
    study.least_rows = std::min(study.least_rows, rows[start]);
    for (std::size_t lane = 0; lane < study.features.size(); ++lane) {
      WarmUp& feature = study.features[lane];
      feature.one_ulp = larger(feature.one_ulp, found[start][lane].one_ulp);
      feature.same_bits = larger(feature.same_bits, found[start][lane].same_bits);
    }
  }
  return study;
}

}  // namespace tf::features
