// Doubles to whole steps of a grid, for formats that store binary floats.
#pragma once
#include <cmath>

#include "data/sources/parse/decimal.hpp"

namespace tf::data {

/// As Grid does with the shortest decimal that reads back to the double: 26.310000000000002 is on a grid of 0.01.
class DoubleGrid {
 public:
  DoubleGrid() = default;
  DoubleGrid(double step, double scale) : grid_(step, scale), per_unit_(scale / step) {}

  const Grid& grid() const { return grid_; }
  /// `off` for NaN and `out_of_range` for infinity, steps = 0 then.
  GridState steps(double value, int64_t& steps) const {
    // The product is off by 2^-52 of itself at most three times over: below 1e7 steps by less than 1e-8.
    const double product = value * per_unit_, whole = std::nearbyint(product);
    if (std::fabs(whole) < 1e7 && std::fabs(product - whole) < 5e-7) {
      steps = static_cast<int64_t>(whole);
      return GridState::on;
    }
    steps = 0;
    if (std::isnan(value)) return GridState::off;
    if (std::isinf(value)) return GridState::out_of_range;
    return grid_.steps(shortest_decimal(value), steps);
  }

 private:
  Grid grid_;
  double per_unit_ = 0;
};

}  // namespace tf::data
