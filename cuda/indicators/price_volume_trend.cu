// Price volume trend of a window: the sum of volume times the relative change of the close; a change from 0 counts as
// 0. The usual line sums from the series' first bar; this is its change over `period` bars, which does not hang on
// where the series began.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct PriceVolumeTrend {
  struct Params {
    int period = 20;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "bars in the window")};
      return table;
    }
  };
  struct Flow {
    static constexpr series::Input kIn[] = {series::kClose, series::kVolume};
    static constexpr int kOut = 1;
    struct Coef {};
    static int64_t lookback(const Params&) { return 1; }
    static Coef coef(const Params&) { return {}; }
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      const R then = in.ago(0, 1), zero = R(0.0);
      out[0] = select(then == zero, zero, (in.now(0) - then) / then * in.now(1));
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
  static constexpr const char* kSource = "S. B. Achelis, Technical Analysis from A to Z, 1995";
  static constexpr series::Output kOutputs[] = {{"value", "lots"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(price_volume_trend, PriceVolumeTrend,
             "volume weighed by the close's relative change, summed over the window")
