// Ichimoku lines (Hosoda, 1969), each the middle of a window's highest high and lowest low. The spans are those known
// now: charts draw them `base` bars ahead. The chikou line is the close drawn back, no value of its own.
#include <algorithm>

#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Ichimoku {
  struct Params {
    int conversion = 9, base = 26, span = 52;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, conversion, 1, 100000, "bars", "window of the tenkan line"),
                                    TF_FIELD(P, base, 1, 100000, "bars", "window of the kijun line"),
                                    TF_FIELD(P, span, 1, 100000, "bars", "window of span b")};
      return table;
    }
  };
  static constexpr Input kIn[] = {highest(kHigh), lowest(kLow)};
  static constexpr int kOut = 4;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "G. Hosoda, Ichimoku Kinko Hyo, 1969";
  static constexpr Output kOutputs[] = {
      {"tenkan", "ticks"}, {"kijun", "ticks"}, {"span_a", "ticks"}, {"span_b", "ticks"}};
  struct Coef {
    int64_t conversion, base, span;
  };

  static int64_t lookback(const Params& params) { return std::max({params.conversion, params.base, params.span}) - 1; }
  static Coef coef(const Params& params) { return {params.conversion, params.base, params.span}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const auto middle = [&](int64_t period) { return R(0.5) * (in.highest(0, period) + in.lowest(1, period)); };
    out[0] = middle(coef.conversion);
    out[1] = middle(coef.base);
    out[2] = R(0.5) * (out[0] + out[1]);
    out[3] = middle(coef.span);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(ichimoku, Ichimoku, "Ichimoku lines and spans as known now, in ticks")
