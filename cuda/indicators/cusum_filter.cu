// Symmetric CUSUM filter of the log returns r of the close: up = max(0, up + r), down = min(0, down + r); beyond the
// threshold an event, 1 or -1, and that sum starts at 0 again. The sums are over the threshold, after the reset. Two
// starts agree to the bit once a side of both stood at 0 in the same bar, or both had their event there. A close of 0
// or below has no log return and spoils the series from there on.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct CusumFilter {
  struct Params {
    double threshold_bps = 10;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {
          TF_FIELD(P, threshold_bps, 0.01, 100000, "bps", "summed log returns that make an event")};
      return table;
    }
  };
  static constexpr series::Input kIn[] = {series::log_return(series::kClose)};
  static constexpr int kOut = 3, kAgo = 0;
  static constexpr bool kDoubleOnly = true;
  static constexpr series::Stability kStability = series::Stability::converging;
  static constexpr const char* kSource = "M. Lopez de Prado, Advances in Financial Machine Learning, 2018, snippet 2.4";
  static constexpr series::Output kOutputs[] = {{"event", "", -1, 1}, {"up", "ratio", 0, 1}, {"down", "ratio", -1, 0}};
  template <class R>
  struct Coef {
    R threshold, inverse;
  };
  template <class R>
  struct Lane {
    R up, down;
  };
  static int64_t lookback(const Params&) { return 1; }
  static Coef<double> coef(const Params& params) { return {params.threshold_bps * 1e-4, 1e4 / params.threshold_bps}; }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R zero = R(0.0), one = R(1.0), up = max_(zero, lane.up + in.now(0)), down = min_(zero, lane.down + in.now(0));
    const Mask<R> fell = down<-coef.threshold, rose = up> coef.threshold;
    lane.up = select(rose, zero, up);
    lane.down = select(fell, zero, down);
    out[0] = select(fell, -one, select(rose, one, zero));
    out[1] = lane.up * coef.inverse;
    out[2] = lane.down * coef.inverse;
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(cusum_filter, CusumFilter, "event where summed log returns leave a threshold, and both sums")
