// Events and trades a second: counts of the bar over the time from the event before it to its last one; 0 where no time
// passed.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct ArrivalRate : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::time_ns, TickColumn::trade_size};
  static constexpr int kOut = 2, kTerms = 3, kAgo = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Engle and Russell, Econometrica 66, 1998";
  static constexpr Output kOutputs[] = {{"events", "1/s", 0}, {"trades", "1/s", 0}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    const R zero = R(0.0), one = R(1.0), passed = in.now(0) - in.ago(0, 1);
    terms[0] = select(passed == passed, passed, zero);
    terms[1] = one;
    terms[2] = select(in.now(1) > zero, one, zero);
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R, R* out) {
    const R zero = R(0.0), seconds = sums[0] * R(1e-9);
    out[0] = select(seconds > zero, sums[1] / seconds, zero);
    out[1] = select(seconds > zero, sums[2] / seconds, zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(arrival_rate, ArrivalRate, "events and trades a second")
