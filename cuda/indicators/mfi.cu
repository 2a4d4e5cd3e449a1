// Money flow index (Quong and Soudack, 1989), 0 .. 100: the share of typical price x volume that traded in bars whose
// typical price rose, among those where it moved; 0 where it never moved or nothing traded. As TA-Lib's MFI.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Mfi {
  using Params = WindowParams<14>;

  struct Flow : Pointwise<1> {
    static constexpr Input kIn[] = {kTypical, kVolume};
    static constexpr int kOut = 2;
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      const R move = in.now(0) - in.ago(0, 1), flow = in.now(0) * in.now(1), zero = R(0.0);
      out[0] = select(move > zero, flow, zero);
      out[1] = select(move < zero, flow, zero);
    }
  };
  struct Share : OverPeriod {
    static constexpr Input kIn[] = {sum(stage(0)), sum(stage(1))};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R up = in.sum(0, coef.period), total = up + in.sum(1, coef.period), zero = R(0.0);
      out[0] = select(total > zero, R(100.0) * up / total, zero);
    }
  };

  using Stages = Chain<Flow, Share>;
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "G. Quong and A. Soudack, Volume-Weighted RSI: Money Flow, 1989";
  static constexpr Output kOutputs[] = {{"value", "percent", 0, 100}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(mfi, Mfi, "share of the money flow in rising bars")
