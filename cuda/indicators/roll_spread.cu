// Roll's spread: 2 sqrt(-cov) of successive changes of the trade price over the trades of the last `period` bars, in
// ticks; 0 where the covariance is not negative. A pair of changes belongs to the bar of its later trade.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct RollSpread {
  using Params = WindowParams<20, 2>;

  struct Pairs : OfTicks {
    static constexpr TickColumn kTicks[] = {TickColumn::trade_px, TickColumn::trade_size};
    static constexpr int kOut = 3;
    template <class R>
    struct Lane {
      R price, change, known, products, changes, pairs;
    };

    template <class R, class In>
    TF_HD static void step(Lane<R>& lane, const Coef<R>&, const In& in) {
      const R zero = R(0.0), one = R(1.0), change = in.now(0) - lane.price;
      const auto trade = in.now(1) > zero;
      const auto pair = and_(trade, lane.known > one);
      lane.products = lane.products + select(pair, change * lane.change, zero);
      lane.changes = lane.changes + select(pair, change, zero);
      lane.pairs = lane.pairs + select(pair, one, zero);
      lane.change = select(trade, change, lane.change);
      lane.price = select(trade, in.now(0), lane.price);
      lane.known = select(trade, min_(lane.known + one, R(2.0)), lane.known);
    }
    template <class R>
    TF_HD static void finish(Lane<R>& lane, const Coef<R>&, R, R* out) {
      const R zero = R(0.0);
      out[0] = lane.products;
      out[1] = lane.changes;
      out[2] = lane.pairs;
      lane.products = zero;
      lane.changes = zero;
      lane.pairs = zero;
    }
  };

  struct Spread : OverPeriod {
    static constexpr Input kIn[] = {sum(stage(0)), sum(stage(1)), sum(stage(2))};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R pairs = in.sum(2, coef.period), zero = R(0.0), mean = in.sum(1, coef.period) / pairs;
      const R covariance = in.sum(0, coef.period) / pairs - mean * mean;
      out[0] = select(pairs > zero, R(2.0) * sqrt_(max_(zero - covariance, zero)), zero);
    }
  };

  using Stages = Chain<Pairs, Spread>;
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "Roll, Journal of Finance 39, 1984";
  static constexpr Output kOutputs[] = {{"value", "ticks", 0}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(roll_spread, RollSpread, "Roll's implied spread")
