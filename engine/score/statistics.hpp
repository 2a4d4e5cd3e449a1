// The statistics of promotion. Every formula: shared reference STATISTICS, with the paper named at each function.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace tf::score {

struct Moments {
  double mean = 0, deviation = 0;  ///< deviation with ddof 1
  double skew = 0, kurtosis = 0;   ///< biased (ddof 0) as in the Sharpe literature; kurtosis 3 = normal
};
/// NaN where undefined: everything of nothing, deviation of one value, skew and kurtosis of equal values.
Moments moments(std::span<const double> x);

double sharpe(std::span<const double> returns);  ///< mean / deviation (ddof 1); NaN when undefined

/// Probabilistic Sharpe ratio (Bailey & Lopez de Prado 2012). sharpe per period, observations T, kurtosis 3 = normal.
double psr(double sharpe, double reference, double observations, double skew, double kurtosis);
/// E[max of N standard normals], the bracket in SR0 (Bailey & Lopez de Prado 2014). N >= 1; N = 1 gives 0.
double expected_max(double trials);
/// Deflated Sharpe ratio: psr against sqrt(variance) * expected_max(trials).
double dsr(double sharpe, double observations, double skew, double kurtosis, double trials, double trial_variance);
/// Minimum track record length in observations (2012); infinity when sharpe <= reference.
double min_trl(double sharpe, double reference, double skew, double kurtosis, double confidence = 0.95);
/// Minimum backtest length in years (Bailey, Borwein, Lopez de Prado, Zhu 2014).
double min_btl_years(double trials, double target_annual_sharpe);

/// Automatic block length (Politis & White 2004; Patton, Politis & White 2009), clamped to [1, b_max].
struct BlockLength {
  double stationary = 1, circular = 1;
};
BlockLength block_length(std::span<const double> x);
BlockLength raw_block_length(std::span<const double> x);  ///< before the clamp; may come out below 1

/// The n indices of replicate `replicate` of the stationary bootstrap (Politis & Romano 1994), drawn from the
/// counter-based stream keyed (seed, bootstrap, replicate): start uniform; jump with probability 1/block, else step +1
/// mod n.
std::vector<int32_t> stationary_indices(int32_t n, double block, uint64_t seed, uint32_t replicate);

/// Mean of paired differences with a stationary-bootstrap percentile interval. All NaN with fewer than two pairs or
/// with a NaN among them.
struct PairedInterval {
  double mean = 0, low = 0, high = 0;  ///< two-sided `level` interval
  double p_value = 0;                  ///< one-sided, H0: mean <= 0, by recentring; (count + 1) / (draws + 1)
  double block = 1;
  int64_t draws = 0;
};
PairedInterval paired_bootstrap(std::span<const double> candidate, std::span<const double> incumbent, uint64_t seed,
                                int64_t draws = 2000, double level = 0.90);

/// Two-sample Kolmogorov-Smirnov distance sup |F_r - F_c| (Smirnov 1939); NaN are left out. Neither sample needs to be
/// sorted; NaN when one has no value.
double ks_distance(std::span<const double> reference, std::span<const double> current);

/// Probability of the normal distribution, and its inverse.
double normal_cdf(double z);
double normal_quantile(double p);

}  // namespace tf::score
