// Imbalance of the sizes at the touch, -1 .. 1, weighted by how long it stood: from the event before the bar to its
// last one; 0 where no time passed. A touch without sizes counts as 0.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct TimeWeightedImbalance : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::bid_size, TickColumn::ask_size, TickColumn::time_ns};
  static constexpr int kOut = 1, kTerms = 2, kAgo = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource =
      "Cartea, Jaimungal and Penalva, Algorithmic and High-Frequency Trading, 2015, section 12.2";
  static constexpr Output kOutputs[] = {{"value", "ratio", -1, 1}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    const R zero = R(0.0), passed = in.now(2) - in.ago(2, 1), stood = select(passed == passed, passed, zero);
    const R both = in.ago(0, 1) + in.ago(1, 1);
    terms[0] = select(both > zero, stood * (in.ago(0, 1) - in.ago(1, 1)) / both, zero);
    terms[1] = stood;
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R, R* out) {
    const R zero = R(0.0);
    out[0] = select(sums[1] > zero, sums[0] / sums[1], zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(time_weighted_imbalance, TimeWeightedImbalance, "imbalance at the touch weighted by time")
