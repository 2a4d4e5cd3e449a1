// Amihud's illiquidity: the mean over the last `period` bars of |log return| over the worth traded (volume * close),
// times 1e6; bars without volume count as 0.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Amihud {
  struct Params {
    int period = 20;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "bars in the window")};
      return table;
    }
  };

  struct Ratio {
    static constexpr Input kIn[] = {log_return(kClose), kVolume, kClose};
    static constexpr int kOut = 1;
    struct Coef {};
    static int64_t lookback(const Params&) { return 1; }
    static Coef coef(const Params&) { return {}; }
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      const R worth = abs_(in.now(1) * in.now(2)), zero = R(0.0);
      out[0] = select(worth > zero, R(1e6) * abs_(in.now(0)) / worth, zero);
    }
  };

  struct Mean {
    static constexpr Input kIn[] = {sum(stage(0))};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
      double inverse;
    };
    static int64_t lookback(const Params& params) { return params.period - 1; }
    static Coef coef(const Params& params) { return {params.period, 1.0 / params.period}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = in.sum(0, coef.period) * R(coef.inverse);
    }
  };

  using Stages = Chain<Ratio, Mean>;
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Amihud, Journal of Financial Markets 5, 2002";
  static constexpr Output kOutputs[] = {{"value", "1e-6 per tick lot", 0}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(amihud, Amihud, "mean absolute return a unit of worth traded")
