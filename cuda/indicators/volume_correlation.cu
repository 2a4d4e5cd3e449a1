// Correlation of the close with the volume over a window, as TA-Lib's CORREL of the two; 0 where either is flat.
#include "cuda/indicators/scatter.hpp"
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct VolumeCorrelation {
  struct Params {
    int period = 30;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 2, 100000, "bars", "length of the window")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::sum(series::kClose), series::sum(series::kVolume),
                                          series::sum_sq(series::kClose), series::sum_sq(series::kVolume),
                                          series::sum(series::product(series::kClose, series::kVolume))};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "K. Pearson, Proceedings of the Royal Society 58, 1895; TA-Lib CORREL";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", -1, 1}};
  struct Coef {
    int64_t period;
    double count;
  };
  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef coef(const Params& params) { return {params.period, double(params.period)}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R count = R(coef.count), x = in.sum(0, coef.period), y = in.sum(1, coef.period);
    const R together = scatter(count, in.sum(4, coef.period), x, y);
    out[0] =
        correlation_of(together, spread(count, in.sum(2, coef.period), x), spread(count, in.sum(3, coef.period), y));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(volume_correlation, VolumeCorrelation, "correlation of the close with the volume")
