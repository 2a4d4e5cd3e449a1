// Downside deviation: the root of the mean over the window of min(r - target, 0)^2, r the log return of the close; not
// annualised. Not finite while a close of the window is 0 or negative.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct DownsideDeviation {
  struct Params {
    int period = 20;
    double target_bps = 0;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {
          TF_FIELD(P, period, 1, 100000, "bars", "log returns in the window"),
          TF_FIELD(P, target_bps, -1000, 1000, "bps", "return of a bar that still counts as none lost")};
      return table;
    }
  };
  struct Loss {
    static constexpr series::Input kIn[] = {series::log_return(series::kClose)};
    static constexpr int kOut = 1;
    struct Coef {
      double target;
    };
    static int64_t lookback(const Params&) { return 1; }
    static Coef coef(const Params& params) { return {params.target_bps * 1e-4}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = min_(R(0.0), in.now(0) - R(coef.target));
    }
  };
  using Stages = series::Chain<Loss, RootMeanSquareOfStage>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Sortino and van der Meer, Journal of Portfolio Management 17, 1991";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", 0}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(downside_deviation, DownsideDeviation, "root mean square of the log returns below a target")
