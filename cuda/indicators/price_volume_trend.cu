// Price volume trend of a window: the sum of volume times the relative change of the close; a change from 0 counts as
// 0. The usual line sums from the series' first bar; this is its change over `period` bars, which does not hang on
// where the series began.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct PriceVolumeTrend {
  using Params = WindowParams<20>;
  struct Flow : Pointwise<1> {
    static constexpr series::Input kIn[] = {series::kClose, series::kVolume};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      const R then = in.ago(0, 1), zero = R(0.0);
      out[0] = select(then == zero, zero, (in.now(0) - then) / then * in.now(1));
    }
  };
  using Stages = series::Chain<Flow, TotalOfStage>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "S. B. Achelis, Technical Analysis from A to Z, 1995";
  static constexpr series::Output kOutputs[] = {{"value", "lots"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(price_volume_trend, PriceVolumeTrend,
             "volume weighed by the close's relative change, summed over the window")
