// Keltner channel (Keltner, 1960, in its later form): an EMA of the typical price +- `width` average true ranges. As
// TA-Lib's KC: the shorter of the two averages is seeded by the last values before the longer one is ready.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Keltner {
  struct Params {
    int period = 20, range_period = 10;
    double width = 2;
    int64_t ready() const { return period - 1 > range_period ? period - 1 : range_period; }
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {
          TF_FIELD(P, period, 1, 100000, "bars", "of the middle line: weight 2 / (period + 1)"),
          TF_FIELD(P, range_period, 1, 100000, "bars", "length of Wilder's average of the true range"),
          TF_FIELD(P, width, 0.01, 100, "average true ranges", "half the distance between the bands")};
      return table;
    }
  };
  static constexpr Input kIn[] = {kTypical, kTrueRange};
  static constexpr int kOut = 3, kAgo = 0;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "C. W. Keltner, How to Make Money in Commodities, 1960; TA-Lib KC";
  static constexpr Output kOutputs[] = {{"upper", "ticks"}, {"middle", "ticks"}, {"lower", "ticks"}};
  template <class R>
  struct Coef {
    R weight, period, start, range_weight, range_period, range_start, width;
  };
  template <class R>
  struct Lane {
    R mean, range;
  };

  static int64_t lookback(const Params& params) { return params.ready(); }
  static Coef<double> coef(const Params& params) {
    const double period = params.period, range = params.range_period, ready = double(params.ready());
    return {2.0 / (period + 1.0), period, ready - period + 1.0, 1.0 / range, range, ready - range + 1.0, params.width};
  }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R one = R(1.0), weight = in.ramp(coef.weight, coef.period, coef.start);
    const R range_weight = in.ramp(coef.range_weight, coef.range_period, coef.range_start);
    lane.mean = fma_(one - weight, lane.mean, weight * in.now(0));
    lane.range = fma_(one - range_weight, lane.range, range_weight * in.now(1));
    out[0] = fma_(coef.width, lane.range, lane.mean);
    out[1] = lane.mean;
    out[2] = fma_(-coef.width, lane.range, lane.mean);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(keltner, Keltner, "Keltner channel around the typical price, in ticks")
