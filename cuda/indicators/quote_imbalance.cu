// Quote imbalance, -1 .. 1: the mean over the bar's ticks of (bid size - ask size) / (bid size + ask size) at the
// touch; a tick without sizes counts as 0, a bar without ticks is 0.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct QuoteImbalance : Pointwise<> {
  using Params = NoParams;
  static constexpr series::TickColumn kTicks[] = {series::TickColumn::bid_size, series::TickColumn::ask_size};
  static constexpr int kOut = 1, kTerms = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Cao, Hansch and Wang, Journal of Futures Markets 29, 2009, equation 4";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", -1, 1}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    const R both = in.now(0) + in.now(1), zero = R(0.0);
    terms[0] = select(both == zero, zero, (in.now(0) - in.now(1)) / both);
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R ticks, R* out) {
    out[0] = select(ticks > R(0.0), sums[0] / ticks, R(0.0));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(quote_imbalance, QuoteImbalance, "mean imbalance of the sizes at the touch over the bar's ticks, -1 to 1")
