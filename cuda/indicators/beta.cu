// Beta: the slope of the close's returns on those of the reference instrument's mid, as TA-Lib's BETA(reference,
// close); simple returns, 0 from a price of 0; 0 where the reference's do not vary, NaN while the window holds a bar
// without a reference.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Beta {
  using Params = ReturnsParams<50, 2>;
  struct Pair : Pointwise<1> {
    static constexpr series::Input kIn[] = {series::kReference, series::kClose};
    static constexpr int kOut = 2;
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      const R zero = R(0.0), reference = in.ago(0, 1), close = in.ago(1, 1);
      out[0] = select(reference == zero, zero, (in.now(0) - reference) / reference);
      out[1] = select(close == zero, zero, (in.now(1) - close) / close);
    }
  };
  struct Slope : OverPeriod {
    static constexpr series::Input kIn[] = {series::sum(series::stage(0)), series::sum(series::stage(1)),
                                            series::sum_sq(series::stage(0)),
                                            series::sum(series::product(series::stage(0), series::stage(1)))};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R count = R(coef.count), x = in.sum(0, coef.period), y = in.sum(1, coef.period), zero = R(0.0);
      const R varies = spread(count, in.sum(2, coef.period), x);
      out[0] = select(varies == zero, zero, scatter(count, in.sum(3, coef.period), x, y) / varies);
    }
  };
  using Stages = series::Chain<Pair, Slope>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "W. F. Sharpe, Journal of Finance 19, 1964; TA-Lib BETA";
  static constexpr series::Output kOutputs[] = {{"value", "ratio"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(beta, Beta, "slope of the close's returns on the reference instrument's")
