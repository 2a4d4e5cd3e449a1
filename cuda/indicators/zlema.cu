// Zero-lag exponential moving average (Ehlers and Way, 2010, its early form): the EMA of the close and what it gained
// over the last (period - 1) / 2 bars. As TA-Lib's ZLEMA.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Zlema {
  using Params = SmoothingParams<30>;

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
  struct Average : SmoothedInput {
    static constexpr Input kIn[] = {stage(0)};
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
