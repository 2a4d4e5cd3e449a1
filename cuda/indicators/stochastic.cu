// Stochastic oscillator, 0 .. 100: where the close stands in the range of the last `period` bars, smoothed twice by
// simple means. As TA-Lib's STOCH with simple averages: slow_k = mean of `smooth` fast values, slow_d = mean of
// `signal` slow ones; a flat range counts as 0. fast_k is the unsmoothed one (STOCHF's).
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Stochastic {
  struct Params {
    int period = 14, smooth = 3, signal = 3;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "length of the range"),
                                    TF_FIELD(P, smooth, 1, 100000, "bars", "fast values averaged into slow_k"),
                                    TF_FIELD(P, signal, 1, 100000, "bars", "slow values averaged into slow_d")};
      return table;
    }
  };

  struct FastK {
    static constexpr series::Input kIn[] = {series::kClose, series::highest(series::kHigh),
                                            series::lowest(series::kLow)};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
    };
    static int64_t lookback(const Params& params) { return params.period - 1; }
    static Coef coef(const Params& params) { return {params.period}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R low = in.lowest(2, coef.period), range = in.highest(1, coef.period) - low, zero = R(0.0);
      out[0] = select(range == zero, zero, R(100.0) * (in.now(0) - low) / range);
    }
  };
  struct SlowK {
    static constexpr series::Input kIn[] = {sum(series::stage(0))};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
      double inverse;
    };
    static int64_t lookback(const Params& params) { return params.smooth - 1; }
    static Coef coef(const Params& params) { return {params.smooth, 1.0 / params.smooth}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = in.sum(0, coef.period) * R(coef.inverse);
    }
  };
  struct Lines {
    static constexpr series::Input kIn[] = {series::stage(0), sum(series::stage(1))};
    static constexpr int kOut = 3;
    struct Coef {
      int64_t period;
      double inverse;
    };
    static int64_t lookback(const Params& params) { return params.signal - 1; }
    static Coef coef(const Params& params) { return {params.signal, 1.0 / params.signal}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = in.now(0);
      out[1] = in.now(1);
      out[2] = in.sum(1, coef.period) * R(coef.inverse);
    }
  };

  using Stages = series::Chain<FastK, SlowK, Lines>;
  static constexpr int kOut = 3;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "G. C. Lane, Lane's Stochastics, 1984; TA-Lib STOCH";
  static constexpr series::Output kOutputs[] = {
      {"fast_k", "percent", 0, 100}, {"slow_k", "percent", 0, 100}, {"slow_d", "percent", 0, 100}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(stochastic, Stochastic, "stochastic oscillator of the close, fast and slow lines")
