// Zero-lag exponential moving average (Ehlers and Way, 2010, its early form): the EMA of the close and what it gained
// over the last (period - 1) / 2 bars. As TA-Lib's ZLEMA.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Zlema {
  struct Params {
    int period = 30;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "smoothing weight 2 / (period + 1)")};
      return table;
    }
  };

  struct Ahead {
    static constexpr Input kIn[] = {kClose};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t lag;
    };
    static int64_t lookback(const Params& params) { return (params.period - 1) / 2; }
    static Coef coef(const Params& params) { return {(params.period - 1) / 2}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = fma_(R(2.0), in.now(0), -in.ago(0, coef.lag));
    }
  };
  struct Average {
    static constexpr Input kIn[] = {stage(0)};
    static constexpr int kOut = 1, kAgo = 0;
    template <class R>
    struct Coef {
      R weight, period;
    };
    template <class R>
    struct Lane {
      R mean;
    };
    static int64_t lookback(const Params& params) { return params.period - 1; }
    static Coef<double> coef(const Params& params) { return {2.0 / (params.period + 1.0), double(params.period)}; }
    template <class R, class In>
    TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
      const R weight = in.ramp(coef.weight, coef.period);
      lane.mean = fma_(R(1.0) - weight, lane.mean, weight * in.now(0));
      out[0] = lane.mean;
    }
  };

  using Stages = Chain<Ahead, Average>;
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "J. F. Ehlers and R. Way, Zero Lag (Well, Almost), 2010";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(zlema, Zlema, "zero-lag exponential moving average of the close, in ticks")
