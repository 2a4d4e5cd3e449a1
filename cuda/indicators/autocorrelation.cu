// Autocorrelation of the log returns of the close: the correlation of `period` returns with those `lag` bars before
// each, as pandas' autocorr; 0 where either do not vary. Not finite while a close of the window is 0 or negative.
#include "cuda/indicators/scatter.hpp"
#include "cuda/series/indicator.hpp"

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
  struct Correlation {
    static constexpr series::Input kIn[] = {series::sum(series::stage(0)), series::sum(series::stage(1)),
                                            series::sum_sq(series::stage(0)), series::sum_sq(series::stage(1)),
                                            series::sum(series::product(series::stage(0), series::stage(1)))};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
      double count;
    };
    static int64_t lookback(const Params& params) { return params.period - 1; }
    static Coef coef(const Params& params) { return {params.period, double(params.period)}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R count = R(coef.count), x = in.sum(0, coef.period), y = in.sum(1, coef.period);
      const R together = scatter(count, in.sum(4, coef.period), x, y);
      out[0] =
          correlation_of(together, spread(count, in.sum(2, coef.period), x), spread(count, in.sum(3, coef.period), y));
    }
  };
  using Stages = series::Chain<Pair, Correlation>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource =
      "Campbell, Lo and MacKinlay, The Econometrics of Financial Markets, 1997, section 2.4";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", -1, 1}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(autocorrelation, Autocorrelation, "correlation of the log returns with those some bars before")
