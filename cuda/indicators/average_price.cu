// Average price of the bar: (open + high + low + close) / 4, as TA-Lib's AVGPRICE.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct AveragePrice : FirstInput {
  using Params = NoParams;
  static constexpr series::Input kIn[] = {series::kAverage};
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "S. B. Achelis, Technical Analysis from A to Z, 1995; TA-Lib AVGPRICE";
  static constexpr series::Output kOutputs[] = {{"value", "ticks"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(average_price, AveragePrice, "average price of the bar, in ticks")
