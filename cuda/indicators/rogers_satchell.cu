// Volatility of a bar that a drift does not change: the root of the mean of ln(H/O) ln(H/C) + ln(L/O) ln(L/C); not
// annualised. NaN while a price of the window is negative.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct RogersSatchell {
  using Params = WindowParams<20>;
  struct Mean : OverPeriod {
    static constexpr series::Input kIn[] = {series::sum(series::stage(0))};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = sqrt_(max_(R(0.0), in.sum(0, coef.period)) * R(coef.inverse));
    }
  };
  using Stages = series::Chain<DriftlessVariance, Mean>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Rogers and Satchell, Annals of Applied Probability 1, 1991";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", 0}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(rogers_satchell, RogersSatchell, "volatility of a bar by its prices, whatever the drift")
