// Chaikin money flow, -1 .. 1: the window's money flow volume over its volume; 0 without volume.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct ChaikinMoneyFlow {
  using Params = WindowParams<20>;
  struct Share : OverPeriod {
    static constexpr series::Input kIn[] = {series::sum(series::stage(0)), series::sum(series::kVolume)};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R volume = in.sum(1, coef.period), zero = R(0.0);
      out[0] = select(volume == zero, zero, in.sum(0, coef.period) / volume);
    }
  };
  using Stages = series::Chain<MoneyFlowOfBar, Share>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "S. B. Achelis, Technical Analysis from A to Z, 1995";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", -1, 1}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(chaikin_money_flow, ChaikinMoneyFlow, "money flow volume over volume of the window, -1 to 1")
