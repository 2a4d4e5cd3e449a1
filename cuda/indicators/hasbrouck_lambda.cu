// Hasbrouck's lambda: the slope of the bars' log return of the close, in basis points, on the sum of sign * sqrt(price
// * lots) of their trades over the last `period` bars, and the R^2 of that regression; 0 where the flow does not vary.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct HasbrouckLambda {
  struct Params {
    int period = 20;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 2, 100000, "bars", "bars in the window")};
      return table;
    }
  };

  struct Flow {
    static constexpr TickColumn kTicks[] = {TickColumn::signed_size, TickColumn::trade_px};
    static constexpr int kOut = 1, kTerms = 1;
    struct Coef {};

    static int64_t lookback(const Params&) { return 0; }
    static Coef coef(const Params&) { return {}; }

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

  struct Pairs {
    static constexpr Input kIn[] = {stage(0), log_return(kClose)};
    static constexpr int kOut = 2;
    struct Coef {};
    static int64_t lookback(const Params&) { return 1; }
    static Coef coef(const Params&) { return {}; }
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      out[0] = in.now(0);
      out[1] = R(1e4) * in.now(1);
    }
  };

  struct Slope {
    static constexpr Input kIn[] = {sum(stage(1)), sum(stage(2)), sum_sq(stage(1)), sum_sq(stage(2)),
                                    sum(product(stage(1), stage(2)))};
    static constexpr int kOut = 2;
    struct Coef {
      int64_t period;
    };
    static int64_t lookback(const Params& params) { return params.period - 1; }
    static Coef coef(const Params& params) { return {params.period}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R n = R(static_cast<double>(coef.period)), zero = R(0.0);
      const R x = in.sum(0, coef.period), y = in.sum(1, coef.period), shared = n * in.sum(4, coef.period) - x * y;
      const R spread_x = n * in.sum(2, coef.period) - x * x, spread_y = n * in.sum(3, coef.period) - y * y;
      out[0] = select(spread_x > zero, shared / spread_x, zero);
      const R fit = shared / spread_x * (shared / spread_y);
      out[1] = select(and_(spread_x > zero, spread_y > zero), min_(fit, R(1.0)), zero);
    }
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
