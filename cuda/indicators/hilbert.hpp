// The dominant cycle of a price by Hilbert transform (J. F. Ehlers, Rocket Science for Traders, 2001), which mama and
// the ht_ indicators share. The arithmetic and its starting values are TA-Lib's: nothing is known before the row where
// `begun` turns from 0 to 1, the period starts at 0, grows by at most half a bar and lies in 6 .. 50.
#pragma once
#include "cuda/series/indicator.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

/// Bars back that weighted_price() reads at k = 0.
inline constexpr int kWeightedReach = 3;
inline constexpr int kLongestCycle = 50;
inline constexpr double kDegrees = 57.295779513082323;

/// The price of k bars ago, smoothed over four bars with weights 4 3 2 1.
template <class R, class In>
TF_HD R weighted_price(const In& in, int64_t k) {
  const R near = fma_(R(4.0), in.ago(0, k), R(3.0) * in.ago(0, k + 1));
  return fma_(R(2.0), in.ago(0, k + 2), near + in.ago(0, k + 3)) * R(0.1);
}

/// State from bar to bar; index 0 is the bar before.
template <class R>
struct Cycle {
  R price[6], detrended[9], quadrature[6];
  R in_phase, out_phase, real, imaginary, period, smooth_period;
};

/// What the bar's transform found: the components that phases are read from.
template <class R>
struct Phasor {
  R in_phase, quadrature;
};

/// Hilbert transform at x, given the values 2, 4 and 6 bars before, for a cycle whose length `gain` tells.
template <class R>
TF_HD R hilbert(R x, R two, R four, R six, R gain) {
  return fma_(R(0.0962), x - six, R(0.5769) * (two - four)) * gain;
}

template <class R, int kCount>
TF_HD void shift_in(R (&past)[kCount], R newest) {
  for (int at = kCount - 1; at > 0; --at) past[at] = past[at - 1];
  past[0] = newest;
}

template <class R>
TF_HD Phasor<R> advance(Cycle<R>& cycle, R weighted_price, R begun) {
  const R price = begun * weighted_price, gain = fma_(R(0.075), cycle.period, R(0.54));
  const R *p = cycle.price, *d = cycle.detrended, *q = cycle.quadrature;
  const R detrended = hilbert(price, p[1], p[3], p[5], gain), quadrature = hilbert(detrended, d[1], d[3], d[5], gain);
  const R in_phase = d[2];
  const R ahead_in = hilbert(in_phase, d[4], d[6], d[8], gain);
  const R ahead_out = hilbert(quadrature, q[1], q[3], q[5], gain);
  shift_in(cycle.price, price);
  shift_in(cycle.detrended, detrended);
  shift_in(cycle.quadrature, quadrature);

  const R keep = R(0.8), take = R(0.2), in_before = cycle.in_phase, out_before = cycle.out_phase;
  cycle.in_phase = fma_(keep, in_before, take * (in_phase - ahead_out));
  cycle.out_phase = fma_(keep, out_before, take * (quadrature + ahead_in));
  const R real = fma_(cycle.in_phase, in_before, cycle.out_phase * out_before);
  const R imaginary = fma_(cycle.in_phase, out_before, -(cycle.out_phase * in_before));
  cycle.real = fma_(keep, cycle.real, take * real);
  cycle.imaginary = fma_(keep, cycle.imaginary, take * imaginary);

  const R zero = R(0.0), before = cycle.period;
  const Mask<R> turns = and_(cycle.imaginary != zero, cycle.real != zero);
  R period = select(turns, R(6.283185307179586) / atan_(cycle.imaginary / cycle.real), before);
  period = min_(period, R(1.5) * before);
  period = max_(period, R(0.67) * before);
  period = min_(max_(period, R(6.0)), R(kLongestCycle));
  cycle.period = begun * fma_(keep, before, take * period);
  cycle.smooth_period = fma_(R(0.67), cycle.smooth_period, R(0.33) * cycle.period);
  return {in_phase, quadrature};
}

/// Whole bars of the smoothed cycle.
template <class R>
TF_HD R whole_period(const Cycle<R>& cycle) {
  return floor_(cycle.smooth_period + R(0.5));
}

/// Phase of the dominant cycle in degrees, in [-45, 315], from the last whole cycle of smoothed prices.
template <class R, class In>
TF_HD R dominant_phase(const Cycle<R>& cycle, const In& in) {
  const R zero = R(0.0), bars = max_(whole_period(cycle), R(1.0)), step = R(6.283185307179586) / bars;
  const R turn_cos = cos_(step), turn_sin = sin_(step);
  // Sines and cosines over a whole cycle cancel: prices may be taken from any level, and near the latest nothing is
  // lost.
  const R level = weighted_price<R>(in, 0);
  R cosine = R(1.0), sine = zero, real = zero, imaginary = zero;
  for (int k = 0; k < kLongestCycle; ++k) {
    const R price = select(R(static_cast<double>(k)) < bars, weighted_price<R>(in, k) - level, zero);
    real = fma_(sine, price, real);
    imaginary = fma_(cosine, price, imaginary);
    const R turned = fma_(cosine, turn_cos, -(sine * turn_sin));
    sine = fma_(sine, turn_cos, cosine * turn_sin);
    cosine = turned;
  }
  const R quarter = R(90.0);
  const R upright = select(real > zero, quarter, select(real < zero, -quarter, zero));
  R phase = select(imaginary == zero, upright, R(kDegrees) * atan_(real / imaginary)) + quarter;
  phase = phase + R(360.0) / max_(cycle.smooth_period, R(1.0));  // the smoothing lags by a bar
  phase = phase + select(imaginary < zero, R(180.0), zero);
  return phase - select(phase > R(315.0), R(360.0), zero);
}

/// Mean of the raw prices of the last whole cycle.
template <class R, class In>
TF_HD R cycle_mean(const Cycle<R>& cycle, const In& in) {
  const R zero = R(0.0), bars = whole_period(cycle);
  R total = zero;
  for (int k = 0; k < kLongestCycle; ++k) total = total + select(R(static_cast<double>(k)) < bars, in.ago(0, k), zero);
  return select(bars > zero, total / bars, zero);
}

}  // namespace TF_LEVEL
}  // namespace tf::indicators
