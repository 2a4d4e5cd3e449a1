// Triangular moving average of the close, as TA-Lib's TRIMA: a mean of means, over half the period each (of an even
// period the second one a bar longer).
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Trima {
  struct Params {
    int period = 30;
    int first() const { return (period + 1) / 2; }
    int second() const { return period / 2 + 1; }
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "length of the window")};
      return table;
    }
  };

  struct Once {
    static constexpr Input kIn[] = {sum(kClose)};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
      double inverse;
    };
    static int64_t lookback(const Params& params) { return params.first() - 1; }
    static Coef coef(const Params& params) { return {params.first(), 1.0 / params.first()}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = in.sum(0, coef.period) * R(coef.inverse);
    }
  };
  struct Twice {
    static constexpr Input kIn[] = {sum(stage(0))};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
      double inverse;
    };
    static int64_t lookback(const Params& params) { return params.second() - 1; }
    static Coef coef(const Params& params) { return {params.second(), 1.0 / params.second()}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = in.sum(0, coef.period) * R(coef.inverse);
    }
  };

  using Stages = Chain<Once, Twice>;
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "TA-Lib TRIMA";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(trima, Trima, "triangular moving average of the close, in ticks")
