// The bar's largest trade in lots and its share of all its lots; 0 without trades.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct LargestTrade : OfTicks {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::trade_size};
  static constexpr int kOut = 2;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Easley and O'Hara, Journal of Financial Economics 19, 1987";
  static constexpr Output kOutputs[] = {{"lots", "lots", 0}, {"share", "ratio", 0, 1}};
  template <class R>
  struct Lane {
    R largest, total;
  };

  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>&, const In& in) {
    lane.largest = max_(in.now(0), lane.largest);
    lane.total = lane.total + in.now(0);
  }
  template <class R>
  TF_HD static void finish(Lane<R>& lane, const Coef<R>&, R, R* out) {
    const R zero = R(0.0);
    out[0] = lane.largest;
    out[1] = select(lane.total > zero, lane.largest / lane.total, zero);
    lane.largest = zero;
    lane.total = zero;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(largest_trade, LargestTrade, "the largest trade of the bar")
