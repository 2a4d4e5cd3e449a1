// A made-up market for tests of indicators: bars that walk in half ticks, and their ticks, some without sizes or
// trades, some bars without ticks.
#pragma once
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cuda/base/philox.hpp"
#include "cuda/series/feature_set.hpp"

namespace tf::sample {

/// Rows before the first tick: NaN, as a series begins.
inline constexpr int64_t kTickHistory = 64;

struct Rows {
  std::vector<double> bar[series::kBarColumns], tick[series::kTickColumns];  ///< ticks after kTickHistory rows
  std::vector<int64_t> ends;

  Rows() {
    for (std::vector<double>& column : tick) column.assign(kTickHistory, std::nan(""));
  }

  void set(series::TickColumn column, const std::vector<double>& values) {
    std::vector<double>& to = tick[static_cast<int>(column)];
    to.resize(kTickHistory);
    to.insert(to.end(), values.begin(), values.end());
  }
  int64_t rows() const { return static_cast<int64_t>(ends.size()); }
  series::BarRows bars(int64_t first, int64_t count) const {
    series::BarRows view;
    for (int column = 0; column < series::kBarColumns; ++column) view.column[column] = bar[column].data() + first;
    view.rows = count;
    return view;
  }
  int64_t tick_begin(int64_t first_bar) const { return first_bar ? ends[first_bar - 1] : 0; }
  series::TickRows ticks(int64_t first_bar, int64_t count) const {
    series::TickRows view;
    const int64_t begin = tick_begin(first_bar);
    for (int column = 0; column < series::kTickColumns; ++column)
      view.column[column] = tick[column].data() + kTickHistory + begin;
    view.history = kTickHistory;
    view.rows = count ? ends[first_bar + count - 1] - begin : 0;
    return view;
  }
  std::vector<int64_t> ends_from(int64_t first_bar, int64_t count) const {
    std::vector<int64_t> relative(ends.begin() + first_bar, ends.begin() + first_bar + count);
    for (int64_t& end : relative) end -= tick_begin(first_bar);
    return relative;
  }
};

inline Rows make_rows(int64_t count, uint64_t seed = 1) {
  using C = series::BarColumn;
  const RandomStream random{seed, Purpose::test, 0};
  uint64_t draw = 0;
  const auto below = [&](uint32_t bound) { return static_cast<double>(random.below(draw++, bound)); };
  Rows rows;
  double price = 100000, reference = 50000, time = 0;
  for (int64_t at = 0; at < count; ++at) {
    const double open = price;
    price += 0.5 * (below(41) - 20);
    const double high = std::max(open, price) + 0.5 * below(8), low = std::min(open, price) - 0.5 * below(8);
    const double buy = below(50), sell = below(50);
    const double day_ns = 86400e9, clock = std::fmod(60e9 * static_cast<double>(at), day_ns);
    reference += 0.25 * (price - open) + 0.5 * (below(9) - 4);
    const double values[series::kBarColumns] = {
        open,     high,  low,   price,          buy + sell,
        buy,      sell,  0,     price - 1,      price + 1,
        price,    clock, clock, day_ns - clock, std::fmod(std::floor(static_cast<double>(at) / 1440), 5),
        reference};
    const int64_t ticks = static_cast<int64_t>(below(at % 7 == 3 ? 1 : at % 50 == 4 ? 200 : 25));
    for (int column = 0; column < series::kBarColumns; ++column) rows.bar[column].push_back(values[column]);
    rows.bar[static_cast<int>(C::ticks)].back() = static_cast<double>(ticks);
    for (int64_t tick = 0; tick < ticks; ++tick) {
      const bool sized = below(10) > 0, trade = below(3) == 0;
      time += 1e6 * below(5000);
      const double bid = price - 1 - 0.5 * below(3), ask = price + 1 + 0.5 * below(3);
      const double side = trade ? below(21) - 10 : 0;
      const double state[series::kTickColumns] = {bid,
                                                  ask,
                                                  sized ? below(100) : 0,
                                                  sized ? below(100) : 0,
                                                  side,
                                                  trade ? (side > 0 ? ask : bid) : 0,
                                                  trade ? (side == 0 ? 3 : std::abs(side)) : 0,
                                                  time,
                                                  sized ? 100 + below(500) : 0,
                                                  sized ? 100 + below(500) : 0,
                                                  sized ? bid - 2 - 0.25 * below(4) : 0,
                                                  sized ? ask + 2 + 0.25 * below(4) : 0,
                                                  below(40),
                                                  below(40),
                                                  reference + 0.5 * below(5)};
      for (int column = 0; column < series::kTickColumns; ++column) rows.tick[column].push_back(state[column]);
    }
    rows.ends.push_back(static_cast<int64_t>(rows.tick[0].size()) - kTickHistory);
  }
  return rows;
}

/// Appends rows [first, first + count) in chunks of `chunk`; the values row by row.
inline std::vector<double> append_all(series::FeatureSet& set, const Rows& rows, int64_t first, int64_t count,
                                      int64_t chunk) {
  const int64_t lanes = set.outputs();
  std::vector<double> out(static_cast<std::size_t>(count * lanes), -1.0);
  for (int64_t at = 0; at < count; at += chunk) {
    const int64_t now = std::min(chunk, count - at);
    const std::vector<int64_t> ends = rows.ends_from(first + at, now);
    set.append(rows.bars(first + at, now), rows.ticks(first + at, now), ends.data(),
               {out.data() + at * lanes, now, lanes, lanes});
  }
  return out;
}

/// Values of one instance over all of rows.
inline std::vector<double> values_of(const Exec& exec, const series::Instance& instance, const Rows& rows) {
  series::FeatureSet set(exec, {instance});
  return append_all(set, rows, 0, rows.rows(), rows.rows());
}

/// The first place where the bits differ (any NaN equals any NaN); -1 if nowhere.
inline int64_t first_difference(const double* a, const double* b, int64_t count) {
  for (int64_t at = 0; at < count; ++at) {
    if (std::isnan(a[at]) && std::isnan(b[at])) continue;
    if (std::bit_cast<uint64_t>(a[at]) != std::bit_cast<uint64_t>(b[at])) return at;
  }
  return -1;
}
inline bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && first_difference(a.data(), b.data(), static_cast<int64_t>(a.size())) < 0;
}

/// Equal to 1e-12 of their size (of 1 if smaller); NaN where the other is NaN.
inline bool close_to(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t at = 0; at < a.size(); ++at) {
    if (std::isnan(a[at]) != std::isnan(b[at])) return false;
    if (std::abs(a[at] - b[at]) > 1e-12 * std::max(1.0, std::abs(b[at]))) return false;
  }
  return true;
}

/// Bars whose close is the given list (open = high = low = close), without ticks.
inline Rows rows_of_closes(const std::vector<double>& closes) {
  Rows rows;
  for (const double close : closes) {
    for (int column = 0; column < series::kBarColumns; ++column) rows.bar[column].push_back(close);
    rows.ends.push_back(0);
  }
  return rows;
}

/// Parameters of an indicator with its integer and real fields set in their order.
inline series::Instance instance(const Exec& exec, const std::string& name, const std::vector<double>& values) {
  const series::IndicatorEntry& entry = series::find_indicator(exec, name);
  const std::shared_ptr<void> params = entry.params.make();
  for (std::size_t at = 0; at < values.size(); ++at) {
    const Field& field = entry.params.fields[at];
    char* member = static_cast<char*>(params.get()) + field.offset;
    if (field.type == FieldType::integer) *reinterpret_cast<int*>(member) = static_cast<int>(values[at]);
    if (field.type == FieldType::real) *reinterpret_cast<double*>(member) = values[at];
  }
  return {name, params};
}

}  // namespace tf::sample
