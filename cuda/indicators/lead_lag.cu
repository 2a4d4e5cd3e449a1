// Correlation over the last `period` bars of the close's change with the reference instrument's change `lag` bars
// earlier, as each was known at its bar: above 0 where the reference leads. 0 where one of them stands still.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct LeadLag {
  struct Params {
    int period = 50;
    int lag = 1;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 2, 100000, "bars", "bars in the window"),
                                    TF_FIELD(P, lag, 0, 1000, "bars", "how far the reference lies back")};
      return table;
    }
  };

  struct Moves {
    static constexpr Input kIn[] = {change(kClose), change(kReference)};
    static constexpr int kOut = 2;
    struct Coef {
      int64_t lag;
    };
    static int64_t lookback(const Params& params) { return int64_t{params.lag} + 1; }
    static Coef coef(const Params& params) { return {params.lag}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = in.now(0);
      out[1] = in.ago(1, coef.lag);
    }
  };

  struct Correlation : OverPeriod {
    static constexpr Input kIn[] = {sum(stage(0)), sum(stage(1)), sum_sq(stage(0)), sum_sq(stage(1)),
                                    sum(product(stage(0), stage(1)))};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R n = R(static_cast<double>(coef.period)), zero = R(0.0);
      const R x = in.sum(0, coef.period), y = in.sum(1, coef.period), shared = n * in.sum(4, coef.period) - x * y;
      const R spread_x = n * in.sum(2, coef.period) - x * x, spread_y = n * in.sum(3, coef.period) - y * y;
      const R one = R(1.0), correlation = shared / (sqrt_(spread_x) * sqrt_(spread_y));
      out[0] = select(and_(spread_x > zero, spread_y > zero), max_(min_(correlation, one), -one), zero);
    }
  };

  using Stages = Chain<Moves, Correlation>;
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "de Jong and Nijman, Journal of Empirical Finance 4, 1997";
  static constexpr Output kOutputs[] = {{"value", "ratio", -1, 1}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(lead_lag, LeadLag, "correlation with the reference instrument some bars before")
