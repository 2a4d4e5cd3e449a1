// Corwin and Schultz's spread from the highs and lows of two successive bars, as a share of the price: its mean over
// the last `period` pairs, negative estimates counted as 0 (their practice); no correction for gaps.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct CorwinSchultz {
  using Params = WindowParams<20>;

  struct Pair : Pointwise<1> {
    static constexpr Input kIn[] = {log_quotient(kHigh, kLow), highest(kHigh), lowest(kLow)};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      const R one = R(1.0), zero = R(0.0), now = in.now(0), before = in.ago(0, 1), root = R(0.41421356237309504880);
      const R beta = now * now + before * before, range = log_(in.highest(1, 2) / in.lowest(2, 2));
      // (sqrt(2) - 1) / (3 - 2 sqrt(2)) and 1 / sqrt(3 - 2 sqrt(2)) are both 1 / (sqrt(2) - 1).
      const R grown = exp_((sqrt_(beta) - range) / root);
      out[0] = max_(R(2.0) * (grown - one) / (one + grown), zero);
    }
  };

  using Stages = Chain<Pair, MeanOfStage>;
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Corwin and Schultz, Journal of Finance 67, 2012, equations 14 and 18";
  static constexpr Output kOutputs[] = {{"value", "ratio", 0, 2}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(corwin_schultz, CorwinSchultz, "spread implied by highs and lows")
