// Relative vigor index (Ehlers, 2002): close less open over high less low, both weighted 1 2 2 1 over four bars and
// summed over the window, and its 1 2 2 1 average as signal; 0 without range.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct RelativeVigor {
  using Params = WindowParams<10>;

  struct Weighted : Pointwise<3> {
    static constexpr Input kIn[] = {difference(kClose, kOpen), difference(kHigh, kLow)};
    static constexpr int kOut = 2;
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      for (int f = 0; f < 2; ++f) out[f] = in.now(f) + R(2.0) * (in.ago(f, 1) + in.ago(f, 2)) + in.ago(f, 3);
    }
  };
  struct Vigor : OverPeriod {
    static constexpr Input kIn[] = {sum(stage(0)), sum(stage(1))};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R range = in.sum(1, coef.period), zero = R(0.0);
      out[0] = select(range > zero, in.sum(0, coef.period) / range, zero);
    }
  };
  struct Signal : Pointwise<3> {
    static constexpr Input kIn[] = {stage(2)};
    static constexpr int kOut = 2;
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      out[0] = in.now(0);
      out[1] = (in.now(0) + R(2.0) * (in.ago(0, 1) + in.ago(0, 2)) + in.ago(0, 3)) * R(1.0 / 6.0);
    }
  };

  using Stages = Chain<Weighted, Vigor, Signal>;
  static constexpr int kOut = 2;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "J. F. Ehlers, Relative Vigor Index, 2002";
  static constexpr Output kOutputs[] = {{"vigor", "ratio", -1, 1}, {"signal", "ratio", -1, 1}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(relative_vigor, RelativeVigor,
             "summed close less open relative to summed high less low, and its signal line")
