// Coefficient of determination of the line through the window's closes: the squared correlation of the close with time;
// 0 in a flat window.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct RSquared {
  using Params = WindowParams<20, 2>;
  static constexpr series::Input kIn[] = {series::sum(series::kClose), series::sum_sq(series::kClose),
                                          series::lag_sum(series::kClose)};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "T. S. Chande and S. Kroll, The New Technical Trader, 1994";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", 0, 1}};
  struct Coef {
    int64_t period;
    double count, ages, age_spread;
  };
  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef coef(const Params& params) {
    // sum of the ages 0 .. n - 1, and n^2 times their variance
    const double n = params.period;
    return {params.period, n, 0.5 * n * (n - 1.0), n * n * (n * n - 1.0) / 12.0};
  }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R count = R(coef.count), total = in.sum(0, coef.period), zero = R(0.0);
    const R together = scatter(count, in.lag_sum(2, coef.period), R(coef.ages), total);
    const R varies = spread(count, in.sum(1, coef.period), total);
    out[0] = select(varies == zero, zero, min_(R(1.0), together / R(coef.age_spread) * together / varies));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(r_squared, RSquared, "share of the close's variance that a straight line explains")
