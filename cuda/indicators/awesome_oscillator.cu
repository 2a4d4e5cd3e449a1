// Awesome oscillator (Williams, 1998): the mean of the bars' middles over the fast window less that over the slow one,
// as TA-Lib's AO.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct AwesomeOscillator {
  struct Params {
    int fast = 5, slow = 34;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, fast, 1, 100000, "bars", "length of the fast mean"),
                                    TF_FIELD(P, slow, 1, 100000, "bars", "length of the slow mean")};
      return table;
    }
  };
  static constexpr Input kIn[] = {sum(mean_of(kHigh, kLow))};
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "B. Williams, New Trading Dimensions, 1998";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};
  struct Coef {
    int64_t fast, slow;
    double fast_inverse, slow_inverse;
  };

  static int64_t lookback(const Params& params) { return (params.fast > params.slow ? params.fast : params.slow) - 1; }
  static Coef coef(const Params& params) { return {params.fast, params.slow, 1.0 / params.fast, 1.0 / params.slow}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    out[0] = fma_(in.sum(0, coef.fast), R(coef.fast_inverse), -(in.sum(0, coef.slow) * R(coef.slow_inverse)));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(awesome_oscillator, AwesomeOscillator, "fast less slow mean of the bars' middles, in ticks")
