// Average range: the mean of high - low over the window (on days: the average daily range, ADR).
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct AverageRange {
  struct Params {
    int period = 14;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "length of the window")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::sum(series::difference(series::kHigh, series::kLow))};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource =
      "A. Crabel, Day Trading with Short Term Price Patterns and Opening Range Breakout, 1990";
  static constexpr series::Output kOutputs[] = {{"value", "ticks", 0}};
  struct Coef {
    int64_t period;
    double inverse;
  };
  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef coef(const Params& params) { return {params.period, 1.0 / params.period}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    out[0] = in.sum(0, coef.period) * R(coef.inverse);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(average_range, AverageRange, "mean range of the bars, in ticks")
