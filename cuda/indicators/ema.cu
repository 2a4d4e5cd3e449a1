// Exponential moving average of the close, seeded by the mean of the first `period` closes, as TA-Lib's EMA.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Ema {
  struct Params {
    int period = 20;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "smoothing weight 2 / (period + 1)")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::kClose};
  static constexpr int kOut = 1, kAgo = 0;
  static constexpr series::Stability kStability = series::Stability::converging;
  static constexpr const char* kSource =
      "R. G. Brown, Exponential Smoothing for Predicting Demand, 1956; seeded as TA-Lib EMA";
  static constexpr series::Output kOutputs[] = {{"value", "ticks"}};
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

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(ema, Ema, "exponential moving average of the close, in ticks")
