// Covariance of the log returns of the close with those of the reference instrument's mid (divisor: period); NaN while
// the window holds a bar without a reference. Not finite while a price of the window is 0 or negative.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Covariance {
  using Params = ReturnsParams<50, 2>;
  struct Product : OverPeriod {
    static constexpr series::Input kIn[] = {series::sum(series::stage(0)), series::sum(series::stage(1)),
                                            series::sum(series::product(series::stage(0), series::stage(1)))};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R together = scatter(R(coef.count), in.sum(2, coef.period), in.sum(0, coef.period), in.sum(1, coef.period));
      out[0] = together * R(coef.inverse) * R(coef.inverse);
    }
  };
  using Stages = series::Chain<ReturnAndReference, Product>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "H. Markowitz, Journal of Finance 7, 1952";
  static constexpr series::Output kOutputs[] = {{"value", "ratio^2"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(covariance, Covariance, "covariance of the log returns with the reference instrument's")
