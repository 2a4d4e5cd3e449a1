// Chaikin volatility: the change in percent, over `change` bars, of the exponential average of high - low (seeded by
// the mean of the first `period`); 0 where the earlier average is below 1e-9 ticks: all that flat bars leave of earlier
// ones.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct ChaikinVolatility {
  struct Params {
    int period = 10;
    int change = 10;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "smoothing weight 2 / (period + 1)"),
                                    TF_FIELD(P, change, 1, 100000, "bars", "how far back the earlier average lies")};
      return table;
    }
  };
  struct Average : SmoothedInput {
    static constexpr series::Input kIn[] = {series::difference(series::kHigh, series::kLow)};
  };
  struct Change {
    static constexpr series::Input kIn[] = {series::stage(0)};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t change;
    };
    static int64_t lookback(const Params& params) { return params.change; }
    static Coef coef(const Params& params) { return {params.change}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R then = in.ago(0, coef.change), zero = R(0.0);
      out[0] = select(then < R(1e-9), zero, R(100.0) * (in.now(0) - then) / then);
    }
  };
  using Stages = series::Chain<Average, Change>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::converging;
  static constexpr const char* kSource = "S. B. Achelis, Technical Analysis from A to Z, 1995";
  static constexpr series::Output kOutputs[] = {{"value", "percent", -100}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(chaikin_volatility, ChaikinVolatility, "change of the average range of bars, in percent")
