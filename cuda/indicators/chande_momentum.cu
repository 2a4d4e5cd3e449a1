// Chande's momentum oscillator (Chande and Kroll, 1994): 100 (rises - falls) / (rises + falls), sums over the last
// `period` moves of the close, as TA-Lib's CMOU; 0 where nothing moved. TA-Lib's CMO smooths as Wilder did instead:
// that is 2 rsi - 100.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct ChandeMomentum {
  using Params = WindowParams<14>;
  static constexpr Input kIn[] = {sum(rise(kClose)), sum(fall(kClose))};
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "T. S. Chande and S. Kroll, The New Technical Trader, 1994";
  static constexpr Output kOutputs[] = {{"value", "percent", -100, 100}};
  struct Coef {
    int64_t period;
  };

  static int64_t lookback(const Params& params) { return params.period; }
  static Coef coef(const Params& params) { return {params.period}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R up = in.sum(0, coef.period), down = in.sum(1, coef.period), zero = R(0.0);
    out[0] = select(up + down > zero, R(100.0) * (up - down) / (up + down), zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(chande_momentum, ChandeMomentum, "Chande's momentum oscillator of the close")
