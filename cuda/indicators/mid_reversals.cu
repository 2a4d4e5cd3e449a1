// Share of the mid's moves within the bar that turn back on the move before them, which may lie in an earlier bar; 0
// without moves.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct MidReversals : OfTicks {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::bid, TickColumn::ask};
  static constexpr int kOut = 1, kAgo = 1;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "Robert and Rosenbaum, Journal of Financial Econometrics 9, 2011";
  static constexpr Output kOutputs[] = {{"value", "ratio", 0, 1}};
  template <class R>
  struct Lane {
    R direction, turns, moves;
  };

  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>&, const In& in) {
    const R zero = R(0.0), one = R(1.0), move = (in.now(0) + in.now(1)) - (in.ago(0, 1) + in.ago(1, 1));
    const R direction = select(move > zero, one, select(move < zero, -one, zero));
    lane.turns = lane.turns + select(direction * lane.direction < zero, one, zero);
    lane.moves = lane.moves + abs_(direction);
    lane.direction = select(direction == zero, lane.direction, direction);
  }
  template <class R>
  TF_HD static void finish(Lane<R>& lane, const Coef<R>&, R, R* out) {
    const R zero = R(0.0);
    out[0] = select(lane.moves > zero, lane.turns / lane.moves, zero);
    lane.turns = zero;
    lane.moves = zero;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(mid_reversals, MidReversals, "share of the mid's moves that turn back")
