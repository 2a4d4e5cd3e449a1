// Fisher transform of the price (Ehlers, 2002): the middle's place in its range, -1 .. 1, smoothed by 0.33 and held
// within 0.999, goes through atanh, of which half the bar before is added; the signal is the bar before. A flat window
// counts as the middle of its range.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct FisherTransform {
  using Params = WindowParams<10>;

  struct Place : OverPeriod {
    static constexpr Input kIn[] = {highest(mean_of(kHigh, kLow)), lowest(mean_of(kHigh, kLow))};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R low = in.lowest(1, coef.period), range = in.highest(0, coef.period) - low;
      out[0] = select(range > R(0.0), (in.now(0) - low) / range - R(0.5), R(0.0));
    }
  };
  struct Transform {
    static constexpr Input kIn[] = {stage(0)};
    static constexpr int kOut = 2, kAgo = 0;
    template <class R>
    struct Coef {
      R weight, keep;
    };
    template <class R>
    struct Lane {
      R place, fisher;
    };
    static int64_t lookback(const Params&) { return 0; }
    static Coef<double> coef(const Params&) { return {0.66, 0.67}; }
    template <class R, class In>
    TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
      const R one = R(1.0), half = R(0.5), bound = R(0.99), most = R(0.999);
      const R place = fma_(coef.keep, lane.place, coef.weight * in.now(0));
      lane.place = select(place > bound, most, select(place < -bound, -most, place));
      out[1] = lane.fisher;
      lane.fisher = half * (log_((one + lane.place) / (one - lane.place)) + lane.fisher);
      out[0] = lane.fisher;
    }
  };

  using Stages = Chain<Place, Transform>;
  static constexpr int kOut = 2;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "J. F. Ehlers, Using the Fisher Transform, 2002";
  static constexpr Output kOutputs[] = {{"fisher", ""}, {"signal", ""}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(fisher_transform, FisherTransform,
             "Fisher transform of the price's place in its range, and the bar before")
