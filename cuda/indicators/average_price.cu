// Average price of the bar: (open + high + low + close) / 4, as TA-Lib's AVGPRICE.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct AveragePrice {
  using Params = NoParams;
  static constexpr series::Input kIn[] = {series::kAverage};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "S. B. Achelis, Technical Analysis from A to Z, 1995; TA-Lib AVGPRICE";
  static constexpr series::Output kOutputs[] = {{"value", "ticks"}};
  struct Coef {};
  static int64_t lookback(const Params&) { return 0; }
  static Coef coef(const Params&) { return {}; }
  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* out) {
    out[0] = in.now(0);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(average_price, AveragePrice, "average price of the bar, in ticks")
