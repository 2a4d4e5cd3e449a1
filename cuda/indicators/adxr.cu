// Wilder's directional movement rating (1978): the mean of ADX now and period - 1 bars ago, as TA-Lib's ADXR. See
// adx.cu for how ADX is seeded.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Adxr {
  struct Params {
    int period = 14;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 2, 100000, "bars", "length of Wilder's averages")};
      return table;
    }
  };

  struct Adx {
    static constexpr Input kIn[] = {kHigh, kLow, kTrueRange};
    static constexpr int kOut = 1, kAgo = 1;
    template <class R>
    struct Coef {
      R weight, period;
    };
    template <class R>
    struct Lane {
      R plus, minus, dx, adx;
    };
    static int64_t lookback(const Params& params) { return 2 * int64_t{params.period} - 1; }
    static Coef<double> coef(const Params& params) { return {1.0 / params.period, double(params.period)}; }
    template <class R, class In>
    TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
      const R zero = R(0.0), one = R(1.0), begun = in.ramp(one, zero, one);
      const R rise = in.now(0) - in.ago(0, 1), fall = in.ago(1, 1) - in.now(1);
      const R keep = one - in.ramp(coef.weight, zero, coef.period);
      lane.plus = fma_(keep, lane.plus, begun * select(rise > fall, max_(rise, zero), zero));
      lane.minus = fma_(keep, lane.minus, begun * select(fall > rise, max_(fall, zero), zero));
      const R moves = lane.plus + lane.minus;
      const Mask<R> still = moves <= R(1e-14) * in.now(2);
      lane.dx = select(still, zero, R(100.0) * abs_(lane.plus - lane.minus) / moves);
      const R counted = in.ramp(select(still, zero, coef.weight), coef.period, coef.period);
      lane.adx = fma_(one - counted, lane.adx, counted * lane.dx);
      out[0] = lane.adx;
    }
  };
  struct Rating {
    static constexpr Input kIn[] = {stage(0)};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t ago;
    };
    static int64_t lookback(const Params& params) { return params.period - 1; }
    static Coef coef(const Params& params) { return {params.period - 1}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = R(0.5) * (in.now(0) + in.ago(0, coef.ago));
    }
  };

  using Stages = Chain<Adx, Rating>;
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "J. W. Wilder, New Concepts in Technical Trading Systems, 1978";
  static constexpr Output kOutputs[] = {{"value", "percent", 0, 100}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(adxr, Adxr, "average of ADX and of ADX period - 1 bars ago")
