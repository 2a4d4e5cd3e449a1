// Z-score of the close: its distance from the window's mean in standard deviations (divisor: period); 0 in a flat
// window.
#include "cuda/indicators/scatter.hpp"
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Zscore {
  struct Params {
    int period = 20;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 2, 100000, "bars", "length of the window")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::sum(series::kClose), series::sum_sq(series::kClose)};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Gatev, Goetzmann and Rouwenhorst, Review of Financial Studies 19, 2006";
  static constexpr series::Output kOutputs[] = {{"value", ""}};
  struct Coef {
    int64_t period;
    double count;
  };
  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef coef(const Params& params) { return {params.period, double(params.period)}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R total = in.sum(0, coef.period), count = R(coef.count), zero = R(0.0);
    const R scaled = scatter(count, in.sum(1, coef.period), total, total);
    out[0] = select(scaled <= zero, zero, fma_(count, in.now(0), -total) / sqrt_(scaled));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(zscore, Zscore, "distance of the close from its mean in standard deviations")
