// Holds a position while a model's signal is strong enough. NaN = no opinion: what is held is kept.
#include "cuda/market/strategy.hpp"

namespace tf::strategies {
inline namespace TF_LEVEL {

using market::Desired;
using market::Now;

struct ModelSignal {
  struct Params {
    double enter = 0, exit = 0, size = 1, stop_ticks = 0, take_ticks = 0;
    int hold_decisions = 0;
    std::string direction = "both";
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {
          TF_FIELD(P, enter, -kAny, kAny, "signal", "go long above it, short below its negative"),
          TF_FIELD(P, exit, -kAny, kAny, "signal", "leave a long below it, a short above its negative"),
          TF_FIELD(P, size, 1, 1e9, "lots", "size of a position"),
          TF_FIELD(P, stop_ticks, 0, 1e9, "ticks", "stop from the fill price; 0 = none"),
          TF_FIELD(P, take_ticks, 0, 1e9, "ticks", "target from the fill price; 0 = none"),
          TF_FIELD(P, hold_decisions, 0, 1e9, "decisions", "hold a position at least so long, stop and target apart"),
          TF_TEXT_FIELD(P, direction, "both|long", "which sides to take")};
      return table;
    }
  };
  static constexpr bool kUsesSignal = true;
  template <class R>
  struct Coef {
    R enter, exit, size, stop, take, hold, shorts;
  };
  template <class R>
  struct Lane {};

  static Coef<double> coef(const Params& p) {
    return {p.enter,
            p.exit,
            p.size,
            p.stop_ticks,
            p.take_ticks,
            static_cast<double>(p.hold_decisions),
            p.direction == "both" ? 1.0 : 0.0};
  }
  template <class R>
  TF_HD static void decide(const Coef<R>& c, Lane<R>&, const Now<R>& now, Desired<R>& want) {
    const R zero(0.0);
    const Mask<R> is_long = now.position > zero, is_short = now.position < zero;
    const Mask<R> leaves = or_(and_(is_long, now.signal < c.exit), and_(is_short, now.signal > -c.exit));
    const Mask<R> down = and_(now.signal<-c.enter, c.shorts> zero);
    R target = select(leaves, zero, now.position);
    target = select(down, -c.size, target);
    target = select(now.signal > c.enter, c.size, target);
    const Mask<R> held = and_(now.position != zero, now.age < c.hold);
    want.target = select(held, now.position, target);
    want.stop_ticks = c.stop;
    want.take_ticks = c.take;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::strategies

TF_STRATEGY(model_signal, tf::strategies::ModelSignal, "follow a model's signal with thresholds, stop and target")
