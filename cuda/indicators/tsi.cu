// True strength index (Blau, 1991), -100 .. 100: the twice smoothed move of the close as a share of the twice smoothed
// absolute move; 0 where nothing moved. Seeded as TA-Lib's TSI: each average by the mean of the first values it sees.
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct Tsi {
  struct Params {
    int first = 25, second = 13;
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, first, 1, 100000, "bars", "period of the first average of the moves"),
                                    TF_FIELD(P, second, 1, 100000, "bars", "period of the average of that")};
      return table;
    }
  };
  static constexpr Input kIn[] = {change(kClose)};
  static constexpr int kOut = 1, kAgo = 0;
  static constexpr Stability kStability = Stability::converging;
  static constexpr const char* kSource = "W. Blau, True Strength Index, 1991";
  static constexpr Output kOutputs[] = {{"value", "percent", -100, 100}};
  template <class R>
  struct Coef {
    R first_weight, second_weight, first, second;
  };
  template <class R>
  struct Lane {
    R move, size, smooth_move, smooth_size;
  };

  static int64_t lookback(const Params& params) { return int64_t{params.first} + params.second - 1; }
  static Coef<double> coef(const Params& params) {
    return {2.0 / (params.first + 1.0), 2.0 / (params.second + 1.0), double(params.first), double(params.second)};
  }
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R one = R(1.0), zero = R(0.0), first = in.ramp(coef.first_weight, coef.first, one);
    const R second = in.ramp(coef.second_weight, coef.second, coef.first), keep = one - first,
            keep_smooth = one - second;
    lane.move = fma_(keep, lane.move, first * in.now(0));
    lane.size = fma_(keep, lane.size, first * abs_(in.now(0)));
    lane.smooth_move = fma_(keep_smooth, lane.smooth_move, second * lane.move);
    lane.smooth_size = fma_(keep_smooth, lane.smooth_size, second * lane.size);
    out[0] = select(lane.smooth_size > zero, R(100.0) * lane.smooth_move / lane.smooth_size, zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(tsi, Tsi, "true strength index of the close")
