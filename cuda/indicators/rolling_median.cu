// Median of the closes of a window; the mean of the middle two where their number is even.
#include "cuda/indicators/stages.hpp"
#include "cuda/series/order_window.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct RollingMedian {
  using Params = WindowParams<20>;
  static constexpr series::Input kIn[] = {series::kClose};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "J. W. Tukey, Exploratory Data Analysis, 1977";
  static constexpr series::Output kOutputs[] = {{"value", "ticks"}};
  static int64_t lookback(const Params& params) { return params.period - 1; }

  class Cache {
   public:
    explicit Cache(const Params& params) : window_(params.period, kLanes == 8 ? CpuLevel::v4 : CpuLevel::v3) {}
    void run(const InputView* in, int64_t row, int64_t count, double* const* out) {
      window_.quantile(in[0].values, row, count, 0.5, out[0]);
    }

   private:
    OrderWindow window_;
  };
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(rolling_median, RollingMedian, "median of the closes of a window, in ticks")
