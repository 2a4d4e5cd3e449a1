// Buys at the first decision and holds: the yardstick of every other strategy.
#include "cuda/market/strategy.hpp"

namespace tf::strategies {
inline namespace TF_LEVEL {

using market::Desired;
using market::Now;

struct BuyAndHold {
  struct Params {
    double size = 1;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, size, 1, 1e9, "lots", "size of the position")};
      return table;
    }
  };
  static constexpr bool kUsesSignal = false;
  template <class R>
  struct Coef {
    R size;
  };
  template <class R>
  struct Lane {};

  static Coef<double> coef(const Params& p) { return {p.size}; }
  template <class R>
  TF_HD static void decide(const Coef<R>& c, Lane<R>&, const Now<R>&, Desired<R>& want) {
    want.target = c.size;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::strategies

TF_STRATEGY(buy_and_hold, tf::strategies::BuyAndHold, "buy at the first decision and hold")
