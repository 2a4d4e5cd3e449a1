// Correlation of the close with the reference instrument's mid over a window, as TA-Lib's CORREL of the two; 0 where
// either is flat. NaN while the window holds a bar without a reference. Of prices, not of returns: see
// return_correlation.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Correlation : CorrelationOfSums {
  using Params = WindowParams<30, 2>;
  static constexpr series::Input kIn[] = {series::sum(series::kClose), series::sum(series::kReference),
                                          series::sum_sq(series::kClose), series::sum_sq(series::kReference),
                                          series::sum(series::product(series::kClose, series::kReference))};
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "K. Pearson, Proceedings of the Royal Society 58, 1895; TA-Lib CORREL";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", -1, 1}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(correlation, Correlation, "correlation of the close with the reference instrument")
