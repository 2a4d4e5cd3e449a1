// What an indicator declares to read: a bar column, perhaps transformed, perhaps with a window service over it.
//   kClose                        now(f), ago(f, k)
//   log_return(kClose)            the same of ln(x[t] / x[t-1]), computed once a bar by one scalar function
//   sum(kClose), sum_sq(kClose)   in.sum(f, w): the sum of the last w values (squares)
//   highest(kHigh), lowest(kLow)  in.highest(f, w), in.lowest(f, w)
#pragma once
#include "cuda/series/columns.hpp"

namespace tf::series {

enum class Transform : int { none, log_return };
enum class Service : int { value, sum, sum_sq, highest, lowest };

struct Input {
  BarColumn column = BarColumn::close;
  Transform transform = Transform::none;
  Service service = Service::value;
  bool operator==(const Input&) const = default;
};

inline constexpr Input kOpen{BarColumn::open}, kHigh{BarColumn::high}, kLow{BarColumn::low}, kClose{BarColumn::close},
    kVolume{BarColumn::volume}, kBuyVolume{BarColumn::buy_volume}, kSellVolume{BarColumn::sell_volume},
    kTickCount{BarColumn::ticks}, kBid{BarColumn::bid}, kAsk{BarColumn::ask};

constexpr Input log_return(Input of) { return {of.column, Transform::log_return, of.service}; }
constexpr Input sum(Input of) { return {of.column, of.transform, Service::sum}; }
constexpr Input sum_sq(Input of) { return {of.column, of.transform, Service::sum_sq}; }
constexpr Input highest(Input of) { return {of.column, of.transform, Service::highest}; }
constexpr Input lowest(Input of) { return {of.column, of.transform, Service::lowest}; }

}  // namespace tf::series
