// Mid of the best bid and ask at the bar's close. TA-Lib's MIDPRICE is another: the middle of the highest high and the
// lowest low.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct MidPrice : FirstInput {
  using Params = NoParams;
  static constexpr series::Input kIn[] = {series::mean_of(series::kBid, series::kAsk)};
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "J. Hasbrouck, Empirical Market Microstructure, 2007, chapter 2";
  static constexpr series::Output kOutputs[] = {{"value", "ticks"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(mid_price, MidPrice, "mid of the best bid and ask at the close, in ticks")
