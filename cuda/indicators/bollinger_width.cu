// Bollinger band width: upper less lower band in percent of the middle (bands as bollinger's); 0 where the middle is 0.
#include "cuda/indicators/scatter.hpp"
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct BollingerWidth {
  struct Params {
    int period = 20;
    double deviations = 2;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {
          TF_FIELD(P, period, 2, 100000, "bars", "length of the window"),
          TF_FIELD(P, deviations, 0.01, 100, "standard deviations", "half the distance between the bands")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::sum(series::kClose), series::sum_sq(series::kClose)};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "J. Bollinger, Bollinger on Bollinger Bands, 2001";
  static constexpr series::Output kOutputs[] = {{"value", "percent"}};
  struct Coef {
    int64_t period;
    double count, factor;
  };
  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef coef(const Params& params) { return {params.period, double(params.period), 200.0 * params.deviations}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R total = in.sum(0, coef.period), zero = R(0.0);
    const R deviation = sqrt_(max_(zero, scatter(R(coef.count), in.sum(1, coef.period), total, total)));
    out[0] = select(total == zero, zero, R(coef.factor) * deviation / total);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(bollinger_width, BollingerWidth, "distance of the Bollinger bands in percent of their middle")
