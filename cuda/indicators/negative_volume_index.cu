// Negative volume index of a window: the log returns of the close, summed over the bars whose volume fell against the
// bar before: the logarithm of what the usual index, which starts at 1000 with the series, grew by over `period` bars.
// Not finite while a close of the window is 0 or negative.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct NegativeVolumeIndex {
  using Params = WindowParams<255>;
  struct Move : Pointwise<1> {
    static constexpr series::Input kIn[] = {series::log_return(series::kClose), series::change(series::kVolume)};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      out[0] = select(in.now(1) < R(0.0), in.now(0), R(0.0));
    }
  };
  using Stages = series::Chain<Move, TotalOfStage>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "N. G. Fosback, Stock Market Logic, 1976";
  static constexpr series::Output kOutputs[] = {{"value", "ratio"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(negative_volume_index, NegativeVolumeIndex, "log return of the window's bars whose volume fell")
