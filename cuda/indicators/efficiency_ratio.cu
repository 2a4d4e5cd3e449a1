// Efficiency ratio, 0 .. 1: how far the close came in `period` bars over the sum of its moves; 0 where nothing moved.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct EfficiencyRatio {
  struct Params {
    int period = 10;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "moves in the window")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::kClose, series::sum(series::rise(series::kClose)),
                                          series::sum(series::fall(series::kClose))};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "P. J. Kaufman, Smarter Trading, 1995";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", 0, 1}};
  struct Coef {
    int64_t period;
  };
  static int64_t lookback(const Params& params) { return params.period; }
  static Coef coef(const Params& params) { return {params.period}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R way = in.sum(1, coef.period) + in.sum(2, coef.period), zero = R(0.0);
    out[0] = select(way <= zero, zero, abs_(in.now(0) - in.ago(0, coef.period)) / way);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(efficiency_ratio, EfficiencyRatio, "net move of the close over the way it took, 0 to 1")
