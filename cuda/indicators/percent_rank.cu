// Percentile rank of the close, 0 .. 1: the share of the window's closes below it, plus half the share equal to it
// (itself counted), as scipy's percentileofscore with kind "mean", over 100.
#include "cuda/indicators/stages.hpp"
#include "cuda/series/order_window.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct PercentRank {
  using Params = WindowParams<100>;
  static constexpr series::Input kIn[] = {series::kClose};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource =
      "NIST/SEMATECH e-Handbook of Statistical Methods, section 7.2.6.2; scipy.stats.percentileofscore";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", 0, 1}};
  static int64_t lookback(const Params& params) { return params.period - 1; }

  class Cache {
   public:
    explicit Cache(const Params& params) : window_(params.period, kLanes == 8 ? CpuLevel::v4 : CpuLevel::v3) {}
    void run(const InputView* in, int64_t row, int64_t count, double* const* out) {
      window_.rank(in[0].values, row, count, out[0]);
    }

   private:
    OrderWindow window_;
  };
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(percent_rank, PercentRank, "share of the window's closes below the newest")
