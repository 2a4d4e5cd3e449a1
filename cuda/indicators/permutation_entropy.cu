// Permutation entropy of order 3, 0 .. 1: of the shares of the six orders in which three closes in a row can stand,
// over `period` such triples, over ln 6. Equal closes stand in the order of time.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct PermutationEntropy {
  struct Params {
    int period = 50;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 2, 100000, "bars", "triples in the window")};
      return table;
    }
  };
  struct Orders : Pointwise<2> {
    static constexpr series::Input kIn[] = {series::kClose};
    static constexpr int kOut = 6;
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      const R old = in.ago(0, 2), middle = in.ago(0, 1), now = in.now(0), one = R(1.0), zero = R(0.0);
      const Mask<R> first = old <= middle, second = middle <= now, whole = old <= now;
      out[0] = select(and_(first, second), one, zero);
      out[1] = select(and_(first, and_(not_(second), whole)), one, zero);
      out[2] = select(and_(first, not_(whole)), one, zero);
      out[3] = select(and_(not_(first), whole), one, zero);
      out[4] = select(and_(not_(first), and_(second, not_(whole))), one, zero);
      out[5] = select(or_(first, second), zero, one);
    }
  };
  struct Entropy : OverPeriod {
    static constexpr series::Input kIn[] = {series::sum(series::stage(0)), series::sum(series::stage(1)),
                                            series::sum(series::stage(2)), series::sum(series::stage(3)),
                                            series::sum(series::stage(4)), series::sum(series::stage(5))};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      R sum = R(0.0);
      for (int order = 0; order < 6; ++order) {
        const R held = in.sum(order, coef.period);
        sum = fma_(held, log_(max_(held, R(1.0))), sum);
      }
      out[0] = max_(R(0.0), (log_(R(coef.count)) - sum * R(coef.inverse)) / log_(R(6.0)));
    }
  };
  using Stages = series::Chain<Orders, Entropy>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Bandt and Pompe, Physical Review Letters 88, 2002";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", 0, 1}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(permutation_entropy, PermutationEntropy, "how evenly the orders of three closes in a row occur, 0 to 1")
