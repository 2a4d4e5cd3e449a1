// Coppock curve (1962): the linearly weighted average of the sum of two rates of change in percent, as TA-Lib's
// COPPOCK. 0 for a rate whose earlier close is 0.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Coppock {
  struct Params {
    int first = 11, second = 14, smooth = 10;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, first, 1, 100000, "bars", "first rate of change"),
                                    TF_FIELD(P, second, 1, 100000, "bars", "second rate of change"),
                                    TF_FIELD(P, smooth, 1, 100000, "bars", "length of the weighted average")};
      return table;
    }
  };

  struct Rates {
    static constexpr Input kIn[] = {kClose};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t first, second;
    };
    static int64_t lookback(const Params& params) {
      return params.first > params.second ? params.first : params.second;
    }
    static Coef coef(const Params& params) { return {params.first, params.second}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R now = in.now(0), zero = R(0.0);
      const auto rate = [&](R then) { return select(then == zero, zero, R(100.0) * (now - then) / then); };
      out[0] = rate(in.ago(0, coef.first)) + rate(in.ago(0, coef.second));
    }
  };
  struct Average {
    static constexpr Input kIn[] = {lag_sum(stage(0))};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
      double count, inverse;
    };
    static int64_t lookback(const Params& params) { return params.smooth - 1; }
    static Coef coef(const Params& params) {
      return {params.smooth, double(params.smooth), 2.0 / (double(params.smooth) * (params.smooth + 1.0))};
    }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = fma_(R(coef.count), in.sum(0, coef.period), -in.lag_sum(0, coef.period)) * R(coef.inverse);
    }
  };

  using Stages = Chain<Rates, Average>;
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "E. S. C. Coppock, Barron's, 15 October 1962";
  static constexpr Output kOutputs[] = {{"value", "percent"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(coppock, Coppock, "weighted average of the sum of two rates of change")
