// Mean length of the runs of trades of one side within the bar; a run that an earlier bar began goes on. Trades without
// a side are left out; 0 without trades.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct TradeRuns : OfTicks {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::signed_size};
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "Lopez de Prado, Advances in Financial Machine Learning, 2018, section 2.3.2";
  static constexpr Output kOutputs[] = {{"value", "trades", 0}};
  template <class R>
  struct Lane {
    R sign, trades, runs;
  };

  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>&, const In& in) {
    const R zero = R(0.0), one = R(1.0);
    const R sign = select(in.now(0) > zero, one, select(in.now(0) < zero, -one, zero));
    lane.trades = lane.trades + abs_(sign);
    lane.runs = lane.runs + select(and_(sign != zero, sign != lane.sign), one, zero);
    lane.sign = select(sign == zero, lane.sign, sign);
  }
  template <class R>
  TF_HD static void finish(Lane<R>& lane, const Coef<R>&, R, R* out) {
    out[0] = lane.trades / max_(lane.runs, R(1.0));
    lane.trades = R(0.0);
    lane.runs = R(0.0);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(trade_runs, TradeRuns, "mean run of trades of one side")
