// Know sure thing (Pring, 1992): four smoothed rates of change in percent, counted 1, 2, 3 and 4 times, and a mean of
// that as signal. 0 for a rate whose earlier close is 0.
#include <algorithm>

#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Kst {
  struct Params {
    int roc1 = 10, roc2 = 15, roc3 = 20, roc4 = 30, smooth1 = 10, smooth2 = 10, smooth3 = 10, smooth4 = 15, signal = 9;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, roc1, 1, 100000, "bars", "first rate of change"),
                                    TF_FIELD(P, roc2, 1, 100000, "bars", "second rate of change"),
                                    TF_FIELD(P, roc3, 1, 100000, "bars", "third rate of change"),
                                    TF_FIELD(P, roc4, 1, 100000, "bars", "fourth rate of change"),
                                    TF_FIELD(P, smooth1, 1, 100000, "bars", "mean of the first rate"),
                                    TF_FIELD(P, smooth2, 1, 100000, "bars", "mean of the second rate"),
                                    TF_FIELD(P, smooth3, 1, 100000, "bars", "mean of the third rate"),
                                    TF_FIELD(P, smooth4, 1, 100000, "bars", "mean of the fourth rate"),
                                    TF_FIELD(P, signal, 1, 100000, "bars", "mean of the sum")};
      return table;
    }
  };

  struct Rates {
    static constexpr Input kIn[] = {kClose};
    static constexpr int kOut = 4;
    struct Coef {
      int64_t ago[4];
    };
    static int64_t lookback(const Params& params) {
      return std::max({params.roc1, params.roc2, params.roc3, params.roc4});
    }
    static Coef coef(const Params& params) { return {{params.roc1, params.roc2, params.roc3, params.roc4}}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      for (int rate = 0; rate < 4; ++rate) {
        const R then = in.ago(0, coef.ago[rate]), zero = R(0.0);
        out[rate] = select(then == zero, zero, R(100.0) * (in.now(0) - then) / then);
      }
    }
  };
  struct Sum {
    static constexpr Input kIn[] = {sum(stage(0)), sum(stage(1)), sum(stage(2)), sum(stage(3))};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period[4];
      double scale[4];
    };
    static int64_t lookback(const Params& params) {
      return std::max({params.smooth1, params.smooth2, params.smooth3, params.smooth4}) - 1;
    }
    static Coef coef(const Params& params) {
      return {{params.smooth1, params.smooth2, params.smooth3, params.smooth4},
              {1.0 / params.smooth1, 2.0 / params.smooth2, 3.0 / params.smooth3, 4.0 / params.smooth4}};
    }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      R total = R(0.0);
      for (int rate = 0; rate < 4; ++rate) total = fma_(in.sum(rate, coef.period[rate]), R(coef.scale[rate]), total);
      out[0] = total;
    }
  };
  struct Signal {
    static constexpr Input kIn[] = {sum(stage(4))};
    static constexpr int kOut = 2;
    struct Coef {
      int64_t period;
      double inverse;
    };
    static int64_t lookback(const Params& params) { return params.signal - 1; }
    static Coef coef(const Params& params) { return {params.signal, 1.0 / params.signal}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = in.now(0);
      out[1] = in.sum(0, coef.period) * R(coef.inverse);
    }
  };

  using Stages = Chain<Rates, Sum, Signal>;
  static constexpr int kOut = 2;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "M. J. Pring, Summed Rate of Change (KST), 1992";
  static constexpr Output kOutputs[] = {{"kst", "percent"}, {"signal", "percent"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(kst, Kst, "weighted sum of four smoothed rates of change, and its signal line")
