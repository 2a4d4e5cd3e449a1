#include "cuda/market/bar_table.hpp"

#include <algorithm>
#include <limits>

namespace tf::market {

series::BarRows BarTable::view(int64_t first, int64_t count) const {
  series::BarRows rows;
  for (int at = 0; at < series::kBarColumns; ++at)
    rows.column[at] = column[at].empty() ? nullptr : column[at].data() + first;
  rows.rows = count;
  return rows;
}

void TickTable::start(int64_t history) {
  count = history;
  for (int at = 0; at < series::kTickColumns; ++at)
    if (wants(static_cast<series::TickColumn>(at)))
      column[at].assign(static_cast<std::size_t>(history), std::numeric_limits<double>::quiet_NaN());
    else
      column[at].clear();
  local_ts.assign(wants(series::TickColumn::reference_mid) ? static_cast<std::size_t>(history) : 0, 0);
}

void TickTable::drop(int64_t rows) {
  const auto cut = [rows](auto& values) {
    values.erase(values.begin(), values.begin() + std::min<int64_t>(rows, static_cast<int64_t>(values.size())));
  };
  for (auto& values : column) cut(values);
  cut(local_ts);
  count -= std::min(rows, count);
}

series::TickRows TickTable::view(int64_t first, int64_t count, int64_t history) const {
  series::TickRows rows;
  for (int at = 0; at < series::kTickColumns; ++at)
    rows.column[at] = column[at].empty() ? nullptr : column[at].data() + first;
  rows.rows = count;
  rows.history = std::min(history, first);
  return rows;
}

}  // namespace tf::market
