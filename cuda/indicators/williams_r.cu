// Williams' %R (1973), -100 .. 0: how far the close lies below the highest high, relative to the window's range; 0 in a
// flat window. As TA-Lib's WILLR.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct WilliamsR {
  struct Params {
    int period = 14;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "length of the window")};
      return table;
    }
  };
  static constexpr Input kIn[] = {kClose, highest(kHigh), lowest(kLow)};
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource =
      "L. Williams, How I Made One Million Dollars Last Year Trading Commodities, 1973";
  static constexpr Output kOutputs[] = {{"value", "percent", -100, 0}};
  struct Coef {
    int64_t period;
  };

  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef coef(const Params& params) { return {params.period}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R high = in.highest(1, coef.period), range = high - in.lowest(2, coef.period), zero = R(0.0);
    out[0] = select(range > zero, R(100.0) * (in.now(0) - high) / range, zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(williams_r, WilliamsR, "the close's distance from the highest high, as a share of the range")
