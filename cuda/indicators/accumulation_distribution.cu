// Accumulation/distribution of a window: the sum of the bars' money flow volumes. TA-Lib's AD sums from the series'
// first bar and so hangs on where the series began; this is its change over `period` bars.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct AccumulationDistribution {
  using Params = WindowParams<20>;
  using Stages = series::Chain<MoneyFlowOfBar, TotalOfStage>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "S. B. Achelis, Technical Analysis from A to Z, 1995; TA-Lib AD";
  static constexpr series::Output kOutputs[] = {{"value", "lots"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(accumulation_distribution, AccumulationDistribution, "summed money flow volume of the window")
