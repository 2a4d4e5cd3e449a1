// Kyle's lambda: the slope of the bars' mid change on their net bought lots over the last `period` bars, in ticks a
// lot, and the R^2 of that regression; 0 where the lots do not vary.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct KyleLambda {
  struct Params {
    int period = 20;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 2, 100000, "bars", "bars in the window")};
      return table;
    }
  };

  struct Flow {
    static constexpr TickColumn kTicks[] = {TickColumn::bid, TickColumn::ask, TickColumn::signed_size};
    static constexpr int kOut = 2, kTerms = 2, kAgo = 1;
    struct Coef {};

    static int64_t lookback(const Params&) { return 0; }
    static Coef coef(const Params&) { return {}; }

    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* terms) {
      const R move = R(0.5) * ((in.now(0) + in.now(1)) - (in.ago(0, 1) + in.ago(1, 1)));
      terms[0] = in.now(2);
      terms[1] = select(move == move, move, R(0.0));
    }
    template <class R>
    TF_HD static void finish(const Coef&, const R* sums, R, R* out) {
      out[0] = sums[0];
      out[1] = sums[1];
    }
  };

  struct Slope {
    static constexpr Input kIn[] = {sum(stage(0)), sum(stage(1)), sum_sq(stage(0)), sum_sq(stage(1)),
                                    sum(product(stage(0), stage(1)))};
    static constexpr int kOut = 2;
    struct Coef {
      int64_t period;
    };
    static int64_t lookback(const Params& params) { return params.period - 1; }
    static Coef coef(const Params& params) { return {params.period}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R n = R(static_cast<double>(coef.period)), zero = R(0.0);
      const R x = in.sum(0, coef.period), y = in.sum(1, coef.period), shared = n * in.sum(4, coef.period) - x * y;
      const R spread_x = n * in.sum(2, coef.period) - x * x, spread_y = n * in.sum(3, coef.period) - y * y;
      out[0] = select(spread_x > zero, shared / spread_x, zero);
      const R fit = shared / spread_x * (shared / spread_y);
      out[1] = select(and_(spread_x > zero, spread_y > zero), min_(fit, R(1.0)), zero);
    }
  };

  using Stages = Chain<Flow, Slope>;
  static constexpr int kOut = 2;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource =
      "Kyle, Econometrica 53, 1985; as regressed in Hasbrouck, Empirical Market Microstructure, 2007, chapter 9";
  static constexpr Output kOutputs[] = {{"lambda", "ticks per lot"}, {"r_squared", "", 0, 1}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(kyle_lambda, KyleLambda, "price impact of net bought lots")
