// Mean product of the signs of successive trades (+ bought, - sold), the first of the bar with the trade before it:
// near 1 where orders are split. Trades without a side are left out; 0 where there is no pair.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct TradeSignCorrelation : OfTicks {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::signed_size};
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "Lillo and Farmer, Studies in Nonlinear Dynamics and Econometrics 8, 2004";
  static constexpr Output kOutputs[] = {{"value", "ratio", -1, 1}};
  template <class R>
  struct Lane {
    R sign, products, pairs;
  };

  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>&, const In& in) {
    const R zero = R(0.0), one = R(1.0);
    const R sign = select(in.now(0) > zero, one, select(in.now(0) < zero, -one, zero));
    const R product = sign * lane.sign;
    lane.products = lane.products + product;
    lane.pairs = lane.pairs + abs_(product);
    lane.sign = select(sign == zero, lane.sign, sign);
  }
  template <class R>
  TF_HD static void finish(Lane<R>& lane, const Coef<R>&, R, R* out) {
    const R zero = R(0.0);
    out[0] = select(lane.pairs > zero, lane.products / lane.pairs, zero);
    lane.products = zero;
    lane.pairs = zero;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(trade_sign_correlation, TradeSignCorrelation, "mean product of successive trades' signs")
