// On-balance volume of a window: the lots of bars that closed higher less those of bars that closed lower. TA-Lib's OBV
// sums from the series' first bar and so hangs on where the series began, for ever; this is its change over `period`
// bars, which does not.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Obv {
  struct Params {
    int period = 20;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "bars in the window")};
      return table;
    }
  };
  struct Flow {
    static constexpr series::Input kIn[] = {series::change(series::kClose), series::kVolume};
    static constexpr int kOut = 1;
    struct Coef {};
    static int64_t lookback(const Params&) { return 1; }
    static Coef coef(const Params&) { return {}; }
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      out[0] = sign_(in.now(0)) * in.now(1);
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
  static constexpr const char* kSource = "J. E. Granville, New Key to Stock Market Profits, 1963";
  static constexpr series::Output kOutputs[] = {{"value", "lots"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(obv, Obv, "volume of rising less that of falling bars of the window")
