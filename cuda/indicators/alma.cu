// Arnaud Legoux moving average of the close (Legoux and Kouzis-Loukas, 2009): Gaussian weights over the window, centred
// at `offset` of its length (0 = oldest, 1 = newest bar), of standard deviation period / sigma. The weights are kept,
// so that the period is limited.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Alma {
  struct Params {
    int period = 9;
    double offset = 0.85, sigma = 6;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {
          TF_FIELD(P, period, 1, 512, "bars", "length of the window"),
          TF_FIELD(P, offset, 0, 1, "", "where in the window the weights are centred"),
          TF_FIELD(P, sigma, 0.5, 100, "", "window length in standard deviations of the weights")};
      return table;
    }
  };
  static constexpr Input kIn[] = {kClose};
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "A. Legoux and D. Kouzis-Loukas, ALMA Arnaud Legoux Moving Average, 2009";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};
  struct Coef {
    int64_t period;
    double weight[512];  ///< newest first
  };

  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef coef(const Params& params) {
    Coef coef{params.period, {}};
    const double centre = params.offset * (params.period - 1), width = params.period / params.sigma;
    double total = 0;
    for (int ago = 0; ago < params.period; ++ago) {
      const double place = (params.period - 1 - ago - centre) / width;
      total += coef.weight[ago] = exp_(-0.5 * place * place);
    }
    for (double& weight : coef.weight) weight /= total;
    return coef;
  }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    R total = R(0.0);
    for (int64_t k = 0; k < coef.period; ++k) total = fma_(R(coef.weight[k]), in.ago(0, k), total);
    out[0] = total;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(alma, Alma, "Arnaud Legoux moving average of the close, in ticks")
