// Seconds since the touch last changed its prices, as of the bar's last event.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct QuoteStaleness : OfTicks {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::time_ns, TickColumn::bid, TickColumn::ask};
  static constexpr int kOut = 1, kAgo = 1;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "Foucault, Pagano and Roell, Market Liquidity, 2013, chapter 2";
  static constexpr Output kOutputs[] = {{"value", "s", 0}};
  template <class R>
  struct Lane {
    R changed, time;
  };

  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>&, const In& in) {
    lane.time = in.now(0);
    lane.changed = select(and_(in.now(1) == in.ago(1, 1), in.now(2) == in.ago(2, 1)), lane.changed, lane.time);
  }
  template <class R>
  TF_HD static void finish(Lane<R>& lane, const Coef<R>&, R, R* out) {
    out[0] = (lane.time - lane.changed) * R(1e-9);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(quote_staleness, QuoteStaleness, "seconds since the touch changed")
