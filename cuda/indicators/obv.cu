// On-balance volume of a window: the lots of bars that closed higher less those of bars that closed lower. TA-Lib's OBV
// sums from the series' first bar and so hangs on where the series began, for ever; this is its change over `period`
// bars, which does not.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Obv {
  using Params = WindowParams<20>;
  struct Flow : Pointwise<1> {
    static constexpr series::Input kIn[] = {series::change(series::kClose), series::kVolume};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      out[0] = sign_(in.now(0)) * in.now(1);
    }
  };
  using Stages = series::Chain<Flow, TotalOfStage>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "J. E. Granville, New Key to Stock Market Profits, 1963";
  static constexpr series::Output kOutputs[] = {{"value", "lots"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(obv, Obv, "volume of rising less that of falling bars of the window")
