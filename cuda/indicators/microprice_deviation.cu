// The size-weighted mid (bid * ask_size + ask * bid_size) / (bid_size + ask_size) less the mid: the mean over the bar's
// ticks, in ticks. A tick without sizes counts as 0, a bar without ticks is 0.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct MicropriceDeviation : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::bid, TickColumn::ask, TickColumn::bid_size, TickColumn::ask_size};
  static constexpr int kOut = 1, kTerms = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource =
      "Gatheral and Oomen, Finance and Stochastics 14, 2010; Stoikov, Quantitative Finance 18, 2018";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    const R both = in.now(2) + in.now(3), zero = R(0.0);
    terms[0] = select(both == zero, zero, R(0.5) * (in.now(1) - in.now(0)) * (in.now(2) - in.now(3)) / both);
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R ticks, R* out) {
    const R zero = R(0.0);
    out[0] = select(ticks > zero, sums[0] / ticks, zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(microprice_deviation, MicropriceDeviation, "mean distance of the size-weighted mid from the mid")
