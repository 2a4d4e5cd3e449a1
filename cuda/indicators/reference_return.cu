// How far the reference instrument's mid moved over the bar's events, in its ticks, as it was known then. Where it was
// not known yet the move is left out.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct ReferenceReturn : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::reference_mid};
  static constexpr int kOut = 1, kTerms = 1, kAgo = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "de Jong and Nijman, Journal of Empirical Finance 4, 1997";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    const R move = in.now(0) - in.ago(0, 1);
    terms[0] = select(move == move, move, R(0.0));
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R, R* out) {
    out[0] = sums[0];
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(reference_return, ReferenceReturn, "move of the reference instrument within the bar")
