// Correlation of the close with the volume over a window, as TA-Lib's CORREL of the two; 0 where either is flat.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct VolumeCorrelation : CorrelationOfSums {
  using Params = WindowParams<30, 2>;
  static constexpr series::Input kIn[] = {series::sum(series::kClose), series::sum(series::kVolume),
                                          series::sum_sq(series::kClose), series::sum_sq(series::kVolume),
                                          series::sum(series::product(series::kClose, series::kVolume))};
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "K. Pearson, Proceedings of the Royal Society 58, 1895; TA-Lib CORREL";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", -1, 1}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(volume_correlation, VolumeCorrelation, "correlation of the close with the volume")
