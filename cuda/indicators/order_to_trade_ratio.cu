// Lots added to and cancelled from the visible book over lots traded, within the bar; 0 where nothing was traded.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct OrderToTradeRatio : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::added_size, TickColumn::cancelled_size, TickColumn::trade_size};
  static constexpr int kOut = 1, kTerms = 2;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Hasbrouck and Saar, Journal of Financial Markets 16, 2013";
  static constexpr Output kOutputs[] = {{"value", "ratio", 0}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    terms[0] = in.now(0) + in.now(1);
    terms[1] = in.now(2);
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R, R* out) {
    const R zero = R(0.0);
    out[0] = select(sums[1] > zero, sums[0] / sums[1], zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(order_to_trade_ratio, OrderToTradeRatio, "lots of orders over lots of trades")
