// Order flow imbalance of the last `period` bars over the mean size of the queues at the touch: how many queues more
// joined the bid than the ask. 0 where there are no sizes.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct OrderFlowPressure {
  using Params = WindowParams<10>;

  struct Flow : Pointwise<> {
    static constexpr TickColumn kTicks[] = {TickColumn::bid, TickColumn::ask, TickColumn::bid_size,
                                            TickColumn::ask_size};
    static constexpr int kOut = 3, kTerms = 2, kAgo = 1;

    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* terms) {
      const R zero = R(0.0), bid = in.now(0), bid_before = in.ago(0, 1), ask = in.now(1), ask_before = in.ago(1, 1);
      const R bid_added = select(bid >= bid_before, in.now(2), zero) - select(bid <= bid_before, in.ago(2, 1), zero);
      const R ask_added = select(ask <= ask_before, in.now(3), zero) - select(ask >= ask_before, in.ago(3, 1), zero);
      terms[0] = select(and_(bid_before == bid_before, ask_before == ask_before), bid_added - ask_added, zero);
      terms[1] = R(0.5) * (in.now(2) + in.now(3));
    }
    template <class R>
    TF_HD static void finish(const Coef&, const R* sums, R ticks, R* out) {
      out[0] = sums[0];
      out[1] = sums[1];
      out[2] = ticks;
    }
  };

  struct Pressure : OverPeriod {
    static constexpr Input kIn[] = {sum(stage(0)), sum(stage(1)), sum(stage(2))};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R sizes = in.sum(1, coef.period), zero = R(0.0);
      out[0] = select(sizes > zero, in.sum(0, coef.period) * in.sum(2, coef.period) / sizes, zero);
    }
  };

  using Stages = Chain<Flow, Pressure>;
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource =
      "Cont, Kukanov and Stoikov, Journal of Financial Econometrics 12, 2014, section 3";
  static constexpr Output kOutputs[] = {{"value", "queues"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(order_flow_pressure, OrderFlowPressure, "net lots joining the touch, in queues")
