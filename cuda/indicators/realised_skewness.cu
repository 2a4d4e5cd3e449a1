// Realised skewness and kurtosis of the mid's changes d within the bar: sqrt(n) sum d^3 / (sum d^2)^1.5 and n sum d^4 /
// (sum d^2)^2, n = the bar's events; 0 where nothing moved.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct RealisedSkewness : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::bid, TickColumn::ask};
  static constexpr int kOut = 2, kTerms = 3, kAgo = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource =
      "Amaya, Christoffersen, Jacobs and Vasquez, Journal of Financial Economics 118, 2015";
  static constexpr Output kOutputs[] = {{"skewness", ""}, {"kurtosis", "", 0}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    const R half = R(0.5), mid = half * (in.now(0) + in.now(1)), before = half * (in.ago(0, 1) + in.ago(1, 1));
    const R move = select(before == before, mid - before, R(0.0)), square = move * move;
    terms[0] = square;
    terms[1] = square * move;
    terms[2] = square * square;
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R ticks, R* out) {
    const R zero = R(0.0), squares = sums[0];
    out[0] = select(squares > zero, sqrt_(ticks) * sums[1] / (squares * sqrt_(squares)), zero);
    out[1] = select(squares > zero, ticks * sums[2] / (squares * squares), zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(realised_skewness, RealisedSkewness, "realised skewness and kurtosis of the mid")
