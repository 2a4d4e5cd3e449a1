// Where in its session a bar closes: minutes since the open, and the share of the session that is over, 0 .. 1 (0 where
// it has no length).
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct SessionClock : Pointwise<> {
  using Params = NoParams;
  static constexpr series::Input kIn[] = {series::kSinceOpen, series::kToClose};
  static constexpr int kOut = 2;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Admati and Pfleiderer, Review of Financial Studies 1, 1988";
  static constexpr series::Output kOutputs[] = {{"minutes", "minutes"}, {"share", "ratio", 0, 1}};
  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* out) {
    const R since = in.now(0), length = since + in.now(1), zero = R(0.0);
    out[0] = since / R(60e9);
    out[1] = select(length <= zero, zero, max_(zero, min_(R(1.0), since / length)));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(session_clock, SessionClock, "minutes since the session opened, and the share of it that is over")
