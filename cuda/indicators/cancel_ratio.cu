// Cancelled lots over all lots that came into or went out of the visible book within the bar, trades left out; 0 where
// nothing moved.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct CancelRatio : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::added_size, TickColumn::cancelled_size};
  static constexpr int kOut = 1, kTerms = 2;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Hasbrouck and Saar, Journal of Financial Markets 16, 2013";
  static constexpr Output kOutputs[] = {{"value", "ratio", 0, 1}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    terms[0] = in.now(1);
    terms[1] = in.now(0) + in.now(1);
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R, R* out) {
    const R zero = R(0.0);
    out[0] = select(sums[1] > zero, sums[0] / sums[1], zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(cancel_ratio, CancelRatio, "cancelled lots over added and cancelled ones")
