// Median price of the bar: (high + low) / 2, as TA-Lib's MEDPRICE.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct MedianPrice : FirstInput {
  using Params = NoParams;
  static constexpr series::Input kIn[] = {series::mean_of(series::kHigh, series::kLow)};
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "S. B. Achelis, Technical Analysis from A to Z, 1995; TA-Lib MEDPRICE";
  static constexpr series::Output kOutputs[] = {{"value", "ticks"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(median_price, MedianPrice, "median price of the bar, in ticks")
