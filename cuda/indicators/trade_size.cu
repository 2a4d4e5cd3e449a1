// How many trades the bar has and their mean size in lots; 0 without trades.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct TradeSize : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::trade_size};
  static constexpr int kOut = 2, kTerms = 2;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Easley and O'Hara, Journal of Financial Economics 19, 1987";
  static constexpr Output kOutputs[] = {{"trades", "trades", 0}, {"mean_lots", "lots", 0}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    terms[0] = select(in.now(0) > R(0.0), R(1.0), R(0.0));
    terms[1] = in.now(0);
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R, R* out) {
    const R zero = R(0.0);
    out[0] = sums[0];
    out[1] = select(sums[0] > zero, sums[1] / sums[0], zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(trade_size, TradeSize, "number and mean size of the bar's trades")
