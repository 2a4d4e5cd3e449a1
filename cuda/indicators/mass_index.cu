// Mass index (Dorsey, 1992): the sum over the window of EMA(high - low) over the EMA of that, near `period` where
// ranges do not change. As TA-Lib's MASSI; a ratio without range counts as 1.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct MassIndex {
  struct Params {
    int smooth = 9, period = 25;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, smooth, 1, 100000, "bars", "period of both averages"),
                                    TF_FIELD(P, period, 1, 100000, "bars", "length of the sum")};
      return table;
    }
  };

  struct Ratio {
    static constexpr Input kIn[] = {difference(kHigh, kLow)};
    static constexpr int kOut = 1, kAgo = 0;
    template <class R>
    struct Coef {
      R weight, period;
    };
    template <class R>
    struct Lane {
      R once, twice;
    };
    static int64_t lookback(const Params& params) { return 2 * (int64_t{params.smooth} - 1); }
    static Coef<double> coef(const Params& params) { return {2.0 / (params.smooth + 1.0), double(params.smooth)}; }
    template <class R, class In>
    TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
      const R one = R(1.0), weight = in.ramp(coef.weight, coef.period),
              second = in.ramp(coef.weight, coef.period, coef.period - one);
      lane.once = fma_(one - weight, lane.once, weight * in.now(0));
      lane.twice = fma_(one - second, lane.twice, second * lane.once);
      out[0] = select(lane.twice > R(0.0), lane.once / lane.twice, one);
    }
  };

  using Stages = Chain<Ratio, TotalOfStage>;
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "D. Dorsey, The Mass Index, 1992";
  static constexpr Output kOutputs[] = {{"value", "bars", 0}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(mass_index, MassIndex, "sum of the ratios of the once to the twice smoothed range")
