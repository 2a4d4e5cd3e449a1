// Volume oscillator: fast less slow simple mean of the volume, in percent of the slow one; 0 where that is 0. As
// TA-Lib's PPO of the volume with simple averages: the shorter period is the fast one.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct VolumeOscillator {
  struct Params {
    int fast = 5;
    int slow = 20;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, fast, 1, 100000, "bars", "period of the fast mean"),
                                    TF_FIELD(P, slow, 1, 100000, "bars", "period of the slow mean")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::sum(series::kVolume)};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "S. B. Achelis, Technical Analysis from A to Z, 1995; TA-Lib PPO";
  static constexpr series::Output kOutputs[] = {{"value", "percent", -100}};
  struct Coef {
    int64_t fast, slow;
    double fast_inverse, slow_inverse;
  };
  static int64_t lookback(const Params& params) { return (params.fast > params.slow ? params.fast : params.slow) - 1; }
  static Coef coef(const Params& params) {
    const int fast = params.fast < params.slow ? params.fast : params.slow;
    const int slow = params.fast < params.slow ? params.slow : params.fast;
    return {fast, slow, 1.0 / fast, 1.0 / slow};
  }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R slow = in.sum(0, coef.slow) * R(coef.slow_inverse), zero = R(0.0);
    const R fast = in.sum(0, coef.fast) * R(coef.fast_inverse);
    out[0] = select(slow == zero, zero, R(100.0) * (fast - slow) / slow);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(volume_oscillator, VolumeOscillator, "fast less slow mean volume, in percent of the slow one")
