// Highest close of a window, as TA-Lib's MAX.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct RollingMax {
  struct Params {
    int period = 20;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "length of the window")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::highest(series::kClose)};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "TA-Lib MAX";
  static constexpr series::Output kOutputs[] = {{"value", "ticks"}};
  struct Coef {
    int64_t period;
  };
  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef coef(const Params& params) { return {params.period}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    out[0] = in.highest(0, coef.period);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(rolling_max, RollingMax, "highest close of a window, in ticks")
