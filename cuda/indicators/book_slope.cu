// Slope of the book: lots on the best levels a tick of distance between the mid and their mean price, by side; the mean
// over the bar's ticks. A side without depth or at no distance counts as 0, a bar without ticks is 0.
#include "cuda/indicators/stages.hpp"

namespace tf::indicators {
inline namespace TF_LEVEL {

struct BookSlope : Pointwise<> {
  using Params = NoParams;
  static constexpr TickColumn kTicks[] = {TickColumn::bid,       TickColumn::ask,          TickColumn::bid_depth,
                                          TickColumn::ask_depth, TickColumn::bid_depth_px, TickColumn::ask_depth_px};
  static constexpr int kOut = 2, kTerms = 2;
  static constexpr Stability kStability = Stability::exact;
  static constexpr const char* kSource = "Naes and Skjeltorp, Journal of Financial Markets 9, 2006";
  static constexpr Output kOutputs[] = {{"bid", "lots per tick", 0}, {"ask", "lots per tick", 0}};

  template <class R, class In>
  TF_HD static void step(const Coef&, const In& in, R* terms) {
    const R mid = R(0.5) * (in.now(0) + in.now(1)), zero = R(0.0);
    const R below = mid - in.now(4), above = in.now(5) - mid;
    terms[0] = select(and_(in.now(2) > zero, below > zero), in.now(2) / below, zero);
    terms[1] = select(and_(in.now(3) > zero, above > zero), in.now(3) / above, zero);
  }
  template <class R>
  TF_HD static void finish(const Coef&, const R* sums, R ticks, R* out) {
    const R zero = R(0.0);
    out[0] = select(ticks > zero, sums[0] / ticks, zero);
    out[1] = select(ticks > zero, sums[1] / ticks, zero);
  }
};

}  // namespace TF_LEVEL
}  // namespace tf::indicators

TF_INDICATOR(book_slope, BookSlope, "mean slope of the two sides of the book")
