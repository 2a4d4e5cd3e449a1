// Volume weighted average price of a window, in ticks: traded value over traded lots; the close where nothing was
// traded.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct VwapRolling {
  struct Params {
    int period = 20;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "bars in the window")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::sum(series::product(series::kVwap, series::kVolume)),
                                          series::sum(series::kVolume), series::kClose};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Berkowitz, Logue and Noser, Journal of Finance 43, 1988";
  static constexpr series::Output kOutputs[] = {{"value", "ticks"}};
  struct Coef {
    int64_t period;
  };
  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef coef(const Params& params) { return {params.period}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R volume = in.sum(1, coef.period);
    out[0] = select(volume == R(0.0), in.now(2), in.sum(0, coef.period) / volume);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(vwap_rolling, VwapRolling, "mean price of the lots traded in the window, in ticks")
