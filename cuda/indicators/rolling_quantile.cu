// Quantile of the closes of a window, by linear interpolation between the closest ranks (definition 7 of Hyndman and
// Fan).
#include "cuda/series/indicator.hpp"
#include "cuda/series/order_window.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct RollingQuantile {
  struct Params {
    int period = 20;
    double quantile = 0.9;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "length of the window"),
                                    TF_FIELD(P, quantile, 0, 1, "", "0: lowest, 0.5: median, 1: highest")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::kClose};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Hyndman and Fan, The American Statistician 50, 1996";
  static constexpr series::Output kOutputs[] = {{"value", "ticks"}};
  static int64_t lookback(const Params& params) { return params.period - 1; }

  class Cache {
   public:
    explicit Cache(const Params& params)
        : window_(params.period, kLanes == 8 ? CpuLevel::v4 : CpuLevel::v3), quantile_(params.quantile) {}
    void run(const InputView* in, int64_t row, int64_t count, double* const* out) {
      window_.quantile(in[0].values, row, count, quantile_, out[0]);
    }

   private:
    OrderWindow window_;
    double quantile_;
  };
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(rolling_quantile, RollingQuantile, "quantile of the closes of a window, in ticks")
