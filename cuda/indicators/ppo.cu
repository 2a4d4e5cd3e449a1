// Percentage price oscillator: 100 (EMA(fast) - EMA(slow)) / EMA(slow) of the close, as TA-Lib's PPO with exponential
// averages: the shorter of fast and slow is the fast one; unlike a MACD's it is seeded by the first closes. 0 where the
// slow average is 0.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Ppo {
  struct Params {
    int fast = 12, slow = 26;
    int longer() const { return fast > slow ? fast : slow; }
    int shorter() const { return fast > slow ? slow : fast; }
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, fast, 1, 100000, "bars", "period of the fast average"),
                                    TF_FIELD(P, slow, 1, 100000, "bars", "period of the slow average")};
      return table;
    }
  };
  static constexpr Input kIn[] = {kClose};
  static constexpr int kOut = 1, kAgo = 0;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "TA-Lib PPO";
  static constexpr Output kOutputs[] = {{"value", "percent"}};
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
    out[0] = select(lane.slow == R(0.0), R(0.0), R(100.0) * (lane.fast - lane.slow) / lane.slow);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(ppo, Ppo, "percentage price oscillator of the close")
