// Commodity channel index (Lambert, 1980): the typical price's distance from its mean, in 0.015 mean absolute
// deviations. As TA-Lib's CCI; 0 in a flat window, where a deviation below 1e-12 of the mean is rounding. The
// deviations are summed bar by bar, so that the period is limited.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Cci {
  struct Params {
    int period = 20;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 2, 2000, "bars", "length of the window")};
      return table;
    }
  };
  static constexpr Input kIn[] = {sum(kTypical)};
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "D. R. Lambert, Commodity Channel Index, 1980";
  static constexpr Output kOutputs[] = {{"value", ""}};
  struct Coef {
    int64_t period;
    double inverse;
  };

  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef coef(const Params& params) { return {params.period, 1.0 / params.period}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R mean = in.sum(0, coef.period) * R(coef.inverse), zero = R(0.0);
    // Four sums: one would wait for each addition.
    R total[4] = {zero, zero, zero, zero};
    int64_t k = 0;
    for (; k + 4 <= coef.period; k += 4) {
      total[0] = total[0] + abs_(in.ago(0, k) - mean);
      total[1] = total[1] + abs_(in.ago(0, k + 1) - mean);
      total[2] = total[2] + abs_(in.ago(0, k + 2) - mean);
      total[3] = total[3] + abs_(in.ago(0, k + 3) - mean);
    }
    for (; k < coef.period; ++k) total[0] = total[0] + abs_(in.ago(0, k) - mean);
    const R deviation = ((total[0] + total[1]) + (total[2] + total[3])) * R(coef.inverse);
    out[0] = select(deviation > R(1e-12) * abs_(mean), (in.now(0) - mean) / (R(0.015) * deviation), zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(cci, Cci, "commodity channel index of the typical price")
