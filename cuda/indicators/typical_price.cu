// Typical price of the bar: (high + low + close) / 3, as TA-Lib's TYPPRICE.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct TypicalPrice : FirstInput {
  using Params = NoParams;
  static constexpr series::Input kIn[] = {series::kTypical};
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "S. B. Achelis, Technical Analysis from A to Z, 1995; TA-Lib TYPPRICE";
  static constexpr series::Output kOutputs[] = {{"value", "ticks"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(typical_price, TypicalPrice, "typical price of the bar, in ticks")
