// Absolute price oscillator: EMA(fast) - EMA(slow) of the close, as TA-Lib's APO with exponential averages: the shorter
// of fast and slow is the fast one; unlike a MACD's it is seeded by the first closes.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Apo : TwoAverages {
  static constexpr const char* kSource = "TA-Lib APO";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    advance(lane, coef, in);
    out[0] = lane.fast - lane.slow;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(apo, Apo, "absolute price oscillator of the close, in ticks")
