// Median price of the bar: (high + low) / 2, as TA-Lib's MEDPRICE.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct MedianPrice {
  using Params = NoParams;
  static constexpr series::Input kIn[] = {series::mean_of(series::kHigh, series::kLow)};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "S. B. Achelis, Technical Analysis from A to Z, 1995; TA-Lib MEDPRICE";
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

TF_INDICATOR(median_price, MedianPrice, "median price of the bar, in ticks")
