// Log return of the close over `period` bars, as the sum of those of the bars. NaN while a close is negative.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct LogReturn {
  struct Params {
    int period = 1;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "bars of the return")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::sum(series::log_return(series::kClose))};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource =
      "Campbell, Lo and MacKinlay, The Econometrics of Financial Markets, 1997, section 1.4";
  static constexpr series::Output kOutputs[] = {{"value", "ratio"}};
  struct Coef {
    int64_t period;
  };
  static int64_t lookback(const Params& params) { return params.period; }
  static Coef coef(const Params& params) { return {params.period}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    out[0] = in.sum(0, coef.period);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(log_return, LogReturn, "log return of the close over some bars")
