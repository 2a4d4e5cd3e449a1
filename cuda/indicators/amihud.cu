// Amihud's illiquidity: the mean over the last `period` bars of |log return| over the worth traded (volume * close),
// times 1e6; bars without volume count as 0.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Amihud {
  using Params = WindowParams<20>;

  struct Ratio : Pointwise<1> {
    static constexpr Input kIn[] = {log_return(kClose), kVolume, kClose};
    static constexpr int kOut = 1;
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      const R worth = abs_(in.now(1) * in.now(2)), zero = R(0.0);
      out[0] = select(worth > zero, R(1e6) * abs_(in.now(0)) / worth, zero);
    }
  };

  using Stages = Chain<Ratio, MeanOfStage>;
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Amihud, Journal of Financial Markets 5, 2002";
  static constexpr Output kOutputs[] = {{"value", "1e-6 per tick lot", 0}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(amihud, Amihud, "mean absolute return a unit of worth traded")
