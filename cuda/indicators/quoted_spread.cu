// Quoted spread: the mean over the bar's ticks of ask - bid, in ticks and in basis points of the mid. A bar without
// ticks is 0.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct QuotedSpread : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::bid, TickColumn::ask};
  static constexpr int kOut = 2, kTerms = 2;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Huang and Stoll, Journal of Financial Economics 41, 1996";
  static constexpr Output kOutputs[] = {{"ticks", "ticks"}, {"bps", "bps"}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    const R spread = in.now(1) - in.now(0), mid = R(0.5) * (in.now(0) + in.now(1)), zero = R(0.0);
    terms[0] = spread;
    terms[1] = select(mid == zero, zero, R(1e4) * spread / mid);
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R ticks, R* out) {
    const R zero = R(0.0);
    out[0] = select(ticks > zero, sums[0] / ticks, zero);
    out[1] = select(ticks > zero, sums[1] / ticks, zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(quoted_spread, QuotedSpread, "mean quoted spread over the bar's ticks")
