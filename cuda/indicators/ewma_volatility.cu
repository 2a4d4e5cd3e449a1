// Exponentially weighted volatility of a bar: s^2 = decay s^2 + (1 - decay) r^2, r the log return of the close; not
// annualised. The mean of the first 1 / (1 - decay) squares comes first, then the weight 1 - decay. A close of 0 or
// below has no log return and spoils the series from there on.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct EwmaVolatility {
  struct Params {
    double decay = 0.94;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, decay, 0.5, 0.9999, "",
                                             "weight of what was before; RiskMetrics: 0.94 for days, 0.97 for months")};
      return table;
    }
  };
  /// Squares in the mean that the average begins with.
  static int64_t first(const Params& params) { return static_cast<int64_t>(1.0 / (1.0 - params.decay) + 0.5); }
  static constexpr series::Input kIn[] = {series::log_return(series::kClose)};
  static constexpr int kOut = 1, kAgo = 0;
  static constexpr bool kDoubleOnly = true;
  static constexpr series::Stability kStability = series::Stability::converging;
  static constexpr const char* kSource = "J.P. Morgan and Reuters, RiskMetrics Technical Document, 4th edition, 1996";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", 0}};
  template <class R>
  struct Coef {
    R weight, first;
  };
  template <class R>
  struct Lane {
    R square;
  };
  static int64_t lookback(const Params& params) { return first(params); }
  static Coef<double> coef(const Params& params) { return {1.0 - params.decay, double(first(params))}; }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R weight = in.ramp(coef.weight, coef.first, R(1.0)), move = in.now(0);
    lane.square = fma_(R(1.0) - weight, lane.square, weight * (move * move));
    out[0] = sqrt_(lane.square);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(ewma_volatility, EwmaVolatility, "volatility of a bar by exponentially weighted squared log returns")
