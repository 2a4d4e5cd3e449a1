// Autocorrelation of the log returns of the close: the correlation of `period` returns with those `lag` bars before
// each, as pandas' autocorr; 0 where either do not vary. Not finite while a close of the window is 0 or negative.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Autocorrelation {
  struct Params {
    int period = 50;
    int lag = 1;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 2, 100000, "bars", "pairs of returns in the window"),
                                    TF_FIELD(P, lag, 1, 10000, "bars", "how far apart the returns of a pair lie")};
      return table;
    }
  };
  struct Pair {
    static constexpr series::Input kIn[] = {series::log_return(series::kClose)};
    static constexpr int kOut = 2;
    struct Coef {
      int64_t lag;
    };
    static int64_t lookback(const Params& params) { return params.lag + 1; }
    static Coef coef(const Params& params) { return {params.lag}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = in.now(0);
      out[1] = in.ago(0, coef.lag);
    }
  };
  using Stages = series::Chain<Pair, CorrelationOfStage>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource =
      "Campbell, Lo and MacKinlay, The Econometrics of Financial Markets, 1997, section 2.4";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", -1, 1}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(autocorrelation, Autocorrelation, "correlation of the log returns with those some bars before")
