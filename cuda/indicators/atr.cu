// Average true range in ticks (Wilder, 1978). As TA-Lib's ATR: the mean of ranges 1 .. period, then weight 1 / period.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Atr {
  struct Params {
    int period = 14;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "length of Wilder's average")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::kHigh, series::kLow, series::kClose};
  static constexpr int kOut = 1, kAgo = 1;
  static constexpr series::Stability kStability = series::Stability::converging;
  static constexpr const char* kSource = "J. W. Wilder, New Concepts in Technical Trading Systems, 1978";
  static constexpr series::Output kOutputs[] = {{"value", "ticks", 0}};
  template <class R>
  struct Coef {
    R weight, period;
  };
  template <class R>
  struct Lane {
    R mean;
  };

  static int64_t lookback(const Params& params) { return params.period; }
  static Coef<double> coef(const Params& params) { return {1.0 / params.period, double(params.period)}; }

  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R weight = in.ramp(coef.weight, coef.period, R(1.0)), before = in.ago(2, 1);
    const R range = max_(before, in.now(0)) - min_(before, in.now(1));
    lane.mean = fma_(R(1.0) - weight, lane.mean, weight * range);
    out[0] = lane.mean;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(atr, Atr, "average true range, in ticks")
