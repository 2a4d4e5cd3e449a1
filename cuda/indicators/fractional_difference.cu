// Fractional difference of the log close, fixed-width window: sum of w[k] ln close[t - k], w[0] = 1, w[k] = -w[k-1] (d
// - k + 1) / k, up to the last weight of at least `threshold`, but no more than 1024 of them. d = 1 is the log return,
// d near 0 the log close itself. The weights cut off leave a level of ln close times their sum. Not finite while a
// close of the window is 0 or negative.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct FractionalDifference {
  struct Params {
    double order = 0.4;
    double threshold = 1e-4;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, order, 0.01, 1, "", "d: how often it is differenced"),
                                    TF_FIELD(P, threshold, 1e-6, 0.5, "", "the least weight that counts")};
      return table;
    }
  };
  static constexpr int64_t kMost = 1024;
  static constexpr series::Input kIn[] = {series::log(series::kClose)};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "M. Lopez de Prado, Advances in Financial Machine Learning, 2018, snippet 5.3";
  static constexpr series::Output kOutputs[] = {{"value", ""}};
  struct Coef {
    int64_t count;
    double weight[kMost];
  };
  static int64_t lookback(const Params& params) { return coef(params).count - 1; }
  static Coef coef(const Params& params) {
    Coef made{1, {1.0}};
    for (; made.count < kMost; ++made.count) {
      const double k = double(made.count), next = -made.weight[made.count - 1] * (params.order - k + 1.0) / k;
      if (abs_(next) < params.threshold) break;
      made.weight[made.count] = next;
    }
    return made;
  }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    R total = R(0.0);
    for (int64_t k = 0; k < coef.count; ++k) total = fma_(R(coef.weight[k]), in.ago(0, k), total);
    out[0] = total;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(fractional_difference, FractionalDifference,
             "log close differenced a fraction of once, over a fixed window")
