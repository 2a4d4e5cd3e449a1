// Two exponential averages of the mid at the decisions: long while the fast one is above the slow one.
#include "cuda/market/strategy.hpp"

namespace tf::strategies {
inline namespace TF_LEVEL {

using market::Desired;
using market::Now;

struct EmaCross {
  struct Params {
    int fast = 12, slow = 26;
    double size = 1, stop_ticks = 0, take_ticks = 0;
    std::string direction = "both";
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, fast, 1, 1e6, "decisions", "length of the fast average"),
                                    TF_FIELD(P, slow, 1, 1e6, "decisions", "length of the slow average"),
                                    TF_FIELD(P, size, 1, 1e9, "lots", "size of a position"),
                                    TF_FIELD(P, stop_ticks, 0, 1e9, "ticks", "stop from the fill price; 0 = none"),
                                    TF_FIELD(P, take_ticks, 0, 1e9, "ticks", "target from the fill price; 0 = none"),
                                    TF_TEXT_FIELD(P, direction, "both|long", "which sides to take")};
      return table;
    }
  };
  static constexpr bool kUsesSignal = false;
  template <class R>
  struct Coef {
    R fast, slow, ready, up, down, stop, take;
  };
  template <class R>
  struct Lane {
    R fast, slow, seen;  ///< averages; decisions so far
  };

  static Coef<double> coef(const Params& p) {
    return {2.0 / (p.fast + 1.0),
            2.0 / (p.slow + 1.0),
            static_cast<double>(p.slow),
            p.size,
            p.direction == "both" ? -p.size : 0.0,
            p.stop_ticks,
            p.take_ticks};
  }
  template <class R>
  TF_HD static void decide(const Coef<R>& c, Lane<R>& s, const Now<R>& now, Desired<R>& want) {
    const R one(1.0);
    const Mask<R> first = s.seen == R(0.0);
    s.fast = select(first, now.mid, fma_(one - c.fast, s.fast, c.fast * now.mid));
    s.slow = select(first, now.mid, fma_(one - c.slow, s.slow, c.slow * now.mid));
    s.seen = s.seen + one;
    const R target = select(s.fast > s.slow, c.up, select(s.fast < s.slow, c.down, now.position));
    want.target = select(s.seen >= c.ready, target, now.position);
    want.stop_ticks = c.stop;
    want.take_ticks = c.take;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::strategies

TF_STRATEGY(ema_cross, tf::strategies::EmaCross, "long while a fast average of the mid is above a slow one, else short")
