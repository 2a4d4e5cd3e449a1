// Accumulation/distribution of a window: the sum of the bars' money flow volumes. TA-Lib's AD sums from the series'
// first bar and so hangs on where the series began; this is its change over `period` bars.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct AccumulationDistribution {
  struct Params {
    int period = 20;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "bars in the window")};
      return table;
    }
  };
  struct Flow {
    static constexpr series::Input kIn[] = {series::kHigh, series::kLow, series::kClose, series::kVolume};
    static constexpr int kOut = 1;
    struct Coef {};
    static int64_t lookback(const Params&) { return 0; }
    static Coef coef(const Params&) { return {}; }
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      const R high = in.now(0), low = in.now(1), close = in.now(2), range = high - low, zero = R(0.0);
      out[0] = select(range <= zero, zero, ((close - low) - (high - close)) / range * in.now(3));
    }
  };
  struct Total {
    static constexpr series::Input kIn[] = {series::sum(series::stage(0))};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
    };
    static int64_t lookback(const Params& params) { return params.period - 1; }
    static Coef coef(const Params& params) { return {params.period}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = in.sum(0, coef.period);
    }
  };
  using Stages = series::Chain<Flow, Total>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "S. B. Achelis, Technical Analysis from A to Z, 1995; TA-Lib AD";
  static constexpr series::Output kOutputs[] = {{"value", "lots"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(accumulation_distribution, AccumulationDistribution, "summed money flow volume of the window")
