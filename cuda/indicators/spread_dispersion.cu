// Standard deviation of the spread over the bar's ticks, in ticks (divisor n); 0 without ticks.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct SpreadDispersion : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::bid, TickColumn::ask};
  static constexpr int kOut = 1, kTerms = 2;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "McInish and Wood, Journal of Finance 47, 1992";
  static constexpr Output kOutputs[] = {{"value", "ticks", 0}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    const R spread = in.now(1) - in.now(0);
    terms[0] = spread;
    terms[1] = spread * spread;
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R ticks, R* out) {
    const R zero = R(0.0), spread = max_(ticks * sums[1] - sums[0] * sums[0], zero);
    out[0] = select(ticks > zero, sqrt_(spread) / ticks, zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(spread_dispersion, SpreadDispersion, "standard deviation of the spread")
