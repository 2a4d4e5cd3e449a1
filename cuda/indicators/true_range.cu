// True range: the bar's range stretched to the close before it. As TA-Lib's TRANGE.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct TrueRange : Pointwise<1> {
  using Params = NoParams;
  static constexpr series::Input kIn[] = {series::kTrueRange};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "J. W. Wilder, New Concepts in Technical Trading Systems, 1978";
  static constexpr series::Output kOutputs[] = {{"value", "ticks", 0}};
  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* out) {
    out[0] = in.now(0);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(true_range, TrueRange, "true range of the bar, in ticks")
