// Correlation of the log returns of the close with those of the reference instrument's mid; 0 where either do not vary,
// NaN while the window holds a bar without a reference. Not finite while a price of the window is 0 or negative.
#include "cuda/indicators/scatter.hpp"
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct ReturnCorrelation {
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
  static constexpr const char* kSource = "K. Pearson, Proceedings of the Royal Society 58, 1895";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", -1, 1}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(return_correlation, ReturnCorrelation, "correlation of the log returns with the reference instrument's")
