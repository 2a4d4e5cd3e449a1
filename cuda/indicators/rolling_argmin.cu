// Bars since the lowest close of a window; of equal ones the latest. bottleneck's move_argmin. Searched one by one:
// hence the bound of `period`.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct RollingArgmin : OverPeriod {
  using Params = WindowParams<20, 1, 2000>;
  static constexpr series::Input kIn[] = {series::kClose};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "bottleneck move_argmin";
  static constexpr series::Output kOutputs[] = {{"value", "bars", 0}};
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    R best = in.now(0), age = R(0.0);
    for (int64_t k = 1; k < coef.period; ++k) {
      const R value = in.ago(0, k);
      const Mask<R> better = value < best;
      best = select(better, value, best);
      age = select(better, R(static_cast<double>(k)), age);
    }
    out[0] = age;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(rolling_argmin, RollingArgmin, "bars since the lowest close of a window")
