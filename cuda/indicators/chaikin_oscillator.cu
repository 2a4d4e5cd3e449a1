// Chaikin oscillator: EMA(fast) - EMA(slow) of accumulation/distribution A, as TA-Lib's ADOSC, both seeded by the first
// bar. A itself grows without bound and hangs on where the series began; the state is EMA(A) - A, for which EMA(A) = (1
// - w) EMA(A before) + w A gives d = (1 - w) (d before - flow), flow being the bar's money flow volume. That forgets
// its start.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct ChaikinOscillator {
  struct Params {
    int fast = 3;
    int slow = 10;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, fast, 1, 100000, "bars", "period of the fast average"),
                                    TF_FIELD(P, slow, 1, 100000, "bars", "period of the slow average")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::kHigh, series::kLow, series::kClose, series::kVolume};
  static constexpr int kOut = 1, kAgo = 0;
  static constexpr series::Stability kStability = series::Stability::converging;
  static constexpr const char* kSource = "S. B. Achelis, Technical Analysis from A to Z, 1995; TA-Lib ADOSC";
  static constexpr series::Output kOutputs[] = {{"value", "lots"}};
  template <class R>
  struct Coef {
    R fast, slow;
  };
  template <class R>
  struct Lane {
    R fast, slow;
  };
  static int64_t lookback(const Params& params) { return (params.fast > params.slow ? params.fast : params.slow) - 1; }
  static Coef<double> coef(const Params& params) { return {2.0 / (params.fast + 1.0), 2.0 / (params.slow + 1.0)}; }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R high = in.now(0), low = in.now(1), close = in.now(2), range = high - low, zero = R(0.0), one = R(1.0);
    const R flow = select(range <= zero, zero, ((close - low) - (high - close)) / range * in.now(3));
    const R fast = one - in.ramp(coef.fast, one), slow = one - in.ramp(coef.slow, one);
    lane.fast = fma_(fast, lane.fast, -(fast * flow));
    lane.slow = fma_(slow, lane.slow, -(slow * flow));
    out[0] = lane.fast - lane.slow;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(chaikin_oscillator, ChaikinOscillator, "fast less slow average of accumulation/distribution, in lots")
