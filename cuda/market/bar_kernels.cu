#include "cuda/market/bar_kernels.hpp"

#include "cuda/base/host_device.hpp"
#include "cuda/base/market.hpp"

namespace tf::market {
inline namespace TF_LEVEL {
namespace {

bool plain_trades(const uint32_t* flags, const int64_t* local_ts, int64_t local, int64_t rows) {
  if (rows == 0 || local_ts[0] < local) return false;
  uint32_t other = 0;
  for (int64_t row = 0; row < rows; ++row) other |= (flags[row] & kKindMask) ^ static_cast<uint32_t>(TickKind::trade);
  int64_t falls = 0;
  for (int64_t row = 1; row < rows; ++row) falls |= local_ts[row] < local_ts[row - 1] ? -1 : 0;
  return other == 0 && falls == 0;
}

RunSums sum_run(const int64_t* price, const int64_t* px, const int64_t* lots, const uint32_t* flags, int64_t base,
                int64_t rows) {
  int64_t high = INT64_MIN, low = INT64_MAX, total = 0, bought = 0, sold = 0;
  uint64_t moved = 0;
  for (int64_t row = 0; row < rows; ++row) {
    high = price[row] > high ? price[row] : high;
    low = price[row] < low ? price[row] : low;
    const int64_t size = lots[row], sides = flags[row];
    total += size;
    bought += size & -((sides >> 4) & 1);
    sold += size & -((sides >> 5) & 1);
    moved += (static_cast<uint64_t>(px[row]) - static_cast<uint64_t>(base)) * static_cast<uint64_t>(size);
  }
  return {high, low, total, bought, sold, moved};
}
static_assert(kFlagBuy == 1u << 4 && kFlagSell == 1u << 5);

int64_t reach(const int64_t* lots, int64_t rows, int64_t wanted) {
  constexpr int64_t kStep = 32;
  int64_t row = 0;
  for (; row + kStep <= rows; row += kStep) {
    int64_t step = 0;
    for (int64_t at = 0; at < kStep; ++at) step += lots[row + at];
    if (step >= wanted) break;
    wanted -= step;
  }
  for (; row < rows; ++row) {
    wanted -= lots[row];
    if (wanted <= 0) return row;
  }
  return rows;
}

int64_t reach_money(const int64_t* lots, const int64_t* px, int64_t rows, double factor, double wanted, double& sum) {
  double total = sum;
  int64_t row = 0;
  for (; row < rows; ++row) {
    total += static_cast<double>(lots[row]) * static_cast<double>(px[row]) * factor;
    if (total >= wanted) break;
  }
  sum = total;
  return row;
}

void as_of(const int64_t* left, int64_t lefts, const int64_t* right, int64_t from, int64_t rights, int64_t earlier,
           int64_t* row) {
  constexpr int64_t kStep = 16;
  int64_t next = from;  // rows before it are known
  for (int64_t at = 0; at < lefts; ++at) {
    // INT64_MIN - 1 is before everything: nothing is known then.
    if (left[at] < INT64_MIN + earlier) {
      row[at] = -1;
      continue;
    }
    const int64_t time = left[at] - earlier;
    // Whole steps while their last row is known, then a count without branches.
    while (next + kStep <= rights && right[next + kStep - 1] <= time) next += kStep;
    if (next + kStep <= rights) {
      int64_t known = 0;
      for (int64_t step = 0; step < kStep; ++step) known += right[next + step] <= time;
      next += known;
    } else {
      while (next < rights && right[next] <= time) ++next;
    }
    row[at] = next - 1;
  }
}

}  // namespace
}  // namespace TF_LEVEL

const BarKernels& TF_CONCAT(bar_kernels_, TF_LEVEL)() {
  static const BarKernels table = {plain_trades, sum_run, reach, reach_money, as_of};
  return table;
}

}  // namespace tf::market
