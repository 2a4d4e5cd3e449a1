// The mid weighted by depth, (bid side's mean price * ask lots + ask side's * bid lots) / all lots on the best levels,
// less the mid: the mean over the bar's ticks, in ticks. A tick with an empty side counts as 0, a bar without ticks is
// 0.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct DepthPrice : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::bid,       TickColumn::ask,          TickColumn::bid_depth,
                                          TickColumn::ask_depth, TickColumn::bid_depth_px, TickColumn::ask_depth_px};
  static constexpr int kOut = 1, kTerms = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Cao, Hansch and Wang, Journal of Futures Markets 29, 2009, equation 6";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    const R bid = in.now(2), ask = in.now(3), zero = R(0.0), mid = R(0.5) * (in.now(0) + in.now(1));
    const R price = (in.now(4) * ask + in.now(5) * bid) / (bid + ask);
    terms[0] = select(and_(bid > zero, ask > zero), price - mid, zero);
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R ticks, R* out) {
    const R zero = R(0.0);
    out[0] = select(ticks > zero, sums[0] / ticks, zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(depth_price, DepthPrice, "mean distance of the depth-weighted mid from the mid")
