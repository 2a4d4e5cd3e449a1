// Moments, the Sharpe ratio and what it is worth after a short record and many trials.
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <limits>

#include "engine/score/statistics.hpp"

namespace tf::score {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSqrt2 = 1.4142135623730950488;
constexpr double kEulerGamma = 0.57721566490153286061;
constexpr double kE = 2.71828182845904523536;

/// 1 - g3 SR + (g4 - 1)/4 SR^2: T times the variance of the estimated Sharpe ratio (Mertens 2002, as used by Bailey &
/// Lopez de Prado 2012, eq. 8). NaN where it is not positive: no distribution has such moments.
double sharpe_spread(double sharpe, double skew, double kurtosis) {
  const double spread = 1 - skew * sharpe + (kurtosis - 1) / 4 * sharpe * sharpe;
  return spread > 0 ? spread : kNan;
}

bool all_equal(std::span<const double> x) {
  for (const double value : x)
    if (!(value == x.front())) return false;
  return true;
}

}  // namespace

double normal_cdf(double z) { return 0.5 * std::erfc(-z / kSqrt2); }

double normal_quantile(double p) {
  if (!(p >= 0 && p <= 1)) return kNan;
  if (p == 0) return -kInfinity;
  if (p == 1) return kInfinity;
  return -kSqrt2 * boost::math::erfc_inv(2 * p);
}

Moments moments(std::span<const double> x) {
  Moments result{kNan, kNan, kNan, kNan};
  const double count = static_cast<double>(x.size());
  if (x.empty()) return result;
  // The rounded mean of equal values may differ from them; their deviation is zero all the same.
  if (all_equal(x)) {
    result.mean = x.front();
    if (x.size() > 1) result.deviation = 0;
    return result;
  }
  double sum = 0;
  for (const double value : x) sum += value;
  result.mean = sum / count;
  double second = 0, third = 0, fourth = 0;
  for (const double value : x) {
    const double off = value - result.mean, square = off * off;
    second += square;
    third += square * off;
    fourth += square * square;
  }
  result.deviation = std::sqrt(second / (count - 1));
  second /= count;
  result.skew = third / count / (second * std::sqrt(second));
  result.kurtosis = fourth / count / (second * second);
  return result;
}

double sharpe(std::span<const double> returns) {
  const Moments m = moments(returns);
  return m.deviation > 0 ? m.mean / m.deviation : kNan;
}

double psr(double sharpe, double reference, double observations, double skew, double kurtosis) {
  if (!(observations > 1)) return kNan;
  return normal_cdf((sharpe - reference) * std::sqrt(observations - 1) /
                    std::sqrt(sharpe_spread(sharpe, skew, kurtosis)));
}

double expected_max(double trials) {
  if (!(trials >= 1)) return kNan;
  if (trials == 1) return 0;
  const double bracket =
      (1 - kEulerGamma) * normal_quantile(1 - 1 / trials) + kEulerGamma * normal_quantile(1 - 1 / (trials * kE));
  return bracket > 0 ? bracket : 0;  // the approximation dips below zero for fractional counts under about 1.4
}

double dsr(double sharpe, double observations, double skew, double kurtosis, double trials, double trial_variance) {
  if (!(trial_variance >= 0)) return kNan;
  return psr(sharpe, std::sqrt(trial_variance) * expected_max(trials), observations, skew, kurtosis);
}

double min_trl(double sharpe, double reference, double skew, double kurtosis, double confidence) {
  if (std::isnan(sharpe) || std::isnan(reference)) return kNan;
  if (sharpe <= reference) return kInfinity;
  const double ratio = normal_quantile(confidence) / (sharpe - reference);
  return 1 + sharpe_spread(sharpe, skew, kurtosis) * ratio * ratio;
}

double min_btl_years(double trials, double target_annual_sharpe) {
  if (!(target_annual_sharpe > 0)) return kNan;
  const double ratio = expected_max(trials) / target_annual_sharpe;
  return ratio * ratio;
}

}  // namespace tf::score
