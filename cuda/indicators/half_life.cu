// Half-life of an Ornstein-Uhlenbeck process: -ln 2 / b bars, b the slope of the close's change on the close before it,
// over `period` changes. Ten windows where it is longer than that, or b is not negative: no reversion.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct HalfLife {
  struct Params {
    int period = 100;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 3, 100000, "bars", "changes in the window")};
      return table;
    }
  };
  struct Pair : Pointwise<1> {
    static constexpr series::Input kIn[] = {series::kClose};
    static constexpr int kOut = 2;
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      out[0] = in.ago(0, 1);
      out[1] = in.now(0) - out[0];
    }
  };
  struct Slope : OverPeriod {
    static constexpr series::Input kIn[] = {series::sum(series::stage(0)), series::sum(series::stage(1)),
                                            series::sum_sq(series::stage(0)),
                                            series::sum(series::product(series::stage(0), series::stage(1)))};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R count = R(coef.count), x = in.sum(0, coef.period), y = in.sum(1, coef.period), zero = R(0.0);
      const R varies = spread(count, in.sum(2, coef.period), x), pull = -scatter(count, in.sum(3, coef.period), x, y);
      const R longest = R(10.0 * coef.count), half = R(0x1.62e42fefa39efp-1) * varies / pull;  // ln 2
      out[0] = select(or_(pull <= zero, varies == zero), longest, min_(longest, half));
    }
  };
  using Stages = series::Chain<Pair, Slope>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "E. P. Chan, Algorithmic Trading, 2013, chapter 2";
  static constexpr series::Output kOutputs[] = {{"value", "bars", 0}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(half_life, HalfLife, "bars in which half a distance from the mean is lost")
