// Generalised Hurst exponent of the log close with q = 2, 0 .. 1: half the slope of ln(mean squared move over k bars)
// on ln k, k = 1, 2, 4, 8, 16, each mean over the last `period` moves. 0.5: a random walk, above: trends, below:
// reversion; 0.5 where a mean is 0. Not finite while a close of the window is 0 or negative. The other usual form is
// rescaled_range.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Hurst {
  struct Params {
    int period = 100;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "moves in each mean")};
      return table;
    }
  };
  struct Moves : Pointwise<16> {
    static constexpr series::Input kIn[] = {series::sum(series::log_return(series::kClose))};
    static constexpr int kOut = 5;
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      for (int scale = 0; scale < 5; ++scale) out[scale] = in.sum(0, int64_t{1} << scale);
    }
  };
  struct Slope : OverPeriod {
    static constexpr series::Input kIn[] = {series::sum_sq(series::stage(0)), series::sum_sq(series::stage(1)),
                                            series::sum_sq(series::stage(2)), series::sum_sq(series::stage(3)),
                                            series::sum_sq(series::stage(4))};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R zero = R(0.0);
      R slope = zero, lowest = infinity_of<R>();
      // x = -2 .. 2 in powers of two, sum of x^2 = 10
      for (int scale = 0; scale < 5; ++scale) {
        const R square = in.sum(scale, coef.period);
        lowest = min_(lowest, square);
        slope = fma_(R(scale - 2.0), log_(max_(R(0x1p-1000), square)), slope);
      }
      const R exponent = slope * R(0.05 / 0x1.62e42fefa39efp-1);  // half of it, over ln 2
      out[0] = select(lowest == zero, R(0.5), max_(zero, min_(R(1.0), exponent)));
    }
  };
  using Stages = series::Chain<Moves, Slope>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Di Matteo, Aste and Dacorogna, Journal of Banking and Finance 29, 2005";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", 0, 1}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(hurst, Hurst, "Hurst exponent of the close by its moves over 1 to 16 bars")
