// Balance of power (Livshin, 2001): (close - open) / (high - low), 0 in a bar without range, as TA-Lib's BOP.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct BalanceOfPower : Pointwise<> {
  using Params = NoParams;
  static constexpr Input kIn[] = {kOpen, kHigh, kLow, kClose};
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "I. Livshin, Balance of Power, 2001";
  static constexpr Output kOutputs[] = {{"value", "ratio", -1, 1}};
  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* out) {
    const R range = in.now(1) - in.now(2), zero = R(0.0);
    out[0] = select(range > zero, (in.now(3) - in.now(0)) / range, zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(balance_of_power, BalanceOfPower, "close less open, relative to the bar's range")
