// Lots of trades of `lots` or more over all lots traded in the bar; 0 without trades.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct LargeTradeShare {
  struct Params {
    double lots = 10;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, lots, 1e-9, 1e12, "lots", "least size of a large trade")};
      return table;
    }
  };
  static constexpr TickColumn kTicks[] = {TickColumn::trade_size};
  static constexpr int kOut = 1, kTerms = 2;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Barclay and Warner, Journal of Financial Economics 34, 1993";
  static constexpr Output kOutputs[] = {{"value", "ratio", 0, 1}};
  struct Coef {
    double lots;
  };

  static int64_t lookback(const Params&) { return 0; }
  static Coef coef(const Params& params) { return {params.lots}; }

  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* terms) {
    terms[0] = select(in.now(0) >= R(coef.lots), in.now(0), R(0.0));
    terms[1] = in.now(0);
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R, R* out) {
    const R zero = R(0.0);
    out[0] = select(sums[1] > zero, sums[0] / sums[1], zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(large_trade_share, LargeTradeShare, "share of lots in large trades")
