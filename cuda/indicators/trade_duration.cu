// Mean seconds between the bar's trades, the first one's from the trade before; 0 where there is no such pair.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct TradeDuration : OfTicks {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::time_ns, TickColumn::trade_size};
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "Engle and Russell, Econometrica 66, 1998";
  static constexpr Output kOutputs[] = {{"value", "s", 0}};
  template <class R>
  struct Lane {
    R traded, begun, passed, pairs;
  };

  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>&, const In& in) {
    const R zero = R(0.0), one = R(1.0);
    const auto trade = in.now(1) > zero;
    const auto pair = and_(trade, lane.begun > zero);
    lane.passed = lane.passed + select(pair, in.now(0) - lane.traded, zero);
    lane.pairs = lane.pairs + select(pair, one, zero);
    lane.traded = select(trade, in.now(0), lane.traded);
    lane.begun = select(trade, one, lane.begun);
  }
  template <class R>
  TF_HD static void finish(Lane<R>& lane, const Coef<R>&, R, R* out) {
    const R zero = R(0.0);
    out[0] = select(lane.pairs > zero, lane.passed * R(1e-9) / lane.pairs, zero);
    lane.passed = zero;
    lane.pairs = zero;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(trade_duration, TradeDuration, "mean time between trades")
