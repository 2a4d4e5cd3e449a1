// What an indicator declares to read: a column, perhaps transformed, perhaps with a window service over it. Each is
// computed once a pass, however many indicators read it.
//   kClose                        now(f), ago(f, k)
//   log_return(kClose)            the same of a transform of one or two columns, computed once a bar
//   sum(kClose), sum_sq(kClose)   in.sum(f, w): the sum of the last w values (squares)
//   lag_sum(kClose)               in.lag_sum(f, w): sum of k * x[t - k], k = 0 .. w - 1; in.sum(f, w) too
//   highest(kHigh), lowest(kLow)  in.highest(f, w), in.lowest(f, w)
//   stage(j)                      column j of those that a chain's earlier stages wrote, in their order
#pragma once
#include "cuda/series/columns.hpp"

namespace tf::series {

enum class Transform : int {
  none,
  log_return,    ///< ln(x[t] / x[t-1])
  change,        ///< x[t] - x[t-1]
  rise,          ///< max(change, 0)
  fall,          ///< max(-change, 0)
  log,           ///< ln(x)
  difference,    ///< x - y
  product,       ///< x * y
  mean_of,       ///< (x + y) / 2
  log_quotient,  ///< ln(x / y)
  log_gap,       ///< ln(x[t] / y[t-1])
  true_range,    ///< max(high, close before) - min(low, close before)
  typical,       ///< (high + low + close) / 3
  weighted,      ///< (high + low + 2 close) / 4
  average        ///< (open + high + low + close) / 4
};
enum class Service : int { value, sum, sum_sq, lag_sum, highest, lowest };

struct Input {
  BarColumn column = BarColumn::close;  ///< x
  Transform transform = Transform::none;
  Service service = Service::value;
  BarColumn with = BarColumn::close;  ///< y of a transform of two columns
  bool operator==(const Input&) const = default;
};

inline constexpr Input kOpen{BarColumn::open}, kHigh{BarColumn::high}, kLow{BarColumn::low}, kClose{BarColumn::close},
    kVolume{BarColumn::volume}, kBuyVolume{BarColumn::buy_volume}, kSellVolume{BarColumn::sell_volume},
    kTickCount{BarColumn::ticks}, kBid{BarColumn::bid}, kAsk{BarColumn::ask}, kVwap{BarColumn::vwap},
    kClock{BarColumn::clock_ns}, kSinceOpen{BarColumn::since_open_ns}, kToClose{BarColumn::to_close_ns},
    kWeekday{BarColumn::weekday}, kReference{BarColumn::reference};
inline constexpr Input kTrueRange{BarColumn::high, Transform::true_range},
    kTypical{BarColumn::high, Transform::typical}, kWeighted{BarColumn::high, Transform::weighted},
    kAverage{BarColumn::open, Transform::average};

/// Column `output` of those that the earlier stages of a chain wrote.
constexpr Input stage(int output) { return {static_cast<BarColumn>(kBarColumns + output)}; }

constexpr Input transformed(Transform transform, Input x, Input y = kClose) {
  return {x.column, transform, x.service, y.column};
}
constexpr Input log_return(Input of) { return transformed(Transform::log_return, of); }
constexpr Input change(Input of) { return transformed(Transform::change, of); }
constexpr Input rise(Input of) { return transformed(Transform::rise, of); }
constexpr Input fall(Input of) { return transformed(Transform::fall, of); }
constexpr Input log(Input of) { return transformed(Transform::log, of); }
constexpr Input difference(Input x, Input y) { return transformed(Transform::difference, x, y); }
constexpr Input product(Input x, Input y) { return transformed(Transform::product, x, y); }
constexpr Input mean_of(Input x, Input y) { return transformed(Transform::mean_of, x, y); }
constexpr Input log_quotient(Input x, Input y) { return transformed(Transform::log_quotient, x, y); }
constexpr Input log_gap(Input x, Input y) { return transformed(Transform::log_gap, x, y); }

constexpr Input with_service(Input of, Service service) { return {of.column, of.transform, service, of.with}; }
constexpr Input sum(Input of) { return with_service(of, Service::sum); }
constexpr Input sum_sq(Input of) { return with_service(of, Service::sum_sq); }
constexpr Input lag_sum(Input of) { return with_service(of, Service::lag_sum); }
constexpr Input highest(Input of) { return with_service(of, Service::highest); }
constexpr Input lowest(Input of) { return with_service(of, Service::lowest); }

}  // namespace tf::series
