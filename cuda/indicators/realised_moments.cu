// Realised variance of the mid within the bar, in squared ticks, over the events' changes d: variance = sum d^2;
// bipower = pi/2 sum |d||d before|, which jumps hardly move; jump = what the first has over the second, at least 0; up
// and down = the sums of squares of rises and of falls.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct RealisedMoments : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::bid, TickColumn::ask};
  static constexpr int kOut = 5, kTerms = 4, kAgo = 2;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource =
      "Barndorff-Nielsen and Shephard, Journal of Financial Econometrics 2, 2004; and with Kinnebrock, 2010";
  static constexpr Output kOutputs[] = {{"variance", "ticks^2", 0},
                                        {"bipower", "ticks^2", 0},
                                        {"jump", "ticks^2", 0},
                                        {"up", "ticks^2", 0},
                                        {"down", "ticks^2", 0}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    const R zero = R(0.0), half = R(0.5), mid = half * (in.now(0) + in.now(1));
    const R before = half * (in.ago(0, 1) + in.ago(1, 1)), first = half * (in.ago(0, 2) + in.ago(1, 2));
    const R move = select(before == before, mid - before, zero), last = select(first == first, before - first, zero);
    terms[0] = move * move;
    terms[1] = abs_(move) * abs_(last);
    terms[2] = select(move > zero, move * move, zero);
    terms[3] = select(move < zero, move * move, zero);
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R, R* out) {
    out[0] = sums[0];
    out[1] = R(1.57079632679489661923) * sums[1];
    out[2] = max_(out[0] - out[1], R(0.0));
    out[3] = sums[2];
    out[4] = sums[3];
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(realised_moments, RealisedMoments,
             "realised variance, bipower variation, jump and semivariances of the mid")
