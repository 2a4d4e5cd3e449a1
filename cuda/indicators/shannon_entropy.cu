// Shannon entropy of the log returns of a window, 0 .. 1: of their shares in `bins` bins of equal width between the
// lowest and the highest, over ln(bins); 0 where the returns are all equal. Counted one by one: hence the bounds.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct ShannonEntropy {
  struct Params {
    int period = 50;
    int bins = 8;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 2, 2000, "bars", "log returns in the window"),
                                    TF_FIELD(P, bins, 2, 32, "", "bins between the lowest and the highest return")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::highest(series::log_return(series::kClose)),
                                          series::lowest(series::log_return(series::kClose))};
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "C. E. Shannon, Bell System Technical Journal 27, 1948";
  static constexpr series::Output kOutputs[] = {{"value", "ratio", 0, 1}};
  struct Coef {
    int64_t period, bins;
    double count;
  };
  static int64_t lookback(const Params& params) { return params.period; }
  static Coef coef(const Params& params) { return {params.period, params.bins, double(params.period)}; }
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R low = in.lowest(1, coef.period), range = in.highest(0, coef.period) - low, zero = R(0.0), one = R(1.0);
    const R bins = R(static_cast<double>(coef.bins));
    R above = R(coef.count), sum = zero;  // returns in this bin and those after it
    for (int64_t bin = 1; bin <= coef.bins; ++bin) {
      const R edge = R(static_cast<double>(bin)) * range;
      R beyond = zero;
      if (bin < coef.bins)
        for (int64_t k = 0; k < coef.period; ++k)
          beyond = beyond + select((in.ago(0, k) - low) * bins >= edge, one, zero);
      const R held = above - beyond;
      sum = fma_(held, log_(max_(held, one)), sum);
      above = beyond;
    }
    const R entropy = (log_(R(coef.count)) - sum / R(coef.count)) / log_(bins);
    out[0] = select(range <= zero, zero, entropy);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(shannon_entropy, ShannonEntropy, "how evenly the log returns of a window spread over bins, 0 to 1")
