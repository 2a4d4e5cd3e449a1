// Exponentially decaying trade intensities of the two sides, as of the bar's last event: each trade adds ln 2 /
// half_life, which halves every half_life seconds, so that a steady flow reads as trades a second. And their imbalance
// (buy - sell) / (buy + sell), 0 where both are 0. Trades without a side count for neither.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct TradeIntensity {
  struct Params {
    double half_life_s = 10;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, half_life_s, 1e-6, 1e6, "s", "time in which a trade's weight halves")};
      return table;
    }
  };
  static constexpr TickColumn kTicks[] = {TickColumn::time_ns, TickColumn::signed_size};
  static constexpr int kOut = 3;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "Hawkes, Biometrika 58, 1971; Bowsher, Journal of Econometrics 141, 2007";
  static constexpr Output kOutputs[] = {{"buy", "1/s", 0}, {"sell", "1/s", 0}, {"imbalance", "ratio", -1, 1}};
  template <class R>
  struct Coef {
    R rate;
  };
  template <class R>
  struct Lane {
    R buy, sell, time;
  };

  static int64_t lookback(const Params&) { return 0; }
  static Coef<double> coef(const Params& params) { return {0.69314718055994530942 / params.half_life_s}; }

  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in) {
    const R zero = R(0.0), passed = max_(in.now(0) - lane.time, zero);
    const R keep = exp_(zero - coef.rate * passed * R(1e-9));
    lane.buy = fma_(keep, lane.buy, select(in.now(1) > zero, coef.rate, zero));
    lane.sell = fma_(keep, lane.sell, select(in.now(1) < zero, coef.rate, zero));
    lane.time = in.now(0);
  }
  template <class R>
  TF_HD static void finish(Lane<R>& lane, const Coef<R>&, R, R* out) {
    const R both = lane.buy + lane.sell, zero = R(0.0);
    out[0] = lane.buy;
    out[1] = lane.sell;
    out[2] = select(both > zero, (lane.buy - lane.sell) / both, zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(trade_intensity, TradeIntensity, "decaying intensities of bought and sold trades")
