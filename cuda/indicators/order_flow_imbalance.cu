// Order flow imbalance in lots: the sum over the bar's events of what each adds to the bid's queue less what it adds
// to the ask's (Cont, Kukanov and Stoikov, Journal of Financial Econometrics 12, 2014, equation 4). An event adds its
// whole size where its price is better or equal, and takes the size before where its price is worse or equal. A
// series' first event, and one without sizes, add nothing; a bar without ticks is 0.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct OrderFlowImbalance : Pointwise<> {
  using Params = NoParams;
  static constexpr series::TickColumn kTicks[] = {series::TickColumn::bid, series::TickColumn::ask,
                                                  series::TickColumn::bid_size, series::TickColumn::ask_size};
  static constexpr int kOut = 1, kTerms = 1, kAgo = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource =
      "Cont, Kukanov and Stoikov, Journal of Financial Econometrics 12, 2014, equation 4";
  static constexpr series::Output kOutputs[] = {{"value", "lots"}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    const R zero = R(0.0), bid = in.now(0), bid_before = in.ago(0, 1), ask = in.now(1), ask_before = in.ago(1, 1);
    const R bid_added = select(bid >= bid_before, in.now(2), zero) - select(bid <= bid_before, in.ago(2, 1), zero);
    const R ask_added = select(ask <= ask_before, in.now(3), zero) - select(ask >= ask_before, in.ago(3, 1), zero);
    terms[0] = select(and_(bid_before == bid_before, ask_before == ask_before), bid_added - ask_added, zero);
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R, R* out) {
    out[0] = sums[0];
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(order_flow_imbalance, OrderFlowImbalance, "net lots added at the touch over the bar's events")
