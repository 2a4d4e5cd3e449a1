// Choppiness index (Dreiss, 1993): the logarithm of summed true ranges over the window's range, to the base of the
// window's length, in percent: 0 = one straight move, about 100 = none. A flat window counts as 100.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct ChoppinessIndex {
  using Params = WindowParams<14, 2>;
  static constexpr Input kIn[] = {sum(kTrueRange), highest(kHigh), lowest(kLow)};
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "E. W. Dreiss, the choppiness index, 1993";
  static constexpr Output kOutputs[] = {{"value", "percent", 0}};
  struct Coef {
    int64_t period;
    double scale;
  };

  static int64_t lookback(const Params& params) { return params.period; }
  static Coef coef(const Params& params) { return {params.period, 100.0 / log_(double(params.period))}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R range = in.highest(1, coef.period) - in.lowest(2, coef.period);
    out[0] = select(range > R(0.0), R(coef.scale) * max_(log_(in.sum(0, coef.period) / range), R(0.0)), R(100.0));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(choppiness_index, ChoppinessIndex, "how much of the true range went nowhere, in percent")
