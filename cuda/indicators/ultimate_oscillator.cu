// Ultimate oscillator (Williams, 1985), 0 .. 100: the close's gain over the true low as a share of the true range,
// summed over three windows, the shortest counting 4, the middle 2, the longest 1 of 7. As TA-Lib's ULTOSC, which sorts
// the windows; one without range counts as 0.
#include <algorithm>

#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct UltimateOscillator {
  struct Params {
    int first = 7, second = 14, third = 28;
    int longest() const { return std::max({first, second, third}); }
    int shortest() const { return std::min({first, second, third}); }
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, first, 1, 100000, "bars", "length of a window"),
                                    TF_FIELD(P, second, 1, 100000, "bars", "length of a window"),
                                    TF_FIELD(P, third, 1, 100000, "bars", "length of a window")};
      return table;
    }
  };

  struct Pressure : Pointwise<1> {
    static constexpr Input kIn[] = {kClose, kLow, kTrueRange};
    static constexpr int kOut = 2;
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      out[0] = in.now(0) - min_(in.now(1), in.ago(0, 1));
      out[1] = in.now(2);
    }
  };
  struct Shares {
    static constexpr Input kIn[] = {sum(stage(0)), sum(stage(1))};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t shortest, middle, longest;
    };
    static int64_t lookback(const Params& params) { return params.longest() - 1; }
    static Coef coef(const Params& params) {
      const int low = params.shortest(), high = params.longest();
      return {low, params.first + params.second + params.third - low - high, high};
    }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const auto share = [&](int64_t period) {
        const R range = in.sum(1, period);
        return select(range > R(0.0), in.sum(0, period) / range, R(0.0));
      };
      const R fast = fma_(R(4.0), share(coef.shortest), R(2.0) * share(coef.middle));
      out[0] = (fast + share(coef.longest)) * R(100.0 / 7.0);
    }
  };

  using Stages = Chain<Pressure, Shares>;
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "L. Williams, The Ultimate Oscillator, 1985";
  static constexpr Output kOutputs[] = {{"value", "percent", 0, 100}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(ultimate_oscillator, UltimateOscillator, "buying pressure as a share of the true range over three windows")
