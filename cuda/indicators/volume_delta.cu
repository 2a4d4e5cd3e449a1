// Volume delta of a window: bought less sold lots by the aggressor's side, and their share of both, -1 .. 1; 0 without
// trades.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct VolumeDelta {
  struct Params {
    int period = 20;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "bars in the window")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::sum(series::kBuyVolume), series::sum(series::kSellVolume)};
  static constexpr int kOut = 2;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Chordia, Roll and Subrahmanyam, Journal of Financial Economics 65, 2002";
  static constexpr series::Output kOutputs[] = {{"lots", "lots"}, {"share", "ratio", -1, 1}};
  struct Coef {
    int64_t period;
  };
  static int64_t lookback(const Params& params) { return params.period - 1; }
  static Coef coef(const Params& params) { return {params.period}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R bought = in.sum(0, coef.period), sold = in.sum(1, coef.period), both = bought + sold, zero = R(0.0);
    out[0] = bought - sold;
    out[1] = select(both == zero, zero, out[0] / both);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(volume_delta, VolumeDelta, "bought less sold lots of the window, and their share of both")
