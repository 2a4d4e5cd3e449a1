// Spread in ticks weighted by how long it stood: from the event before the bar to its last one; the mean over its ticks
// where no time passed, 0 without ticks.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct TimeWeightedSpread : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::bid, TickColumn::ask, TickColumn::time_ns};
  static constexpr int kOut = 1, kTerms = 3, kAgo = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "McInish and Wood, Journal of Finance 47, 1992";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    const R zero = R(0.0), passed = in.now(2) - in.ago(2, 1), stood = select(passed == passed, passed, zero);
    const R spread = in.ago(1, 1) - in.ago(0, 1);
    terms[0] = select(spread == spread, spread * stood, zero);
    terms[1] = stood;
    terms[2] = in.now(1) - in.now(0);
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R ticks, R* out) {
    const R zero = R(0.0);
    out[0] = select(sums[1] > zero, sums[0] / sums[1], select(ticks > zero, sums[2] / ticks, zero));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(time_weighted_spread, TimeWeightedSpread, "spread weighted by time")
