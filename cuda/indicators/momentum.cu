// Momentum: the close less the close `period` bars ago, as TA-Lib's MOM.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Momentum {
  struct Params {
    int period = 10;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "how far back the earlier close lies")};
      return table;
    }
  };
  static constexpr Input kIn[] = {kClose};
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "TA-Lib MOM";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};
  struct Coef {
    int64_t period;
  };

  static int64_t lookback(const Params& params) { return params.period; }
  static Coef coef(const Params& params) { return {params.period}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    out[0] = in.now(0) - in.ago(0, coef.period);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(momentum, Momentum, "move of the close over the period, in ticks")
