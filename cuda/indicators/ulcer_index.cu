// Ulcer index: the root of the mean over `period` bars of the squared percent that each close lay below the highest of
// the `period` closes up to it.
#include "cuda/series/indicator.hpp"

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
  struct Below {
    static constexpr series::Input kIn[] = {series::kClose, series::highest(series::kClose)};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
    };
    static int64_t lookback(const Params& params) { return params.period - 1; }
    static Coef coef(const Params& params) { return {params.period}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R top = in.highest(1, coef.period), zero = R(0.0);
      out[0] = select(top == zero, zero, R(100.0) * (in.now(0) - top) / top);
    }
  };
  struct Mean {
    static constexpr series::Input kIn[] = {series::sum_sq(series::stage(0))};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
      double inverse;
    };
    static int64_t lookback(const Params& params) { return params.period - 1; }
    static Coef coef(const Params& params) { return {params.period, 1.0 / params.period}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = sqrt_(in.sum(0, coef.period) * R(coef.inverse));
    }
  };
  using Stages = series::Chain<Below, Mean>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Martin and McCann, The Investor's Guide to Fidelity Funds, 1989";
  static constexpr series::Output kOutputs[] = {{"value", "percent", 0}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(ulcer_index, UlcerIndex, "root mean square of the percent below the highest close")
