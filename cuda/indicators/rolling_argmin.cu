// Bars since the lowest close of a window; of equal ones the latest. bottleneck's move_argmin. Searched one by one:
// hence the bound of `period`.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct RollingArgmin {
  struct Params {
    int period = 20;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 2000, "bars", "length of the window")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::kClose};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "bottleneck move_argmin";
  static constexpr series::Output kOutputs[] = {{"value", "bars", 0}};
  struct Coef {
    int64_t period;
  };
  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef coef(const Params& params) { return {params.period}; }
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
