// Shares of the bar's traded lots that printed outside the touch of the event before them, and strictly inside it; 0
// without trades.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct TradeThrough : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::bid, TickColumn::ask, TickColumn::trade_px,
                                          TickColumn::trade_size};
  static constexpr int kOut = 2, kTerms = 3, kAgo = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Foucault, Pagano and Roell, Market Liquidity, 2013, chapter 2";
  static constexpr Output kOutputs[] = {{"outside", "ratio", 0, 1}, {"inside", "ratio", 0, 1}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    const R zero = R(0.0), lots = in.now(3), price = in.now(2), bid = in.ago(0, 1), ask = in.ago(1, 1);
    terms[0] = select(or_(price > ask, price < bid), lots, zero);
    terms[1] = select(and_(price<ask, price> bid), lots, zero);
    terms[2] = lots;
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R, R* out) {
    const R zero = R(0.0);
    out[0] = select(sums[2] > zero, sums[0] / sums[2], zero);
    out[1] = select(sums[2] > zero, sums[1] / sums[2], zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(trade_through, TradeThrough, "shares of lots traded outside and inside the touch")
