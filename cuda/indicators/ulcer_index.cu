// Ulcer index: the root of the mean over `period` bars of the squared percent that each close lay below the highest of
// the `period` closes up to it.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct UlcerIndex {
  struct Params {
    int period = 14;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "length of both windows")};
      return table;
    }
  };
  struct Below : OverPeriod {
    static constexpr series::Input kIn[] = {series::kClose, series::highest(series::kClose)};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R top = in.highest(1, coef.period), zero = R(0.0);
      out[0] = select(top == zero, zero, R(100.0) * (in.now(0) - top) / top);
    }
  };
  using Stages = series::Chain<Below, RootMeanSquareOfStage>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Martin and McCann, The Investor's Guide to Fidelity Funds, 1989";
  static constexpr series::Output kOutputs[] = {{"value", "percent", 0}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(ulcer_index, UlcerIndex, "root mean square of the percent below the highest close")
