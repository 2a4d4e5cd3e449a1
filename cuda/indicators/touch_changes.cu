// How often the touch changed its prices within the bar, and the mean seconds a touch stood; no change gives 0 seconds.
// A series' first touch counts as a change.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct TouchChanges : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::bid, TickColumn::ask, TickColumn::time_ns};
  static constexpr int kOut = 2, kTerms = 2, kAgo = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Cont and de Larrard, SIAM Journal on Financial Mathematics 4, 2013";
  static constexpr Output kOutputs[] = {{"changes", "changes", 0}, {"mean_s", "s", 0}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    const R zero = R(0.0), passed = in.now(2) - in.ago(2, 1);
    terms[0] = select(and_(in.now(0) == in.ago(0, 1), in.now(1) == in.ago(1, 1)), zero, R(1.0));
    terms[1] = select(passed == passed, passed, zero);
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R, R* out) {
    const R zero = R(0.0);
    out[0] = sums[0];
    out[1] = select(sums[0] > zero, sums[1] * R(1e-9) / sums[0], zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(touch_changes, TouchChanges, "changes of the touch and how long one stands")
