// Depth imbalance, -1 .. 1: the mean over the bar's ticks of (bid - ask) / (bid + ask) lots on the best levels of the
// book (bars: depth_levels of them). A tick without depth counts as 0, a bar without ticks is 0.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct DepthImbalance : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::bid_depth, TickColumn::ask_depth};
  static constexpr int kOut = 1, kTerms = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Cao, Hansch and Wang, Journal of Futures Markets 29, 2009";
  static constexpr Output kOutputs[] = {{"value", "ratio", -1, 1}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    const R both = in.now(0) + in.now(1), zero = R(0.0);
    terms[0] = select(both == zero, zero, (in.now(0) - in.now(1)) / both);
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R ticks, R* out) {
    const R zero = R(0.0);
    out[0] = select(ticks > zero, sums[0] / ticks, zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(depth_imbalance, DepthImbalance, "mean imbalance of the lots on the best levels")
