// Weighted close of the bar: (high + low + 2 close) / 4, as TA-Lib's WCLPRICE.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct WeightedClose : FirstInput {
  using Params = NoParams;
  static constexpr series::Input kIn[] = {series::kWeighted};
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "S. B. Achelis, Technical Analysis from A to Z, 1995; TA-Lib WCLPRICE";
  static constexpr series::Output kOutputs[] = {{"value", "ticks"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(weighted_close, WeightedClose, "weighted close of the bar, in ticks")
