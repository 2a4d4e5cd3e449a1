// Trade flow imbalance, -1 .. 1: bought minus sold lots of the bar's ticks over all lots traded; 0 without trades.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct TradeFlowImbalance : Pointwise<> {
  using Params = NoParams;
  static constexpr series::TickColumn kTicks[] = {series::TickColumn::signed_size};
  static constexpr int kOut = 1, kTerms = 2;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Chordia, Roll and Subrahmanyam, Journal of Financial Economics 65, 2002";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", -1, 1}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    terms[0] = in.now(0);
    terms[1] = abs_(in.now(0));
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R, R* out) {
    out[0] = select(sums[1] == R(0.0), R(0.0), sums[0] / sums[1]);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(trade_flow_imbalance, TradeFlowImbalance, "bought minus sold over all lots of the bar's trades, -1 to 1")
