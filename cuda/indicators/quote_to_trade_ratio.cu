// Events that are no trades for each trade of the bar; without trades the number of its events.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct QuoteToTradeRatio : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::trade_size};
  static constexpr int kOut = 1, kTerms = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Angel, Harris and Spatt, Quarterly Journal of Finance 1, 2011";
  static constexpr Output kOutputs[] = {{"value", "ratio", 0}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    terms[0] = select(in.now(0) > R(0.0), R(1.0), R(0.0));
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R ticks, R* out) {
    out[0] = (ticks - sums[0]) / max_(sums[0], R(1.0));
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(quote_to_trade_ratio, QuoteToTradeRatio, "quotes for each trade")
