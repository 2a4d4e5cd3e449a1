// Supertrend (Seban): bands `width` average true ranges around the bar's middle that only close in on the price until a
// close breaks them; the line is the lower band in a rise, the upper one in a fall. As TA-Lib's SUPERTREND: the first
// bar counts as rising.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Supertrend {
  struct Params {
    int period = 10;
    double width = 3;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {
          TF_FIELD(P, period, 1, 100000, "bars", "length of Wilder's average of the true range"),
          TF_FIELD(P, width, 0.01, 100, "average true ranges", "distance of a band from the bar's middle")};
      return table;
    }
  };
  static constexpr Input kIn[] = {kHigh, kLow, kClose};
  static constexpr int kOut = 2, kAgo = 1;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "O. Seban, Tout le monde merite d'etre riche, 2008; TA-Lib SUPERTREND";
  static constexpr Output kOutputs[] = {{"line", "ticks"}, {"side", "", -1, 1}};
  template <class R>
  struct Coef {
    R weight, period, width;
  };
  template <class R>
  struct Lane {
    R range, upper, lower, side;
  };

  static int64_t lookback(const Params& params) { return params.period; }
  static Coef<double> coef(const Params& params) { return {1.0 / params.period, double(params.period), params.width}; }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R zero = R(0.0), one = R(1.0), high = in.now(0), low = in.now(1), close = in.now(2), before = in.ago(2, 1);
    const R weight = in.ramp(coef.weight, coef.period, one);
    const Mask<R> first = in.ramp(zero, one, coef.period) > zero;
    lane.range = fma_(one - weight, lane.range, weight * (max_(before, high) - min_(before, low)));
    const R middle = R(0.5) * (high + low);
    const R upper = fma_(coef.width, lane.range, middle), lower = fma_(-coef.width, lane.range, middle);
    const Mask<R> lowers = or_(first, or_(upper<lane.upper, before> lane.upper));
    const Mask<R> raises = or_(first, or_(lower > lane.lower, before < lane.lower));
    lane.upper = select(lowers, upper, lane.upper);
    lane.lower = select(raises, lower, lane.lower);
    const R rising = select(close < lane.lower, -one, one), falling = select(close > lane.upper, one, -one);
    lane.side = select(first, one, select(lane.side > zero, rising, falling));
    out[0] = select(lane.side > zero, lane.lower, lane.upper);
    out[1] = lane.side;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(supertrend, Supertrend, "supertrend line, in ticks, and the side: 1 rising, -1 falling")
