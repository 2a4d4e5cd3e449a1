// Quoted spread at the bar's close: best ask less best bid, in ticks and in basis points of their mid (0 where that is
// 0).
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct SpreadBars : Pointwise<> {
  using Params = NoParams;
  static constexpr series::Input kIn[] = {series::difference(series::kAsk, series::kBid),
                                          series::mean_of(series::kAsk, series::kBid)};
  static constexpr int kOut = 2;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "J. Hasbrouck, Empirical Market Microstructure, 2007, chapter 2";
  static constexpr series::Output kOutputs[] = {{"ticks", "ticks"}, {"bps", "bps"}};
  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* out) {
    const R mid = in.now(1), zero = R(0.0);
    out[0] = in.now(0);
    out[1] = select(mid == zero, zero, R(1e4) * out[0] / mid);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(spread_bars, SpreadBars, "best ask less best bid at the close, in ticks and basis points")
