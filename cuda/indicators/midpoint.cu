// Middle of the highest and the lowest close of the window, as TA-Lib's MIDPOINT.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Midpoint {
  struct Params {
    int period = 14;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "length of the window")};
      return table;
    }
  };
  static constexpr Input kIn[] = {highest(kClose), lowest(kClose)};
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "TA-Lib MIDPOINT";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};
  struct Coef {
    int64_t period;
  };

  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef coef(const Params& params) { return {params.period}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    out[0] = R(0.5) * (in.highest(0, coef.period) + in.lowest(1, coef.period));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(midpoint, Midpoint, "middle of the highest and lowest close, in ticks")
