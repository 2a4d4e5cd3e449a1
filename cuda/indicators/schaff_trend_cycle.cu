// Schaff trend cycle (Schaff, 2008), 0 .. 100: the place of EMA(fast) - EMA(slow) in its range of `cycle` bars,
// smoothed, and the place of that in its range, smoothed again. In a flat range the place stays (0 at first). Each
// average is seeded by the mean of the first closes.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct SchaffTrendCycle {
  struct Params {
    int fast = 23, slow = 50, cycle = 10;
    double factor = 0.5;
    int longer() const { return fast > slow ? fast : slow; }
    int shorter() const { return fast > slow ? slow : fast; }
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, fast, 1, 100000, "bars", "period of the fast average"),
                                    TF_FIELD(P, slow, 1, 100000, "bars", "period of the slow average"),
                                    TF_FIELD(P, cycle, 1, 100000, "bars", "length of both ranges"),
                                    TF_FIELD(P, factor, 0.05, 1, "", "weight of a new place")};
      return table;
    }
  };

  struct Trend {
    static constexpr Input kIn[] = {kClose};
    static constexpr int kOut = 1, kAgo = 0;
    template <class R>
    struct Coef {
      R fast_weight, slow_weight, fast, slow;
    };
    template <class R>
    struct Lane {
      R fast, slow;
    };
    static int64_t lookback(const Params& params) { return params.longer() - 1; }
    static Coef<double> coef(const Params& params) {
      const double fast = params.shorter(), slow = params.longer();
      return {2.0 / (fast + 1.0), 2.0 / (slow + 1.0), fast, slow};
    }
    template <class R, class In>
    TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
      const R one = R(1.0), price = in.now(0), fast = in.ramp(coef.fast_weight, coef.fast);
      const R slow = in.ramp(coef.slow_weight, coef.slow);
      lane.fast = fma_(one - fast, lane.fast, fast * price);
      lane.slow = fma_(one - slow, lane.slow, slow * price);
      out[0] = lane.fast - lane.slow;
    }
  };
  template <int kFrom>
  struct Place {
    static constexpr Input kIn[2] = {highest(stage(kFrom)), lowest(stage(kFrom))};  // nvcc wants the size in a template
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
    };
    static int64_t lookback(const Params& params) { return params.cycle - 1; }
    static Coef coef(const Params& params) { return {params.cycle}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R low = in.lowest(1, coef.period), range = in.highest(0, coef.period) - low;
      out[0] = select(range > R(0.0), R(100.0) * (in.now(0) - low) / range, R(-1.0));  // -1: no range
    }
  };
  template <int kFrom>
  struct Smooth {
    static constexpr Input kIn[1] = {stage(kFrom)};
    static constexpr int kOut = 1, kAgo = 0;
    template <class R>
    struct Coef {
      R weight;
    };
    template <class R>
    struct Lane {
      R place, smooth;
    };
    static int64_t lookback(const Params&) { return 0; }
    static Coef<double> coef(const Params& params) { return {params.factor}; }
    template <class R, class In>
    TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
      const R zero = R(0.0), one = R(1.0), weight = in.ramp(coef.weight, one);
      lane.place = select(in.now(0) < zero, lane.place, in.now(0));
      lane.smooth = fma_(one - weight, lane.smooth, weight * lane.place);
      out[0] = lane.smooth;
    }
  };

  using Stages = Chain<Trend, Place<0>, Smooth<1>, Place<2>, Smooth<3>>;
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "D. Schaff, Schaff Trend Cycle, 2008";
  static constexpr Output kOutputs[] = {{"value", "percent", 0, 100}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(schaff_trend_cycle, SchaffTrendCycle, "twice the smoothed place of a MACD in its range")
