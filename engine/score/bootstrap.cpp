// Stationary bootstrap of paired differences with automatic block length. Draw number r is a function of (seed, r)
// alone, so the answer does not depend on how many threads work or in which order.
#include <algorithm>
#include <cmath>
#include <limits>

#include "cuda/base/error.hpp"
#include "cuda/base/philox.hpp"
#include "engine/score/statistics.hpp"

namespace tf::score {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double mean_of(std::span<const double> x) {
  double sum = 0;
  for (const double value : x) sum += value;
  return sum / static_cast<double>(x.size());
}

/// Quantile of sorted values, linear between order statistics (type 7 of Hyndman & Fan 1996).
double quantile(std::span<const double> sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const std::size_t below = static_cast<std::size_t>(at), above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

/// Calls visit(index) for each position of a replicate. One Philox block a position: words 0-1 decide whether to jump,
/// word 2 says where to.
template <class Visit>
void each_index(int32_t n, double block, uint64_t seed, uint32_t replicate, Visit visit) {
  const RandomStream stream{seed, Purpose::bootstrap, replicate};
  const double jump = 1 / block;
  int32_t index = 0;
  for (int32_t position = 0; position < n; ++position) {
    const Words4 words = stream.words(static_cast<uint64_t>(position));
    const uint64_t bits = uint64_t{words.w[0]} << 32 | words.w[1];
    const double u = (static_cast<double>(bits >> 12) + 0.5) * (1.0 / 4503599627370496.0);
    if (position == 0 || u < jump)
      index = static_cast<int32_t>(uint64_t{words.w[2]} * static_cast<uint32_t>(n) >> 32);
    else
      index = index + 1 == n ? 0 : index + 1;
    visit(index);
  }
}

}  // namespace

BlockLength raw_block_length(std::span<const double> x) {
  const int64_t n = static_cast<int64_t>(x.size());
  if (n < 2) return {};
  const double count = static_cast<double>(n), mean = mean_of(x);
  const int64_t runs = std::max<int64_t>(5, static_cast<int64_t>(std::floor(std::log10(count))));
  const int64_t most = std::min<int64_t>(static_cast<int64_t>(std::ceil(std::sqrt(count))) + runs, n - 1);
  std::vector<double> covariance(static_cast<std::size_t>(most) + 1), correlation(covariance.size());
  for (int64_t lag = 0; lag <= most; ++lag) {
    double product = 0, head = 0, tail = 0;
    for (int64_t t = lag; t < n; ++t) {
      const double now = x[t] - mean, then = x[t - lag] - mean;
      product += now * then;
      head += now * now;
      tail += then * then;
    }
    covariance[lag] = product / count;
    correlation[lag] = product / std::sqrt(head * tail);
  }
  if (!(covariance[0] > 0)) return std::isnan(covariance[0]) ? BlockLength{kNan, kNan} : BlockLength{};

  // The smallest lag from which `runs` correlations in a row are inside the band.
  const double band = 2 * std::sqrt(std::log10(count) / count);
  int64_t bandwidth = most;
  for (int64_t first = 1, quiet = 0, lag = 1; lag <= most; ++lag) {
    quiet = std::abs(correlation[lag]) < band ? quiet + 1 : 0;
    if (quiet == 0) first = lag + 1;
    if (quiet == runs) {
      bandwidth = std::min(2 * std::max<int64_t>(first, 1), most);
      break;
    }
  }

  // Flat-top lag window of Politis & Romano (1995).
  double slope = 0, spectrum = covariance[0];
  for (int64_t lag = 1; lag <= bandwidth; ++lag) {
    const double share = static_cast<double>(lag) / static_cast<double>(bandwidth);
    const double weight = share <= 0.5 ? 1 : 2 * (1 - share);
    slope += 2 * weight * static_cast<double>(lag) * covariance[lag];
    spectrum += 2 * weight * covariance[lag];
  }
  const double ratio = slope / spectrum;
  return {std::cbrt(ratio * ratio * count), std::cbrt(1.5 * ratio * ratio * count)};
}

BlockLength block_length(std::span<const double> x) {
  const double count = static_cast<double>(x.size());
  const double most = std::max(1.0, std::ceil(std::min(3 * std::sqrt(count), count / 3)));
  const auto clamp = [&](double raw) { return std::isnan(raw) ? raw : std::clamp(raw, 1.0, most); };
  const BlockLength raw = raw_block_length(x);
  return {clamp(raw.stationary), clamp(raw.circular)};
}

std::vector<int32_t> stationary_indices(int32_t n, double block, uint64_t seed, uint32_t replicate) {
  std::vector<int32_t> indices;
  indices.reserve(static_cast<std::size_t>(std::max(n, 0)));
  each_index(n, block, seed, replicate, [&](int32_t index) { indices.push_back(index); });
  return indices;
}

PairedInterval paired_bootstrap(std::span<const double> candidate, std::span<const double> incumbent, uint64_t seed,
                                int64_t draws, double level) {
  expect(candidate.size() == incumbent.size(), "a paired bootstrap needs as many candidate as incumbent periods");
  expect(draws >= 1 && level > 0 && level < 1, "a paired bootstrap needs draws >= 1 and a level inside (0, 1)");
  const std::size_t n = candidate.size();
  std::vector<double> difference(n);
  for (std::size_t period = 0; period < n; ++period) difference[period] = candidate[period] - incumbent[period];

  PairedInterval result{kNan, kNan, kNan, kNan, kNan, draws};
  if (n < 2) return result;
  result.mean = mean_of(difference);
  if (!std::isfinite(result.mean)) return {kNan, kNan, kNan, kNan, kNan, draws};
  result.block = block_length(difference).stationary;

  std::vector<double> means(static_cast<std::size_t>(draws));
  int64_t beyond = 0;
  for (int64_t replicate = 0; replicate < draws; ++replicate) {
    double sum = 0;
    each_index(static_cast<int32_t>(n), result.block, seed, static_cast<uint32_t>(replicate),
               [&](int32_t index) { sum += difference[index]; });
    means[replicate] = sum / static_cast<double>(n);
    if (means[replicate] - result.mean >= result.mean) ++beyond;
  }
  std::sort(means.begin(), means.end());
  result.low = quantile(means, (1 - level) / 2);
  result.high = quantile(means, (1 + level) / 2);
  result.p_value = static_cast<double>(beyond + 1) / static_cast<double>(draws + 1);
  return result;
}

}  // namespace tf::score
