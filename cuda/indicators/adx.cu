// Wilder's directional movement (1978): the directional indicators +DI and -DI, their gap relative to their sum (DX)
// and its smoothed value (ADX). As TA-Lib's PLUS_DI, MINUS_DI, DX and ADX: movements 1 .. period - 1 are summed, then
// each sum loses its 1 / period a bar; ADX starts as the mean of `period` DX. Where nothing moved DX repeats and ADX
// stays. All lines are ready with ADX.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Adx {
  struct Params {
    int period = 14;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 2, 100000, "bars", "length of Wilder's averages")};
      return table;
    }
  };
  static constexpr Input kIn[] = {kHigh, kLow, kClose};
  static constexpr int kOut = 4, kAgo = 1;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "J. W. Wilder, New Concepts in Technical Trading Systems, 1978";
  static constexpr Output kOutputs[] = {{"plus_di", "percent", 0, 100},
                                        {"minus_di", "percent", 0, 100},
                                        {"dx", "percent", 0, 100},
                                        {"adx", "percent", 0, 100}};
  template <class R>
  struct Coef {
    R weight, period;
  };
  template <class R>
  struct Lane {
    R plus, minus, range, dx, adx;
  };

  static int64_t lookback(const Params& params) { return 2 * int64_t{params.period} - 1; }
  static Coef<double> coef(const Params& params) { return {1.0 / params.period, double(params.period)}; }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R zero = R(0.0), one = R(1.0), percent = R(100.0), begun = in.ramp(one, zero, one);
    const R high = in.now(0), low = in.now(1), before = in.ago(2, 1);
    const R rise = high - in.ago(0, 1), fall = in.ago(1, 1) - low;
    const R keep = one - in.ramp(coef.weight, zero, coef.period);
    const R range = max_(before, high) - min_(before, low);
    lane.plus = fma_(keep, lane.plus, begun * select(rise > fall, max_(rise, zero), zero));
    lane.minus = fma_(keep, lane.minus, begun * select(fall > rise, max_(fall, zero), zero));
    lane.range = fma_(keep, lane.range, begun * range);
    const R moves = lane.plus + lane.minus;
    const Mask<R> still = moves <= R(1e-14) * lane.range;
    lane.dx = select(still, lane.dx, percent * abs_(lane.plus - lane.minus) / moves);
    const R counted = in.ramp(select(still, zero, coef.weight), coef.period, coef.period);
    lane.adx = fma_(one - counted, lane.adx, counted * select(still, zero, lane.dx));
    const Mask<R> flat = lane.range <= zero;
    out[0] = select(flat, zero, percent * lane.plus / lane.range);
    out[1] = select(flat, zero, percent * lane.minus / lane.range);
    out[2] = lane.dx;
    out[3] = lane.adx;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(adx, Adx, "directional indicators, their index DX and its average ADX")
