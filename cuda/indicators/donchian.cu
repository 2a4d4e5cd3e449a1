// Donchian channel: the highest high and the lowest low of the window, and their middle. As TA-Lib's DONCHIAN, this bar
// included.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Donchian {
  struct Params {
    int period = 20;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "length of the window")};
      return table;
    }
  };
  static constexpr Input kIn[] = {highest(kHigh), lowest(kLow)};
  static constexpr int kOut = 3;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "R. Donchian, the four-week rule; TA-Lib DONCHIAN";
  static constexpr Output kOutputs[] = {{"upper", "ticks"}, {"middle", "ticks"}, {"lower", "ticks"}};
  struct Coef {
    int64_t period;
  };

  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef coef(const Params& params) { return {params.period}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    out[0] = in.highest(0, coef.period);
    out[2] = in.lowest(1, coef.period);
    out[1] = R(0.5) * (out[0] + out[2]);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(donchian, Donchian, "Donchian channel of highs and lows, in ticks")
