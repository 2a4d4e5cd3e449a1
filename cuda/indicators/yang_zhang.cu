// Volatility of a bar by gap, move and range: the root of V_gap + k V_move + (1 - k) V_rs, k = 0.34 / (1.34 + (n + 1) /
// (n - 1)), where V_gap and V_move are sample variances (divisor n - 1) of ln(open / close before) and ln(close /
// open), V_rs the mean of rogers_satchell's terms; not annualised. NaN while a price of the window is negative.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct YangZhang {
  using Params = WindowParams<20, 2>;
  struct Join {
    static constexpr series::Input kGap = series::log_gap(series::kOpen, series::kClose);
    static constexpr series::Input kMove = series::log_quotient(series::kClose, series::kOpen);
    static constexpr series::Input kIn[] = {series::sum(kGap), series::sum_sq(kGap), series::sum(kMove),
                                            series::sum_sq(kMove), series::sum(series::stage(0))};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
      double count, inverse, sample, share;
    };
    static int64_t lookback(const Params& params) { return params.period; }
    static Coef coef(const Params& params) {
      const double n = params.period;
      return {params.period, n, 1.0 / n, 1.0 / (n * (n - 1.0)), 0.34 / (1.34 + (n + 1.0) / (n - 1.0))};
    }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R count = R(coef.count), share = R(coef.share), gap = in.sum(0, coef.period), move = in.sum(2, coef.period);
      const R gaps = spread(count, in.sum(1, coef.period), gap), moves = spread(count, in.sum(3, coef.period), move);
      const R ranges = max_(R(0.0), in.sum(4, coef.period)) * R(coef.inverse);
      out[0] = sqrt_(fma_(fma_(share, moves, gaps), R(coef.sample), (R(1.0) - share) * ranges));
    }
  };
  using Stages = series::Chain<DriftlessVariance, Join>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Yang and Zhang, Journal of Business 73, 2000";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", 0}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(yang_zhang, YangZhang, "volatility of a bar by its prices and the gap before it")
