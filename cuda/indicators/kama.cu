// Kaufman's adaptive moving average of the close (Trading Systems and Methods, 1995). Efficiency e = |move over the
// period| / sum of the single moves, 1 where nothing moved; weight (e (fast - slow) + slow)^2 with fast and slow the
// weights of EMAs. As TA-Lib's KAMA (whose fast and slow are 2 and 30), which starts from the close before the first
// value.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Kama {
  struct Params {
    int period = 10, fast = 2, slow = 30;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 2, 100000, "bars", "length of the efficiency's window"),
                                    TF_FIELD(P, fast, 1, 30, "bars", "EMA period where the trend is clean"),
                                    TF_FIELD(P, slow, 1, 100, "bars", "EMA period where there is none")};
      return table;
    }
  };

  struct Efficiency {
    static constexpr Input kIn[] = {kClose, sum(rise(kClose)), sum(fall(kClose))};
    static constexpr int kOut = 2;
    struct Coef {
      int64_t period;
    };
    static int64_t lookback(const Params& params) { return params.period; }
    static Coef coef(const Params& params) { return {params.period}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R moved = abs_(in.now(0) - in.ago(0, coef.period));
      const R walked = in.sum(1, coef.period) + in.sum(2, coef.period);
      out[0] = select(walked > R(0.0), min_(moved / walked, R(1.0)), R(1.0));
      out[1] = in.ago(0, 1);
    }
  };
  struct Average {
    static constexpr Input kIn[] = {kClose, stage(0), stage(1)};
    static constexpr int kOut = 1, kAgo = 0;
    template <class R>
    struct Coef {
      R span, slow;
    };
    template <class R>
    struct Lane {
      R mean;
    };
    static int64_t lookback(const Params&) { return 0; }
    static Coef<double> coef(const Params& params) {
      return {2.0 / (params.fast + 1.0) - 2.0 / (params.slow + 1.0), 2.0 / (params.slow + 1.0)};
    }
    template <class R, class In>
    TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
      const R zero = R(0.0), one = R(1.0), root = fma_(in.now(1), coef.span, coef.slow), weight = root * root;
      const R before = select(in.ramp(zero, one) > zero, in.now(2), lane.mean);
      lane.mean = fma_(one - weight, before, weight * in.now(0));
      out[0] = lane.mean;
    }
  };

  using Stages = Chain<Efficiency, Average>;
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "P. J. Kaufman, Trading Systems and Methods, 1995";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(kama, Kama, "Kaufman's adaptive moving average of the close, in ticks")
