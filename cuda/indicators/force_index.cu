// Force index: the exponential average of change of the close times volume, seeded by the mean of the first `period`.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct ForceIndex {
  struct Params {
    int period = 13;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "smoothing weight 2 / (period + 1)")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::change(series::kClose), series::kVolume};
  static constexpr int kOut = 1, kAgo = 0;
  static constexpr series::Stability kStability = series::Stability::converging;
  static constexpr const char* kSource = "A. Elder, Trading for a Living, 1993";
  static constexpr series::Output kOutputs[] = {{"value", "ticks lots"}};
  template <class R>
  struct Coef {
    R weight, period;
  };
  template <class R>
  struct Lane {
    R mean;
  };
  static int64_t lookback(const Params& params) { return params.period; }
  static Coef<double> coef(const Params& params) { return {2.0 / (params.period + 1.0), double(params.period)}; }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R weight = in.ramp(coef.weight, coef.period, R(1.0));
    lane.mean = fma_(R(1.0) - weight, lane.mean, weight * (in.now(0) * in.now(1)));
    out[0] = lane.mean;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(force_index, ForceIndex, "average of the close's change times volume")
