// Bollinger bands of the close: mean +- deviations times the standard deviation of the window (divisor: period, as
// TA-Lib's BBANDS), and where the close stands between them: 0 at the lower band, 1 at the upper, 0.5 in a flat window.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Bollinger {
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
  static constexpr int kOut = 4;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "J. Bollinger, Bollinger on Bollinger Bands, 2001";
  static constexpr series::Output kOutputs[] = {
      {"upper", "ticks"}, {"middle", "ticks"}, {"lower", "ticks"}, {"percent_b", "ratio"}};
  struct Coef {
    int64_t period;
    double count, inverse, deviations;
  };

  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef coef(const Params& params) {
    return {params.period, double(params.period), 1.0 / params.period, params.deviations};
  }

  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R total = in.sum(0, coef.period), squares = in.sum(1, coef.period), zero = R(0.0);
    // count^2 * variance = count * squares - total^2, with total^2 in two words: nothing cancels that was rounded
    // before.
    const R high = total * total, low = fma_(total, total, zero - high);
    const R spread = max_(fma_(R(coef.count), squares, zero - high) - low, zero);
    const R mean = total * R(coef.inverse), half = R(coef.deviations * coef.inverse) * sqrt_(spread);
    out[0] = mean + half;
    out[1] = mean;
    out[2] = mean - half;
    const R width = half + half;
    out[3] = select(width > zero, (in.now(0) - out[2]) / width, R(0.5));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(bollinger, Bollinger, "Bollinger bands of the close, in ticks, and the close's place between them")
