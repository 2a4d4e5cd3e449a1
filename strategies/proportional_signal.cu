// A position proportional to a model's signal, in whole lots. NaN = no opinion: what is held is kept.
#include "cuda/market/strategy.hpp"

namespace tf::strategies {
inline namespace TF_LEVEL {

using market::Desired;
using market::Now;

struct ProportionalSignal {
  struct Params {
    double lots_per_unit = 1, dead_band = 0, stop_ticks = 0, take_ticks = 0;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {
          TF_FIELD(P, lots_per_unit, -1e9, 1e9, "lots", "position for a signal of 1"),
          TF_FIELD(P, dead_band, 0, 1e9, "lots", "keep the position while it is at most so far from the wanted one"),
          TF_FIELD(P, stop_ticks, 0, 1e9, "ticks", "stop from the fill price; 0 = none"),
          TF_FIELD(P, take_ticks, 0, 1e9, "ticks", "target from the fill price; 0 = none")};
      return table;
    }
  };
  static constexpr bool kUsesSignal = true;
  template <class R>
  struct Coef {
    R lots, band, stop, take;
  };
  template <class R>
  struct Lane {};

  static Coef<double> coef(const Params& p) { return {p.lots_per_unit, p.dead_band, p.stop_ticks, p.take_ticks}; }
  template <class R>
  TF_HD static void decide(const Coef<R>& c, Lane<R>&, const Now<R>& now, Desired<R>& want) {
    const R lots = c.lots * now.signal;
    want.target = select(abs_(lots - now.position) <= c.band, now.position, lots);
    want.stop_ticks = c.stop;
    want.take_ticks = c.take;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::strategies

TF_STRATEGY(proportional_signal, tf::strategies::ProportionalSignal, "hold a position proportional to a model's signal")
