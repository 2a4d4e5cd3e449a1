// Wilder's parabolic stop and reverse (1978), as TA-Lib's SAR: the first side is short where the first low falls by
// more than the first high rises. Both sides are one code in mirrored prices: `side` is 1 while the stop lies below.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct ParabolicSar {
  struct Params {
    double acceleration = 0.02, maximum = 0.2;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {
          TF_FIELD(P, acceleration, 0.0001, 1, "", "first weight of the extreme, and what each new extreme adds to it"),
          TF_FIELD(P, maximum, 0.0001, 1, "", "largest weight")};
      return table;
    }
  };
  static constexpr Input kIn[] = {kHigh, kLow};
  static constexpr int kOut = 2, kAgo = 1;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "J. W. Wilder, New Concepts in Technical Trading Systems, 1978";
  static constexpr Output kOutputs[] = {{"stop", "ticks"}, {"side", "", -1, 1}};
  template <class R>
  struct Coef {
    R step, most;
  };
  template <class R>
  struct Lane {
    R stop, extreme, weight, side;
  };

  static int64_t lookback(const Params&) { return 1; }
  static Coef<double> coef(const Params& params) {
    return {params.acceleration < params.maximum ? params.acceleration : params.maximum, params.maximum};
  }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R zero = R(0.0), one = R(1.0), high = in.now(0), low = in.now(1);
    const Mask<R> first = in.ramp(zero, one, one) > zero;
    const R fell = in.ago(1, 1) - low, rose = high - in.ago(0, 1);
    const Mask<R> drop = and_(fell > zero, fell > rose);
    R side = select(first, select(drop, -one, one), lane.side);
    const Mask<R> falls = side < zero;
    const R near = select(falls, -high, low), far = select(falls, -low, high);  // mirrored: low and high
    const R near_before = select(first, near, select(falls, -in.ago(0, 1), in.ago(1, 1)));
    const R far_before = select(first, far, select(falls, -in.ago(1, 1), in.ago(0, 1)));
    const R stop = select(first, select(falls, -in.ago(0, 1), in.ago(1, 1)), side * lane.stop);
    const R extreme = select(first, far, side * lane.extreme), weight = select(first, coef.step, lane.weight);

    const Mask<R> turns = near <= stop, extends = far > extreme;
    const R turned = max_(max_(extreme, far_before), far);
    const R reached = select(turns, near, max_(far, extreme));
    const R heavier = select(extends, min_(weight + coef.step, coef.most), weight);
    lane.weight = select(turns, coef.step, heavier);
    const R from = select(turns, turned, stop), next = fma_(lane.weight, reached - from, from);
    const R kept = min_(min_(next, near_before), near), thrown = max_(max_(next, far_before), far);
    out[0] = side * from;
    lane.stop = side * select(turns, thrown, kept);
    lane.extreme = side * reached;
    lane.side = select(turns, -side, side);
    out[1] = lane.side;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(parabolic_sar, ParabolicSar, "parabolic stop and reverse, in ticks, and the side it is on")
