// Ease of movement: the mean over the window of (change of the bar's middle) (high - low) / volume, in ticks squared a
// lot; a bar without volume counts as 0. Platforms scale volume by a constant of their own.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct EaseOfMovement {
  using Params = WindowParams<14>;
  struct Bar : Pointwise<1> {
    static constexpr series::Input kIn[] = {series::kHigh, series::kLow, series::kVolume};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      const R high = in.now(0), low = in.now(1), volume = in.now(2), zero = R(0.0);
      const R move = R(0.5) * ((high - in.ago(0, 1)) + (low - in.ago(1, 1)));
      out[0] = select(volume == zero, zero, move * (high - low) / volume);
    }
  };
  using Stages = series::Chain<Bar, MeanOfStage>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "R. W. Arms, Volume Cycles in the Stock Market, 1983";
  static constexpr series::Output kOutputs[] = {{"value", "ticks^2/lot"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(ease_of_movement, EaseOfMovement, "how far the bars' middle moves for a lot of volume")
