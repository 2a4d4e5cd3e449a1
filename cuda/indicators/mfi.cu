// Money flow index (Quong and Soudack, 1989), 0 .. 100: the share of typical price x volume that traded in bars whose
// typical price rose, among those where it moved; 0 where it never moved or nothing traded. As TA-Lib's MFI.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Mfi {
  struct Params {
    int period = 14;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "length of the window")};
      return table;
    }
  };

  struct Flow {
    static constexpr Input kIn[] = {kTypical, kVolume};
    static constexpr int kOut = 2;
    struct Coef {};
    static int64_t lookback(const Params&) { return 1; }
    static Coef coef(const Params&) { return {}; }
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      const R move = in.now(0) - in.ago(0, 1), flow = in.now(0) * in.now(1), zero = R(0.0);
      out[0] = select(move > zero, flow, zero);
      out[1] = select(move < zero, flow, zero);
    }
  };
  struct Share {
    static constexpr Input kIn[] = {sum(stage(0)), sum(stage(1))};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
    };
    static int64_t lookback(const Params& params) { return params.period - 1; }
    static Coef coef(const Params& params) { return {params.period}; }
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
