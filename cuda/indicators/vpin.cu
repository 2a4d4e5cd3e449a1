// Volume-synchronised probability of informed trading: the sum of |bought - sold| lots over the sum of all bought and
// sold lots of the last `period` bars. With volume bars this is VPIN with bars as buckets; 0 where nothing was traded.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Vpin {
  using Params = WindowParams<50>;

  struct Gap : Pointwise<> {
    static constexpr Input kIn[] = {kBuyVolume, kSellVolume};
    static constexpr int kOut = 2;
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      out[0] = abs_(in.now(0) - in.now(1));
      out[1] = in.now(0) + in.now(1);
    }
  };

  struct Share : OverPeriod {
    static constexpr Input kIn[] = {sum(stage(0)), sum(stage(1))};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R all = in.sum(1, coef.period), zero = R(0.0);
      out[0] = select(all > zero, in.sum(0, coef.period) / all, zero);
    }
  };

  using Stages = Chain<Gap, Share>;
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource =
      "Easley, Lopez de Prado and O'Hara, Review of Financial Studies 25, 2012, equation 5";
  static constexpr Output kOutputs[] = {{"value", "ratio", 0, 1}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(vpin, Vpin, "order flow toxicity of the last bars")
