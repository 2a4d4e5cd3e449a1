// Covariance of the log returns of the close with those of the reference instrument's mid (divisor: period); NaN while
// the window holds a bar without a reference. Not finite while a price of the window is 0 or negative.
#include "cuda/indicators/scatter.hpp"
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Covariance {
  struct Params {
    int period = 50;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 2, 100000, "bars", "pairs of returns in the window")};
      return table;
    }
  };
  struct Pair {
    static constexpr series::Input kIn[] = {series::log_return(series::kClose), series::log_return(series::kReference)};
    static constexpr int kOut = 2;
    struct Coef {};
    static int64_t lookback(const Params&) { return 1; }
    static Coef coef(const Params&) { return {}; }
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      out[0] = in.now(0);
      out[1] = in.now(1);
    }
  };
  struct Product {
    static constexpr series::Input kIn[] = {series::sum(series::stage(0)), series::sum(series::stage(1)),
                                            series::sum(series::product(series::stage(0), series::stage(1)))};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
      double count, inverse;
    };
    static int64_t lookback(const Params& params) { return params.period - 1; }
    static Coef coef(const Params& params) { return {params.period, double(params.period), 1.0 / params.period}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R together = scatter(R(coef.count), in.sum(2, coef.period), in.sum(0, coef.period), in.sum(1, coef.period));
      out[0] = together * R(coef.inverse) * R(coef.inverse);
    }
  };
  using Stages = series::Chain<Pair, Product>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "H. Markowitz, Journal of Finance 7, 1952";
  static constexpr series::Output kOutputs[] = {{"value", "ratio^2"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(covariance, Covariance, "covariance of the log returns with the reference instrument's")
