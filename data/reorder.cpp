#include "data/reorder.hpp"

#include <algorithm>

namespace tf::data {

bool ReorderWindow::put(std::span<const Tick> unit) {
  const int64_t ts = unit.front().exch_ts;
  if (ts < floor_) return false;
  units_.push_back({ts, held_.size(), unit.size()});
  held_.insert(held_.end(), unit.begin(), unit.end());
  newest_ = std::max(newest_, ts);
  floor_ = std::max(floor_, newest_ < INT64_MIN + window_ns_ ? INT64_MIN : newest_ - window_ns_);
  return true;
}

void ReorderWindow::take(std::vector<Tick>& out, bool all) {
  std::stable_sort(units_.begin(), units_.end(), [](const Unit& one, const Unit& other) { return one.ts < other.ts; });
  std::size_t too_many = held_.size() > kMostTicks ? held_.size() - kMostTicks : 0;
  auto unit = units_.begin();
  for (; unit != units_.end() && (all || unit->ts < floor_ || too_many > 0); ++unit) {
    out.insert(out.end(), held_.begin() + static_cast<std::ptrdiff_t>(unit->first),
               held_.begin() + static_cast<std::ptrdiff_t>(unit->first + unit->count));
    too_many -= std::min(too_many, unit->count);
    floor_ = std::max(floor_, unit->ts);
  }
  // What stays moves to the front, in the order of its times.
  std::vector<Tick> staying;
  staying.reserve(held_.size());
  std::vector<Unit> units;
  for (; unit != units_.end(); ++unit) {
    units.push_back({unit->ts, staying.size(), unit->count});
    staying.insert(staying.end(), held_.begin() + static_cast<std::ptrdiff_t>(unit->first),
                   held_.begin() + static_cast<std::ptrdiff_t>(unit->first + unit->count));
  }
  held_.swap(staying);
  units_.swap(units);
}

}  // namespace tf::data
