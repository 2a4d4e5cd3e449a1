// What many indicators share: parameters of one period, the coefficients that follow from it, and stages of chains.
// Bases to derive from: what an indicator or stage writes itself hides the base's.
#pragma once
#include "cuda/indicators/scatter.hpp"
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

// ---- parameters ----------------------------------------------------------------------------------------------------

template <int kDefault, int kLeast = 1, int kMost = 100000>
struct WindowParams {
  int period = kDefault;
  static std::span<const Field> fields() {
    using P = WindowParams;
    static const Field table[] = {TF_FIELD(P, period, kLeast, kMost, "bars", "bars in the window")};
    return table;
  }
};

template <int kDefault, int kLeast = 1, int kMost = 100000>
struct ReturnsParams {
  int period = kDefault;
  static std::span<const Field> fields() {
    using P = ReturnsParams;
    static const Field table[] = {TF_FIELD(P, period, kLeast, kMost, "bars", "returns in the window")};
    return table;
  }
};

template <int kDefault, int kLeast = 1>
struct SmoothingParams {
  int period = kDefault;
  static std::span<const Field> fields() {
    using P = SmoothingParams;
    static const Field table[] = {TF_FIELD(P, period, kLeast, 100000, "bars", "smoothing weight 2 / (period + 1)")};
    return table;
  }
};

// ---- windows -------------------------------------------------------------------------------------------------------

/// Of no parameter, ready kBack rows after its inputs.
template <int kBack = 0>
struct Pointwise {
  struct Coef {};
  template <class Params>
  static int64_t lookback(const Params&) {
    return kBack;
  }
  template <class Params>
  static Coef coef(const Params&) {
    return {};
  }
};

/// Its first input, as it is.
struct FirstInput : Pointwise<> {
  static constexpr int kOut = 1;
  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* out) {
    out[0] = in.now(0);
  }
};

/// Over `period` rows.
struct OverPeriod {
  struct Coef {
    int64_t period;
    double count, inverse;
  };
  template <class Params>
  static int64_t lookback(const Params& params) {
    return params.period - 1;
  }
  template <class Params>
  static Coef coef(const Params& params) {
    return {params.period, double(params.period), 1.0 / params.period};
  }
};

struct TotalOfStage : OverPeriod {
  static constexpr Input kIn[] = {sum(stage(0))};
  static constexpr int kOut = 1;
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    out[0] = in.sum(0, coef.period);
  }
};

struct MeanOfStage : OverPeriod {
  static constexpr Input kIn[] = {sum(stage(0))};
  static constexpr int kOut = 1;
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    out[0] = in.sum(0, coef.period) * R(coef.inverse);
  }
};

struct RootMeanSquareOfStage : OverPeriod {
  static constexpr Input kIn[] = {sum_sq(stage(0))};
  static constexpr int kOut = 1;
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    out[0] = sqrt_(in.sum(0, coef.period) * R(coef.inverse));
  }
};

/// Over `period` log returns of the close.
struct OverReturns : OverPeriod {
  static constexpr Input kIn[] = {sum(log_return(kClose)), sum_sq(log_return(kClose))};
  static constexpr int kOut = 1;
  template <class Params>
  static int64_t lookback(const Params& params) {
    return params.period;
  }
};

/// Lots of the bar, as far as it closed near its high and not its low: -1 to 1 times the volume.
struct MoneyFlowOfBar : Pointwise<> {
  static constexpr Input kIn[] = {kHigh, kLow, kClose, kVolume};
  static constexpr int kOut = 1;
  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* out) {
    const R high = in.now(0), low = in.now(1), close = in.now(2), range = high - low, zero = R(0.0);
    out[0] = select(range <= zero, zero, ((close - low) - (high - close)) / range * in.now(3));
  }
};

/// ln(H/O) ln(H/C) + ln(L/O) ln(L/C): the variance of a bar that a drift does not change (Rogers and Satchell, 1991).
struct DriftlessVariance : Pointwise<> {
  static constexpr Input kIn[] = {log_quotient(kHigh, kOpen), log_quotient(kLow, kOpen), log_quotient(kClose, kOpen)};
  static constexpr int kOut = 1;
  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* out) {
    const R up = in.now(0), down = in.now(1), move = in.now(2);
    out[0] = fma_(up, up - move, down * (down - move));
  }
};

// ---- windows of two series -----------------------------------------------------------------------------------------

struct ReturnAndReference : Pointwise<1> {
  static constexpr Input kIn[] = {log_return(kClose), log_return(kReference)};
  static constexpr int kOut = 2;
  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* out) {
    out[0] = in.now(0);
    out[1] = in.now(1);
  }
};

/// Of two series by the sums of x, y, x^2, y^2 and x y; 0 where either is flat.
struct CorrelationOfSums : OverPeriod {
  static constexpr int kOut = 1;
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R count = R(coef.count), x = in.sum(0, coef.period), y = in.sum(1, coef.period);
    const R together = scatter(count, in.sum(4, coef.period), x, y);
    out[0] =
        correlation_of(together, spread(count, in.sum(2, coef.period), x), spread(count, in.sum(3, coef.period), y));
  }
};

struct CorrelationOfStage : CorrelationOfSums {
  static constexpr Input kIn[] = {sum(stage(0)), sum(stage(1)), sum_sq(stage(0)), sum_sq(stage(1)),
                                  sum(product(stage(0), stage(1)))};
};

/// Slope of y on x and the share of y's variance it tells, by the sums of x, y, x^2, y^2 and x y; 0 where x is flat.
struct SlopeAndFitOfSums : OverPeriod {
  static constexpr int kOut = 2;
  template <class R, class In>
  TF_HD static void step(const Coef& coef, const In& in, R* out) {
    const R n = R(coef.count), zero = R(0.0);
    const R x = in.sum(0, coef.period), y = in.sum(1, coef.period), shared = n * in.sum(4, coef.period) - x * y;
    const R spread_x = n * in.sum(2, coef.period) - x * x, spread_y = n * in.sum(3, coef.period) - y * y;
    out[0] = select(spread_x > zero, shared / spread_x, zero);
    const R fit = shared / spread_x * (shared / spread_y);
    out[1] = select(and_(spread_x > zero, spread_y > zero), min_(fit, R(1.0)), zero);
  }
};

// ---- recurrences ---------------------------------------------------------------------------------------------------

/// Of weight 2 / (period + 1).
struct Smoothing {
  template <class R>
  struct Coef {
    R weight, period;
  };
  template <class Params>
  static int64_t lookback(const Params& params) {
    return params.period - 1;
  }
  template <class Params>
  static Coef<double> coef(const Params& params) {
    return {2.0 / (params.period + 1.0), double(params.period)};
  }
};

/// Exponential moving average of the first input, seeded by the mean of its first `period` values.
struct SmoothedInput : Smoothing {
  static constexpr int kOut = 1, kAgo = 0;
  template <class R>
  struct Lane {
    R mean;
  };
  template <class R, class In>
  TF_HD static void step(Lane<R>& lane, const Coef<R>& coef, const In& in, R* out) {
    const R weight = in.ramp(coef.weight, coef.period);
    lane.mean = fma_(R(1.0) - weight, lane.mean, weight * in.now(0));
    out[0] = lane.mean;
  }
};

/// Two exponential moving averages of the close, the shorter of `fast` and `slow` being the fast one; each is seeded by
/// the mean of the first closes. A base: its users make the output of lane.fast and lane.slow.
struct TwoAverages {
  struct Params {
    int fast = 12, slow = 26;
    int longer() const { return fast > slow ? fast : slow; }
    int shorter() const { return fast > slow ? slow : fast; }
    static std::span<const Field> fields() {
      using P = Params;
      static const Field table[] = {TF_FIELD(P, fast, 1, 100000, "bars", "period of the fast average"),
                                    TF_FIELD(P, slow, 1, 100000, "bars", "period of the slow average")};
      return table;
    }
  };
  static constexpr Input kIn[] = {kClose};
  static constexpr int kOut = 1, kAgo = 0;
  static constexpr Stability kStability = Stability::converging;
  template <class R>
  struct Coef {
    R fast_weight, slow_weight, fast, slow;
  };
  template <class R>
  struct Lane {
    R fast, slow;
  };

  static int64_t lookback(const Params& params) { return params.longer() - 1; }
  static Coef<double> coef(const Params& params) {
    const double fast = params.shorter(), slow = params.longer();
    return {2.0 / (fast + 1.0), 2.0 / (slow + 1.0), fast, slow};
  }
  template <class R, class In>
  TF_HD static void advance(Lane<R>& lane, const Coef<R>& coef, const In& in) {
    const R one = R(1.0), price = in.now(0), fast = in.ramp(coef.fast_weight, coef.fast);
    const R slow = in.ramp(coef.slow_weight, coef.slow);
    lane.fast = fma_(one - fast, lane.fast, fast * price);
    lane.slow = fma_(one - slow, lane.slow, slow * price);
  }
};

/// A tick series without parameters.
struct OfTicks {
  template <class R>
  struct Coef {
    R none;
  };
  template <class Params>
  static int64_t lookback(const Params&) {
    return 0;
  }
  template <class Params>
  static Coef<double> coef(const Params&) {
    return {0.0};
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators
