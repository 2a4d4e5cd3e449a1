// Rate of change of the close in percent: 100 (now - then) / then. 0 where the earlier close is 0, as TA-Lib's ROC.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Roc {
  struct Params {
    int period = 10;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "how far back the earlier close lies")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::kClose};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "TA-Lib ROC";
  static constexpr series::Output kOutputs[] = {{"value", "percent"}};
  struct Coef {
    int64_t period;
  };

  static int64_t lookback(const Params& params) { return params.period; }
  static Coef coef(const Params& params) { return {params.period}; }

  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R then = in.ago(0, coef.period), zero = R(0.0);
    out[0] = select(then == zero, zero, R(100.0) * (in.now(0) - then) / then);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(roc, Roc, "rate of change of the close, in percent")
