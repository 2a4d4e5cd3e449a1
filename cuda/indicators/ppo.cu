// Percentage price oscillator: 100 (EMA(fast) - EMA(slow)) / EMA(slow) of the close, as TA-Lib's PPO with exponential
// averages: the shorter of fast and slow is the fast one; unlike a MACD's it is seeded by the first closes. 0 where the
// slow average is 0.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Ppo : TwoAverages {
  static constexpr const char* kSource = "TA-Lib PPO";
  static constexpr Output kOutputs[] = {{"value", "percent"}};
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    advance(lane, coef, in);
    out[0] = select(lane.slow == R(0.0), R(0.0), R(100.0) * (lane.fast - lane.slow) / lane.slow);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(ppo, Ppo, "percentage price oscillator of the close")
