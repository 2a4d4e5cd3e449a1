// Volume-synchronised probability of informed trading: the sum of |bought - sold| lots over the sum of all bought and
// sold lots of the last `period` bars. With volume bars this is VPIN with bars as buckets; 0 where nothing was traded.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Vpin {
  struct Params {
    int period = 50;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "bars in the window")};
      return table;
    }
  };

  struct Gap {
    static constexpr Input kIn[] = {kBuyVolume, kSellVolume};
    static constexpr int kOut = 2;
    struct Coef {};
    static int64_t lookback(const Params&) { return 0; }
    static Coef coef(const Params&) { return {}; }
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      out[0] = abs_(in.now(0) - in.now(1));
      out[1] = in.now(0) + in.now(1);
    }
  };

  struct Share {
    static constexpr Input kIn[] = {sum(stage(0)), sum(stage(1))};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
    };
    static int64_t lookback(const Params& params) { return params.period - 1; }
    static Coef coef(const Params& params) { return {params.period}; }
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
