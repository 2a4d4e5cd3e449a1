// What is odd among the values of a panel's lanes, counted block by block while the block is in the cache: not a
// number, infinite, outside a range, the same for long.
#pragma once
#include <cstdint>
#include <vector>

#include "cuda/base/device.hpp"
#include "cuda/base/view.hpp"

namespace tf::series {

/// Counts of lanes side by side: whole numbers, kept as doubles for the lanes of a register.
struct OddValues {
  /// `low` and `high` bound the ready values of each lane; equal values beyond the `stale_rows`-th in a row are stale.
  OddValues(std::vector<double> low, std::vector<double> high, int64_t stale_rows);

  /// The next rows are the first of a series: runs of one value end.
  void begin_series();
  /// Counts the next rows of the running series. NaN in the first cold[lane] rows of a series is not missing.
  void take(CpuLevel level, Panel<const double> rows, const int64_t* cold);
  /// Adds the counts of another series set.
  void add(const OddValues& other);

  std::vector<double> low, high;                                              // as given
  std::vector<double> not_ready, missing, infinite, outside, stale, longest;  // counts, longest = rows of one value
  std::vector<double> before, run;  // the last value (NaN: none) and how many rows have it
  std::vector<double> not_plain;    // blocks for which a group of lanes from here on is not taken for plain
  double stale_rows;
  int64_t rows = 0;       // taken in all
  int64_t in_series = 0;  // taken of the running series
};

/// Counts `rows` rows of the lanes [0, lanes) of `odd`; `stride` doubles from row to row.
using CountOdd = void (*)(const double* values, int64_t rows, int64_t stride, const int64_t* cold, OddValues& odd);
CountOdd count_odd_v3();
CountOdd count_odd_v4();

}  // namespace tf::series
