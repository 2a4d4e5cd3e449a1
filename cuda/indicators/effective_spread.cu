// Effective spread: twice the distance of a trade from the mid of the event before it; the mean over the bar's trades,
// plain and weighted by lots, in ticks. Trades before the first quote do not count; a bar without trades is 0.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct EffectiveSpread : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::bid, TickColumn::ask, TickColumn::trade_px,
                                          TickColumn::trade_size};
  static constexpr int kOut = 2, kTerms = 4, kAgo = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Huang and Stoll, Journal of Financial Economics 41, 1996, equation 1";
  static constexpr Output kOutputs[] = {{"mean", "ticks", 0}, {"weighted", "ticks", 0}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    const R lots = in.now(3), zero = R(0.0), mid = R(0.5) * (in.ago(0, 1) + in.ago(1, 1));
    const auto counts = and_(lots > zero, mid == mid);
    const R paid = select(counts, R(2.0) * abs_(in.now(2) - mid), zero);
    terms[0] = paid;
    terms[1] = select(counts, R(1.0), zero);
    terms[2] = paid * lots;
    terms[3] = select(counts, lots, zero);
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R, R* out) {
    const R zero = R(0.0);
    out[0] = select(sums[1] > zero, sums[0] / sums[1], zero);
    out[1] = select(sums[3] > zero, sums[2] / sums[3], zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(effective_spread, EffectiveSpread, "mean effective spread of the bar's trades")
