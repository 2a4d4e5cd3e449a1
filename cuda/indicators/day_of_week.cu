// Day of the week of the trading day: 0 (Monday) .. 6, and as a point on a circle of seven days, sine and cosine.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct DayOfWeek : Pointwise<> {
  using Params = NoParams;
  static constexpr series::Input kIn[] = {series::kWeekday};
  static constexpr int kOut = 3;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "K. R. French, Journal of Financial Economics 8, 1980";
  static constexpr series::Output kOutputs[] = {{"day", "days", 0, 6}, {"sine", "", -1, 1}, {"cosine", "", -1, 1}};
  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* out) {
    const R angle = in.now(0) * R(0x1.921fb54442d18p+2 / 7.0);  // 2 pi / 7
    out[0] = in.now(0);
    out[1] = sin_(angle);
    out[2] = cos_(angle);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(day_of_week, DayOfWeek, "day of the week, Monday 0, and as a point on a circle")
