// Hull moving average of the close (Hull, 2005): the weighted average over sqrt(period) bars of 2 WMA(period / 2) -
// WMA(period), both lengths rounded down. As TA-Lib's HMA.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Hma {
  struct Params {
    int period = 20;
    int root() const {
      int root = 1;
      while ((root + 1) * (root + 1) <= period) ++root;
      return root;
    }
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 2, 100000, "bars", "length of the long average")};
      return table;
    }
  };

  struct Raw {
    static constexpr Input kIn[] = {lag_sum(kClose)};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t half, period;
      double half_count, half_scale, count, scale;
    };
    static int64_t lookback(const Params& params) { return params.period - 1; }
    static Coef coef(const Params& params) {
      const double half = params.period / 2, period = params.period;
      return {params.period / 2,           params.period, half,
              4.0 / (half * (half + 1.0)), period,        2.0 / (period * (period + 1.0))};
    }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R near = fma_(R(coef.half_count), in.sum(0, coef.half), -in.lag_sum(0, coef.half));
      const R far = fma_(R(coef.count), in.sum(0, coef.period), -in.lag_sum(0, coef.period));
      out[0] = fma_(near, R(coef.half_scale), -(far * R(coef.scale)));
    }
  };
  struct Smooth {
    static constexpr Input kIn[] = {lag_sum(stage(0))};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
      double count, scale;
    };
    static int64_t lookback(const Params& params) { return params.root() - 1; }
    static Coef coef(const Params& params) {
      return {params.root(), double(params.root()), 2.0 / (params.root() * (params.root() + 1.0))};
    }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = fma_(R(coef.count), in.sum(0, coef.period), -in.lag_sum(0, coef.period)) * R(coef.scale);
    }
  };

  using Stages = Chain<Raw, Smooth>;
  static constexpr int kOut = 1;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "A. Hull, How to Reduce Lag in a Moving Average, 2005";
  static constexpr Output kOutputs[] = {{"value", "ticks"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(hma, Hma, "Hull moving average of the close, in ticks")
