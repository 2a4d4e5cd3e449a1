// Hasbrouck's lambda: the slope of the bars' log return of the close, in basis points, on the sum of sign * sqrt(price
// * lots) of their trades over the last `period` bars, and the R^2 of that regression; 0 where the flow does not vary.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct HasbrouckLambda {
  using Params = WindowParams<20, 2>;

  struct Flow : Pointwise<> {
    static constexpr TickColumn kTicks[] = {TickColumn::signed_size, TickColumn::trade_px};
    static constexpr int kOut = 1, kTerms = 1;

    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* terms) {
      const R worth = sqrt_(abs_(in.now(0) * in.now(1)));
      terms[0] = select(in.now(0) < R(0.0), -worth, worth);
    }
    template <class R>
    TF_HD static void finish(const Coef&, const R* sums, R, R* out) {
      out[0] = sums[0];
    }
  };

  struct Pairs : Pointwise<1> {
    static constexpr Input kIn[] = {stage(0), log_return(kClose)};
    static constexpr int kOut = 2;
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      out[0] = in.now(0);
      out[1] = R(1e4) * in.now(1);
    }
  };

  struct Slope : SlopeAndFitOfSums {
    static constexpr Input kIn[] = {sum(stage(1)), sum(stage(2)), sum_sq(stage(1)), sum_sq(stage(2)),
                                    sum(product(stage(1), stage(2)))};
  };

  using Stages = Chain<Flow, Pairs, Slope>;
  static constexpr int kOut = 2;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Hasbrouck, Journal of Finance 64, 2009, equation 9";
  static constexpr Output kOutputs[] = {{"lambda", "bps per root tick lot"}, {"r_squared", "", 0, 1}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(hasbrouck_lambda, HasbrouckLambda, "price impact of root-sized trades")
