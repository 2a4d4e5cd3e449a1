// Connors RSI (Connors and Alvarez, 2012), 0 .. 100: the mean of the close's RSI, of the RSI of its streak (closes up
// in a row, down in a row as negative, 0 after a close that did not move) and of the share of the last `rank` returns
// that lie below this bar's. An RSI without moves counts as 0. The ranks are counted bar by bar, so that their window
// is limited.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct ConnorsRsi {
  struct Params {
    int period = 3, streak = 2, rank = 100;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "of the close's RSI"),
                                    TF_FIELD(P, streak, 1, 100000, "bars", "of the streak's RSI"),
                                    TF_FIELD(P, rank, 1, 2000, "bars", "returns that this bar's is ranked in")};
      return table;
    }
  };

  struct Strengths {
    static constexpr Input kIn[] = {kClose};
    static constexpr int kOut = 2, kAgo = 1;
    template <class R>
    struct Coef {
      R weight, period, streak_weight, streak_period;
    };
    template <class R>
    struct Lane {
      R up, down, streak, streak_up, streak_down;
    };
    static int64_t lookback(const Params& params) {
      return params.period > params.streak ? params.period : params.streak;
    }
    static Coef<double> coef(const Params& params) {
      return {1.0 / params.period, double(params.period), 1.0 / params.streak, double(params.streak)};
    }
    template <class R, class In>
    TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
      const R zero = R(0.0), one = R(1.0), then = in.ago(0, 1), begun = in.ramp(one, zero, one);
      const R move = begun * (in.now(0) - then), weight = in.ramp(coef.weight, coef.period, one);
      lane.up = fma_(one - weight, lane.up, weight * max_(move, zero));
      lane.down = fma_(one - weight, lane.down, weight * max_(zero - move, zero));
      const R longer = max_(lane.streak, zero) + one, deeper = min_(lane.streak, zero) - one;
      const R streak = select(move > zero, longer, select(move < zero, deeper, zero)), change = streak - lane.streak;
      lane.streak = streak;
      const R second = in.ramp(coef.streak_weight, coef.streak_period, one);
      lane.streak_up = fma_(one - second, lane.streak_up, second * max_(change, zero));
      lane.streak_down = fma_(one - second, lane.streak_down, second * max_(zero - change, zero));
      const R moves = lane.up + lane.down, changes = lane.streak_up + lane.streak_down;
      out[0] =
          select(moves < R(1e-14), zero, lane.up / moves) + select(changes < R(1e-14), zero, lane.streak_up / changes);
      out[1] = select(then == zero, zero, move / then);
    }
  };
  struct Rank {
    static constexpr Input kIn[] = {stage(0), stage(1)};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t rank;
      double inverse;
    };
    static int64_t lookback(const Params& params) { return params.rank; }
    static Coef coef(const Params& params) { return {params.rank, 1.0 / params.rank}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R now = in.now(1), zero = R(0.0), one = R(1.0);
      R below = zero;
      for (int64_t k = 1; k <= coef.rank; ++k) below = below + select(in.ago(1, k) < now, one, zero);
      out[0] = fma_(below, R(coef.inverse), in.now(0)) * R(100.0 / 3.0);
    }
  };

  using Stages = Chain<Strengths, Rank>;
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "L. Connors and C. Alvarez, An Introduction to ConnorsRSI, 2012";
  static constexpr Output kOutputs[] = {{"value", "percent", 0, 100}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(connors_rsi, ConnorsRsi, "mean of the RSI, the RSI of streaks and the rank of the return")
