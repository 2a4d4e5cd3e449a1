// Positive volume index of a window: the log returns of the close, summed over the bars whose volume rose against the
// bar before: the logarithm of what the usual index, which starts at 1000 with the series, grew by over `period` bars.
// Not finite while a close of the window is 0 or negative.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct PositiveVolumeIndex {
  struct Params {
    int period = 255;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "bars in the window")};
      return table;
    }
  };
  struct Move {
    static constexpr series::Input kIn[] = {series::log_return(series::kClose), series::change(series::kVolume)};
    static constexpr int kOut = 1;
    struct Coef {};
    static int64_t lookback(const Params&) { return 1; }
    static Coef coef(const Params&) { return {}; }
    template <class R, class In>
    TF_HD static void step(const Coef&, const In& in, R* out) {
      out[0] = select(in.now(1) > R(0.0), in.now(0), R(0.0));
    }
  };
  struct Total {
    static constexpr series::Input kIn[] = {series::sum(series::stage(0))};
    static constexpr int kOut = 1;
    struct Coef {
      int64_t period;
    };
    static int64_t lookback(const Params& params) { return params.period - 1; }
    static Coef coef(const Params& params) { return {params.period}; }
    template <class R, class In>
    TF_HD static void step(const Coef& coef, const In& in, R* out) {
      out[0] = in.sum(0, coef.period);
    }
  };
  using Stages = series::Chain<Move, Total>;
  static constexpr int kOut = 1;
  static constexpr series::Stability kStability = series::Stability::exact;
  static constexpr const char* kSource = "N. G. Fosback, Stock Market Logic, 1976";
  static constexpr series::Output kOutputs[] = {{"value", "ratio"}};
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(positive_volume_index, PositiveVolumeIndex, "log return of the window's bars whose volume rose")
