// Tillson's T3 of the close (Technical Analysis of Stocks and Commodities, 1998): three times over (1 + v) EMA - v
// EMA(EMA), as one sum of the third to sixth EMA. Seeded as TA-Lib's T3: each average by the mean of the first `period`
// values it sees.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct T3 {
  struct Params {
    int period = 5;
    double factor = 0.7;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {
          TF_FIELD(P, period, 1, 100000, "bars", "of the six averages: weight 2 / (period + 1)"),
          TF_FIELD(P, factor, 0, 1, "", "0 = plain averages, 1 = DEMAs")};
      return table;
    }
  };
  static constexpr Input kIn[] = {kClose};
  static constexpr int kOut = 1, kAgo = 0;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "T. Tillson, Better Moving Averages, 1998";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};
  template <class R>
  struct Coef {
    R weight, period, third, fourth, fifth, sixth;
  };
  template <class R>
  struct Lane {
    R mean[6];
  };

  static int64_t lookback(const Params& params) { return 6 * (int64_t{params.period} - 1); }
  static Coef<double> coef(const Params& params) {
    const double v = params.factor, vv = v * v, vvv = vv * v;
    return {2.0 / (params.period + 1.0), double(params.period), 1 + 3 * v + vvv + 3 * vv,
            -6 * vv - 3 * (v + vvv),     3 * (vv + vvv),        -vvv};
  }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R one = R(1.0);
    R value = in.now(0), start = R(0.0);
    for (int at = 0; at < 6; ++at) {
      const R weight = in.ramp(coef.weight, coef.period, start);
      lane.mean[at] = fma_(one - weight, lane.mean[at], weight * value);
      value = lane.mean[at];
      start = start + (coef.period - one);
    }
    const R high = fma_(coef.sixth, lane.mean[5], coef.fifth * lane.mean[4]);
    out[0] = fma_(coef.fourth, lane.mean[3], fma_(coef.third, lane.mean[2], high));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(t3, T3, "Tillson's T3 moving average of the close, in ticks")
