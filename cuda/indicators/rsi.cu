// Relative strength index, 0 .. 100 (Wilder, New Concepts in Technical Trading Systems, 1978): the smoothed rises'
// share of all smoothed moves. As TA-Lib's RSI: means of moves 1 .. period first, then Wilder's weight 1 / period; 0
// where nothing moved.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Rsi {
  struct Params {
    int period = 14;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "length of Wilder's average")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::kClose};
  static constexpr int kOut = 1, kAgo = 1;
  static constexpr series::Stability kStability = series::Stability::converging;
  static constexpr const char* kSource = "J. W. Wilder, New Concepts in Technical Trading Systems, 1978";
  static constexpr series::Output kOutputs[] = {{"value", "percent", 0, 100}};
  template <class R>
  struct Coef {
    R weight, period;
  };
  template <class R>
  struct Lane {
    R up, down;
  };

  static int64_t lookback(const Params& params) { return params.period; }
  static Coef<double> coef(const Params& params) { return {1.0 / params.period, double(params.period)}; }

  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R weight = in.ramp(coef.weight, coef.period, R(1.0)), keep = R(1.0) - weight, zero = R(0.0);
    const R move = in.now(0) - in.ago(0, 1);
    lane.up = fma_(keep, lane.up, weight * max_(move, zero));
    lane.down = fma_(keep, lane.down, weight * max_(zero - move, zero));
    const R moves = lane.up + lane.down;
    out[0] = select(moves < R(1e-14), zero, R(100.0) * lane.up / moves);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(rsi, Rsi, "relative strength index of the close, 0 to 100")
