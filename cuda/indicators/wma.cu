// Linearly weighted moving average of the close, as TA-Lib's WMA: the newest of `period` closes counts `period` times,
// the oldest once.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Wma {
  struct Params {
    int period = 30;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "length of the window")};
      return table;
    }
  };
  static constexpr Input kIn[] = {lag_sum(kClose)};
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "TA-Lib WMA";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};
  struct Coef {
    int64_t period;
    double count, inverse;
  };

  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef coef(const Params& params) {
    return {params.period, double(params.period), 2.0 / (double(params.period) * (params.period + 1.0))};
  }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    out[0] = fma_(R(coef.count), in.sum(0, coef.period), -in.lag_sum(0, coef.period)) * R(coef.inverse);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(wma, Wma, "linearly weighted moving average of the close, in ticks")
