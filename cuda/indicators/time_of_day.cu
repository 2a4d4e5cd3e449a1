// Time of day on the instrument's wall clock as a point on a circle: sine and cosine of the share of the day times 2
// pi, so that 23:59 lies beside 0:00. Midnight is (0, 1), six in the morning (1, 0).
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct TimeOfDay : Pointwise<> {
  using Params = NoParams;
  static constexpr series::Input kIn[] = {series::kClock};
  static constexpr int kOut = 2;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Andersen and Bollerslev, Journal of Empirical Finance 4, 1997";
  static constexpr series::Output kOutputs[] = {{"sine", "", -1, 1}, {"cosine", "", -1, 1}};
  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* out) {
    const R angle = in.now(0) / R(86400e9) * R(0x1.921fb54442d18p+2);  // 2 pi
    out[0] = sin_(angle);
    out[1] = cos_(angle);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(time_of_day, TimeOfDay, "time of day as a point on a circle")
