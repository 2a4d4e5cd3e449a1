// Variance ratio of the log close over n = lag * blocks returns: the variance of moves over `lag` bars, overlapping,
// over `lag` times that of single bars, both unbiased, and its z-score were the returns independent with one variance.
// 1: a random walk, above: trends, below: reversion; 1 and 0 where the returns do not vary. Not finite while a close of
// the window is 0 or negative.
#include "cuda/indicators/scatter.hpp"
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct VarianceRatio {
  struct Params {
    int lag = 4;
    int blocks = 16;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, lag, 2, 1000, "bars", "bars of a long move"),
                                    TF_FIELD(P, blocks, 2, 1000, "", "long moves, side by side, in the window")};
      return table;
    }
  };
  static int64_t returns(const Params& params) { return int64_t{params.lag} * params.blocks; }
  struct Moves {
    static constexpr series::Input kIn[] = {series::sum(series::log_return(series::kClose))};
    static constexpr int kOut = 2;
    struct Coef {
      int64_t lag;
    };
    static int64_t lookback(const Params& params) { return params.lag; }
    static Coef coef(const Params& params) { return {params.lag}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = in.now(0);
      out[1] = in.sum(0, coef.lag);
    }
  };
  struct Ratio {
    static constexpr series::Input kIn[] = {series::sum(series::stage(0)), series::sum(series::stage(1)),
                                            series::sum_sq(series::stage(0)), series::sum_sq(series::stage(1))};
    static constexpr int kOut = 2;
    struct Coef {
      int64_t shorts, longs;
      double count, long_count, lag, short_factor, long_factor, score;
    };
    static int64_t lookback(const Params& params) { return returns(params) - 1; }
    static Coef coef(const Params& params) {
      const double n = double(returns(params)), q = params.lag, longs = n - q + 1.0;
      return {returns(params),
              returns(params) - params.lag + 1,
              n,
              longs,
              q,
              1.0 / (n * (n - 1.0)),
              1.0 / (q * longs * (1.0 - q / n)),
              sqrt_(1.5 * n * q / ((2.0 * q - 1.0) * (q - 1.0)))};
    }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      const R count = R(coef.count), zero = R(0.0), one = R(1.0), total = in.sum(0, coef.shorts);
      const R drift = R(coef.lag) * total / count, moved = in.sum(1, coef.longs);
      const R single = spread(count, in.sum(2, coef.shorts), total) * R(coef.short_factor);
      // sum of (move - drift)^2
      const R about = in.sum(3, coef.longs) + drift * fma_(R(coef.long_count), drift, -(moved + moved));
      out[0] = select(single == zero, one, max_(zero, about) * R(coef.long_factor) / single);
      out[1] = (out[0] - one) * R(coef.score);
    }
  };
  using Stages = series::Chain<Moves, Ratio>;
  static constexpr int kOut = 2;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "Lo and MacKinlay, Review of Financial Studies 1, 1988";
  static constexpr series::Output kOutputs[] = {{"ratio", "ratio", 0}, {"zscore", ""}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(variance_ratio, VarianceRatio, "variance of moves over some bars against that of single bars")
