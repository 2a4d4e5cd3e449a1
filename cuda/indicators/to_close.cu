// Minutes from the bar's close to the session's end.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct ToClose : Pointwise<> {
  using Params = NoParams;
  static constexpr series::Input kIn[] = {series::kToClose};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Admati and Pfleiderer, Review of Financial Studies 1, 1988";
  static constexpr series::Output kOutputs[] = {{"value", "minutes"}};
  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* out) {
    out[0] = in.now(0) / R(60e9);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(to_close, ToClose, "minutes from the bar's close to the session's end")
