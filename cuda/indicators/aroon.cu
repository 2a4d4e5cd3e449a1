// Aroon (Chande, 1995), 0 .. 100: how lately the high of the last period + 1 bars was made, how lately the low, and the
// first less the second. Of equal extremes the latest counts, as in TA-Lib's AROON and AROONOSC. The window is searched
// bar by bar, so that the period is limited.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Aroon {
  using Params = WindowParams<14, 1, 2000>;
  static constexpr Input kIn[] = {kHigh, kLow};
  static constexpr int kOut = 3;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "T. S. Chande, A Time Price Oscillator, 1995";
  static constexpr Output kOutputs[] = {
      {"up", "percent", 0, 100}, {"down", "percent", 0, 100}, {"oscillator", "percent", -100, 100}};
  struct Coef {
    int64_t period;
    double scale;
  };

  static int64_t lookback(const Params& params) { return params.period; }
  static Coef coef(const Params& params) { return {params.period, 100.0 / params.period}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    R high = in.ago(0, coef.period), low = in.ago(1, coef.period), up = R(0.0), down = R(0.0);
    for (int64_t k = coef.period - 1; k >= 0; --k) {
      const R since = R(static_cast<double>(coef.period - k)), now_high = in.ago(0, k), now_low = in.ago(1, k);
      up = select(now_high >= high, since, up);
      high = max_(high, now_high);
      down = select(now_low <= low, since, down);
      low = min_(low, now_low);
    }
    out[0] = up * R(coef.scale);
    out[1] = down * R(coef.scale);
    out[2] = (up - down) * R(coef.scale);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(aroon, Aroon, "how lately the highest high and lowest low were made")
