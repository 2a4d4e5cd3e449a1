// Moving average convergence divergence of the close: EMA(fast) - EMA(slow), its EMA(signal), and the difference. As
// TA-Lib's MACD: the fast EMA is seeded slow - fast bars late, the signal by the first `signal` differences; the
// shorter of fast and slow is the fast one.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Macd {
  struct Params {
    int fast = 12, slow = 26, signal = 9;
    int longer() const { return fast > slow ? fast : slow; }
    int shorter() const { return fast > slow ? slow : fast; }
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, fast, 1, 100000, "bars", "period of the fast average"),
                                    TF_FIELD(P, slow, 1, 100000, "bars", "period of the slow average"),
                                    TF_FIELD(P, signal, 1, 100000, "bars", "period of the signal line")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::kClose};
  static constexpr int kOut = 3, kAgo = 0;
  static constexpr series::Stability kStability = series::Stability::converging;
  static constexpr const char* kSource = "G. Appel, The Moving Average Convergence Divergence Method, 1979";
  static constexpr series::Output kOutputs[] = {{"macd", "ticks"}, {"signal", "ticks"}, {"histogram", "ticks"}};
  template <class R>
  struct Coef {
    R fast_weight, slow_weight, signal_weight, fast, slow, signal;
  };
  template <class R>
  struct Lane {
    R fast, slow, signal;
  };

  static int64_t lookback(const Params& params) { return int64_t{params.longer()} + params.signal - 2; }
  static Coef<double> coef(const Params& params) {
    const double fast = params.shorter(), slow = params.longer(), signal = params.signal;
    return {2.0 / (fast + 1.0), 2.0 / (slow + 1.0), 2.0 / (signal + 1.0), fast, slow, signal};
  }

  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R one = R(1.0), price = in.now(0);
    const R fast = in.ramp(coef.fast_weight, coef.fast, coef.slow - coef.fast);
    const R slow = in.ramp(coef.slow_weight, coef.slow);
    const R signal = in.ramp(coef.signal_weight, coef.signal, coef.slow - one);
    lane.fast = fma_(one - fast, lane.fast, fast * price);
    lane.slow = fma_(one - slow, lane.slow, slow * price);
    out[0] = lane.fast - lane.slow;
    lane.signal = fma_(one - signal, lane.signal, signal * out[0]);
    out[1] = lane.signal;
    out[2] = out[0] - lane.signal;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(macd, Macd, "moving average convergence divergence of the close, in ticks")
