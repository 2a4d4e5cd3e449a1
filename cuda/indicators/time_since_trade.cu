// Seconds since the last trade, as of the bar's last event; before a series' first trade since its first event.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct TimeSinceTrade : OfTicks {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::time_ns, TickColumn::trade_size};
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "Dufour and Engle, Journal of Finance 55, 2000";
  static constexpr Output kOutputs[] = {{"value", "s", 0}};
  template <class R>
  struct Lane {
    R traded, time, begun;
  };

  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>&, const In& in) {
    const R one = R(1.0);
    lane.time = in.now(0);
    lane.traded = select(or_(in.now(1) > R(0.0), lane.begun < one), lane.time, lane.traded);
    lane.begun = one;
  }
  template <class R>
  TF_HD static void finish(Lane<R>& lane, const Coef<R>&, R, R* out) {
    out[0] = (lane.time - lane.traded) * R(1e-9);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(time_since_trade, TimeSinceTrade, "seconds since the last trade")
