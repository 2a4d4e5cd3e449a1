// Correlation of the log returns of the close with those of the reference instrument's mid; 0 where either do not vary,
// NaN while the window holds a bar without a reference. Not finite while a price of the window is 0 or negative.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct ReturnCorrelation {
  using Params = ReturnsParams<50, 2>;
  using Stages = series::Chain<ReturnAndReference, CorrelationOfStage>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "K. Pearson, Proceedings of the Royal Society 58, 1895";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", -1, 1}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(return_correlation, ReturnCorrelation, "correlation of the log returns with the reference instrument's")
