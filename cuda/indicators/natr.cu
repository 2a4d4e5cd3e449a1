// Normalized average true range: the average true range in percent of the close, as TA-Lib's NATR; 0 where the close is
// 0. With period 1 TA-Lib gives the true range in ticks; here it is in percent too.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Natr {
  struct Params {
    int period = 14;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "length of Wilder's average")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::kTrueRange, series::kClose};
  static constexpr int kOut = 1, kAgo = 0;
  static constexpr series::Stability kStability = series::Stability::converging;
  static constexpr const char* kSource =
      "J. Forman, Technical Analysis of Stocks and Commodities, May 2006; TA-Lib NATR";
  static constexpr series::Output kOutputs[] = {{"value", "percent"}};
  template <class R>
  struct Coef {
    R weight, period;
  };
  template <class R>
  struct Lane {
    R mean;
  };
  static int64_t lookback(const Params& params) { return params.period; }
  static Coef<double> coef(const Params& params) { return {1.0 / params.period, double(params.period)}; }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R weight = in.ramp(coef.weight, coef.period, R(1.0)), close = in.now(1), zero = R(0.0);
    lane.mean = fma_(R(1.0) - weight, lane.mean, weight * in.now(0));
    out[0] = select(close == zero, zero, R(100.0) * lane.mean / close);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(natr, Natr, "average true range in percent of the close")
