// Chaikin money flow, -1 .. 1: the window's money flow volume over its volume; 0 without volume.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct ChaikinMoneyFlow {
  struct Params {
    int period = 20;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "bars in the window")};
      return table;
    }
  };
  struct Flow {
    static constexpr series::Input kIn[] = {series::kHigh, series::kLow, series::kClose, series::kVolume};
    static constexpr int kOut = 1;
    struct Coef {};
    static int64_t lookback(const Params&) { return 0; }
    static Coef coef(const Params&) { return {}; }
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      const R high = in.now(0), low = in.now(1), close = in.now(2), range = high - low, zero = R(0.0);
      out[0] = select(range <= zero, zero, ((close - low) - (high - close)) / range * in.now(3));
    }
  };
  struct Share {
    static constexpr series::Input kIn[] = {series::sum(series::stage(0)), series::sum(series::kVolume)};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
    };
    static int64_t lookback(const Params& params) { return params.period - 1; }
    static Coef coef(const Params& params) { return {params.period}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R volume = in.sum(1, coef.period), zero = R(0.0);
      out[0] = select(volume == zero, zero, in.sum(0, coef.period) / volume);
    }
  };
  using Stages = series::Chain<Flow, Share>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "S. B. Achelis, Technical Analysis from A to Z, 1995";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", -1, 1}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(chaikin_money_flow, ChaikinMoneyFlow, "money flow volume over volume of the window, -1 to 1")
