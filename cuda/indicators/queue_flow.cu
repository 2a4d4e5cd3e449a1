// Lots that leave and join the two queues at the touch while their price stands still, summed over the bar's events:
// how fast the queues deplete and refill. A series' first event adds nothing.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct QueueFlow : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::bid, TickColumn::ask, TickColumn::bid_size, TickColumn::ask_size};
  static constexpr int kOut = 4, kTerms = 4, kAgo = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Cont, Stoikov and Talreja, Operations Research 58, 2010";
  static constexpr Output kOutputs[] = {
      {"bid_depleted", "lots", 0}, {"bid_added", "lots", 0}, {"ask_depleted", "lots", 0}, {"ask_added", "lots", 0}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    const R zero = R(0.0);
    const R bid = select(in.now(0) == in.ago(0, 1), in.now(2) - in.ago(2, 1), zero);
    const R ask = select(in.now(1) == in.ago(1, 1), in.now(3) - in.ago(3, 1), zero);
    terms[0] = max_(zero - bid, zero);
    terms[1] = max_(bid, zero);
    terms[2] = max_(zero - ask, zero);
    terms[3] = max_(ask, zero);
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R, R* out) {
    for (int side = 0; side < 4; ++side) out[side] = sums[side];
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(queue_flow, QueueFlow, "lots leaving and joining the queues at the touch")
