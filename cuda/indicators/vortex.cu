// Vortex indicator (Botes and Siepman, 2010): how far highs lie from the lows before, and lows from the highs before,
// summed over the window, relative to the summed true range; 0 without range. As TA-Lib's VORTEX.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Vortex {
  using Params = WindowParams<14>;

  struct Moves : Pointwise<1> {
    static constexpr Input kIn[] = {kHigh, kLow, kTrueRange};
    static constexpr int kOut = 3;
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      out[0] = abs_(in.now(0) - in.ago(1, 1));
      out[1] = abs_(in.now(1) - in.ago(0, 1));
      out[2] = in.now(2);
    }
  };
  struct Shares : OverPeriod {
    static constexpr Input kIn[] = {sum(stage(0)), sum(stage(1)), sum(stage(2))};
    static constexpr int kOut = 2;
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R range = in.sum(2, coef.period), zero = R(0.0);
      const Mask<R> moves = range > zero;
      out[0] = select(moves, in.sum(0, coef.period) / range, zero);
      out[1] = select(moves, in.sum(1, coef.period) / range, zero);
    }
  };

  using Stages = Chain<Moves, Shares>;
  static constexpr int kOut = 2;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "E. Botes and D. Siepman, The Vortex Indicator, 2010";
  static constexpr Output kOutputs[] = {{"plus", "ratio", 0}, {"minus", "ratio", 0}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(vortex, Vortex, "upward and downward vortex movement relative to the true range")
