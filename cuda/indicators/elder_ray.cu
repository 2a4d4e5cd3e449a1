// Elder-ray (Elder, 1993): how far the bar's high and low lie above the EMA of the close. As TA-Lib's ERI.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct ElderRay {
  struct Params {
    int period = 13;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "smoothing weight 2 / (period + 1)")};
      return table;
    }
  };
  static constexpr Input kIn[] = {kClose, kHigh, kLow};
  static constexpr int kOut = 2, kAgo = 0;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "A. Elder, Trading for a Living, 1993";
  static constexpr Output kOutputs[] = {{"bull_power", "ticks"}, {"bear_power", "ticks"}};
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
    out[0] = in.now(1) - lane.mean;
    out[1] = in.now(2) - lane.mean;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(elder_ray, ElderRay, "high and low of the bar less the average close, in ticks")
