// Volatility of a bar that a drift does not change: the root of the mean of ln(H/O) ln(H/C) + ln(L/O) ln(L/C); not
// annualised. NaN while a price of the window is negative.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct RogersSatchell {
  struct Params {
    int period = 20;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "length of the window")};
      return table;
    }
  };
  struct Bar {
    static constexpr series::Input kIn[] = {series::log_quotient(series::kHigh, series::kOpen),
                                            series::log_quotient(series::kLow, series::kOpen),
                                            series::log_quotient(series::kClose, series::kOpen)};
    static constexpr int kOut = 1;
    struct Coef {};
    static int64_t lookback(const Params&) { return 0; }
    static Coef coef(const Params&) { return {}; }
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      const R up = in.now(0), down = in.now(1), move = in.now(2);
      out[0] = fma_(up, up - move, down * (down - move));
    }
  };
  struct Mean {
    static constexpr series::Input kIn[] = {series::sum(series::stage(0))};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
      double inverse;
    };
    static int64_t lookback(const Params& params) { return params.period - 1; }
    static Coef coef(const Params& params) { return {params.period, 1.0 / params.period}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = sqrt_(max_(R(0.0), in.sum(0, coef.period)) * R(coef.inverse));
    }
  };
  using Stages = series::Chain<Bar, Mean>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Rogers and Satchell, Annals of Applied Probability 1, 1991";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", 0}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(rogers_satchell, RogersSatchell, "volatility of a bar by its prices, whatever the drift")
