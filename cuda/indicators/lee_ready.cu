// Trades signed without the venue's word: above the mid of the event before bought, below it sold, at it by the last
// change of the trade price (tick rule), which carries over bars. The bar's net lots, and their share of all lots; 0
// without trades.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct LeeReady : OfTicks {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::bid, TickColumn::ask, TickColumn::trade_px,
                                          TickColumn::trade_size};
  static constexpr int kOut = 2, kAgo = 1;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "Lee and Ready, Journal of Finance 46, 1991";
  static constexpr Output kOutputs[] = {{"net", "lots"}, {"share", "ratio", -1, 1}};
  template <class R>
  struct Lane {
    R price, direction, known, net, total;
  };

  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>&, const In& in) {
    const R lots = in.now(3), price = in.now(2), zero = R(0.0), one = R(1.0);
    const R mid = R(0.5) * (in.ago(0, 1) + in.ago(1, 1));
    const auto trade = lots > zero;
    const R move = select(lane.known > zero, price - lane.price, zero);
    const R rule = select(move > zero, one, select(move < zero, -one, lane.direction));
    const R sign = select(price > mid, one, select(price < mid, -one, rule));
    lane.direction = select(trade, rule, lane.direction);
    lane.price = select(trade, price, lane.price);
    lane.known = select(trade, one, lane.known);
    lane.net = lane.net + select(trade, sign * lots, zero);
    lane.total = lane.total + lots;
  }
  template <class R>
  TF_HD static void finish(Lane<R>& lane, const Coef<R>&, R, R* out) {
    const R zero = R(0.0);
    out[0] = lane.net;
    out[1] = select(lane.total > zero, lane.net / lane.total, zero);
    lane.net = zero;
    lane.total = zero;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(lee_ready, LeeReady, "net lots of trades signed by quote and tick rule")
