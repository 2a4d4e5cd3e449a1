// Kyle's lambda: the slope of the bars' mid change on their net bought lots over the last `period` bars, in ticks a
// lot, and the R^2 of that regression; 0 where the lots do not vary.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct KyleLambda {
  using Params = WindowParams<20, 2>;

  struct Flow : Pointwise<> {
    static constexpr TickColumn kTicks[] = {TickColumn::bid, TickColumn::ask, TickColumn::signed_size};
    static constexpr int kOut = 2, kTerms = 2, kAgo = 1;

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

  struct Slope : SlopeAndFitOfSums {
    static constexpr Input kIn[] = {sum(stage(0)), sum(stage(1)), sum_sq(stage(0)), sum_sq(stage(1)),
                                    sum(product(stage(0), stage(1)))};
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
