// Stochastic RSI (Chande and Kroll, 1994), 0 .. 100: where the RSI stands in its own range of the last `range` bars,
// and that averaged. As TA-Lib's STOCHRSI with a simple average; a flat range counts as 0.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct StochasticRsi {
  struct Params {
    int period = 14, range = 14, smooth = 3;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "of the RSI"),
                                    TF_FIELD(P, range, 1, 100000, "bars", "length of the RSI's range"),
                                    TF_FIELD(P, smooth, 1, 100000, "bars", "fast_k values averaged into fast_d")};
      return table;
    }
  };

  struct Strength {
    static constexpr Input kIn[] = {rise(kClose), fall(kClose)};
    static constexpr int kOut = 1, kAgo = 0;
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
      lane.up = fma_(keep, lane.up, weight * in.now(0));
      lane.down = fma_(keep, lane.down, weight * in.now(1));
      const R moves = lane.up + lane.down;
      out[0] = select(moves < R(1e-14), zero, R(100.0) * lane.up / moves);
    }
  };
  struct FastK {
    static constexpr Input kIn[] = {highest(stage(0)), lowest(stage(0))};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
    };
    static int64_t lookback(const Params& params) { return params.range - 1; }
    static Coef coef(const Params& params) { return {params.range}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R low = in.lowest(1, coef.period), range = in.highest(0, coef.period) - low, zero = R(0.0);
      out[0] = select(range > zero, R(100.0) * (in.now(0) - low) / range, zero);
    }
  };
  struct FastD {
    static constexpr Input kIn[] = {sum(stage(1))};
    static constexpr int kOut = 2;
    struct Coef {
      int64_t period;
      double inverse;
    };
    static int64_t lookback(const Params& params) { return params.smooth - 1; }
    static Coef coef(const Params& params) { return {params.smooth, 1.0 / params.smooth}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = in.now(0);
      out[1] = in.sum(0, coef.period) * R(coef.inverse);
    }
  };

  using Stages = Chain<Strength, FastK, FastD>;
  static constexpr int kOut = 2;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "T. S. Chande and S. Kroll, The New Technical Trader, 1994";
  static constexpr Output kOutputs[] = {{"fast_k", "percent", 0, 100}, {"fast_d", "percent", 0, 100}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(stochastic_rsi, StochasticRsi, "the RSI's place in its own recent range, and its average")
