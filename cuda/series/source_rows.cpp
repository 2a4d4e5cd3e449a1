#include "cuda/series/source_rows.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "cuda/base/error.hpp"

namespace tf::series {

SourceRows::SourceRows(const Exec& exec, int64_t block_rows)
    : exec_(exec), services_(services(exec)), block_rows_(block_rows) {}

int SourceRows::value_of(Input input) {
  BarColumn columns[kMostRawColumns];
  const int raw = raw_columns(input, columns);
  input = {columns[0], input.transform, Service::value, raw == 2 ? columns[1] : BarColumn::close};
  for (std::size_t index = 0; index < values_.size(); ++index)
    if (values_[index].input == input) return static_cast<int>(index);
  Value value{input, 0, {}};
  if (input.transform != Transform::none)
    for (int at = 0; at < raw; ++at) value.raw_arrays[at] = values_[value_of({columns[at]})].array;
  value.array = arrays_++;
  values_.push_back(value);
  return static_cast<int>(values_.size()) - 1;
}

int SourceRows::ladder_of(int value, Service service, int64_t reach) {
  const int sums = service == Service::lag_sum ? ladder_of(value, Service::sum, reach) : -1;
  std::size_t index = 0;
  while (index < ladders_.size() && !(ladders_[index].value == value && ladders_[index].service == service)) ++index;
  if (index == ladders_.size()) {
    Ladder ladder{};
    ladder.value = value;
    ladder.service = service;
    ladder.sums = sums;
    ladders_.push_back(ladder);
  }
  ladders_[index].reach = std::max(ladders_[index].reach, reach);
  return static_cast<int>(index);
}

int SourceRows::add(const Input& input, int64_t reach) {
  history_ = std::max(history_, reach + 1);
  const int value = value_of(input);
  const int ladder = input.service == Service::value ? -1 : ladder_of(value, input.service, reach);
  const std::pair<int, int> wanted{value, ladder};
  const auto known = std::find(inputs_.begin(), inputs_.end(), wanted);
  if (known != inputs_.end()) return static_cast<int>(known - inputs_.begin());
  inputs_.push_back(wanted);
  return static_cast<int>(inputs_.size()) - 1;
}

void SourceRows::start() {
  history_ = (history_ + 7) / 8 * 8;
  capacity_ = 2 * history_ + block_rows_;  // the tail moves down without overlap, at most once in history_ rows
  std::size_t pointers = 0;
  int totals = 0;
  for (Ladder& ladder : ladders_) {
    // The lowest level of lag sums is a row's own value times 0: an array that stays zero.
    const bool own = ladder.service == Service::sum_sq || ladder.service == Service::lag_sum;
    ladder.arrays = {own ? arrays_++ : values_[ladder.value].array};
    const int levels = std::bit_width(static_cast<uint64_t>(ladder.reach + 1));
    while (static_cast<int>(ladder.arrays.size()) < levels) ladder.arrays.push_back(arrays_++);
    ladder.pointers = pointers;
    pointers += ladder.arrays.size();
    if (exec_.device != Device::cpu || ladder.service == Service::highest || ladder.service == Service::lowest)
      continue;
    ladder.totals = totals++;
    if (ladder.sums >= 0) ladders_[ladder.sums].lags = static_cast<int>(&ladder - ladders_.data());
    const double terms = 0x1p50 / static_cast<double>(ladder.reach + 1);
    ladder.limit = ladder.service == Service::sum_sq    ? std::sqrt(terms)
                   : ladder.service == Service::lag_sum ? terms / static_cast<double>(capacity_)
                                                        : terms;
  }
  memory_ = Buffer<double>(static_cast<std::size_t>(arrays_ * capacity_), exec_.device);
  totals_ = Buffer<int64_t>(static_cast<std::size_t>(totals * capacity_));
  level_pointers_.resize(pointers);
  if (exec_.device != Device::cpu) device_pointers_ = Buffer<const double*>(pointers, exec_.device);
  begin();
}

/// The first row is the next.
void SourceRows::begin() {
  at_ = block_at_ = history_;
  for (Ladder& ladder : ladders_) {
    ladder.unfit_rows = 0;
    ladder.climbed = ladder.totals < 0;
  }
}

void SourceRows::make_room(int64_t count) {
  if (at_ + count <= capacity_) return;
  for (int index = 0; index < arrays_; ++index)
    copy_bytes(exec_.device, array(index), exec_.device, array(index) + at_ - history_, history_ * sizeof(double));
  const int64_t down = at_ - history_;
  at_ = history_;
  for (const Ladder& ladder : ladders_) {
    if (ladder.totals < 0 || ladder.lags >= 0 || ladder.unfit_rows > 0) continue;
    if (ladder.service == Service::lag_sum)
      add_totals(ladder, 1, history_ - 1);  // its rows are numbered anew
    else
      std::memcpy(totals(ladder.totals), totals(ladder.totals) + down, history_ * sizeof(int64_t));
  }
}

/// Of rows [from, from + count) of the buffer, from >= 1.
bool SourceRows::add_totals(const Ladder& ladder, int64_t from, int64_t count) {
  return services_.running(ladder.service, array(values_[ladder.value].array) + from, count, ladder.limit, from,
                           totals(ladder.totals) + from,
                           ladder.sums < 0 ? nullptr : totals(ladders_[ladder.sums].totals) + from);
}

/// Extends the totals by the block, or finds them unfit for it and for as long as one of its rows is in the history.
void SourceRows::choose_totals(Ladder& ladder, int64_t count) {
  if (ladder.unfit_rows < 0) {
    ladder.unfit_rows = 0;
    add_totals(ladder, at_ - history_ + 1, history_ - 1);
  }
  const bool fit = add_totals(ladder, at_, count);
  if (!fit)
    ladder.unfit_rows = history_;
  else if (ladder.unfit_rows > 0 && (ladder.unfit_rows -= count) <= 0)
    ladder.unfit_rows = -1;  // the next block may
}

void SourceRows::climb(Ladder& ladder, int64_t count) {
  // Where totals stood in until now the history's levels are missing; the first rows of a level read before the
  // history, but no window does.
  const int64_t missing = ladder.climbed ? 0 : history_, from = at_ - missing;
  ladder.climbed = true;
  if (ladder.service == Service::sum_sq)
    services_.squares(exec_, array(values_[ladder.value].array) + from, array(ladder.arrays[0]) + from,
                      count + missing);
  for (std::size_t level = 1; level < ladder.arrays.size(); ++level) {
    const int64_t gap = int64_t{1} << (level - 1), begin = missing ? std::min(from + 2 * gap - 1, at_) : at_;
    const double* below = array(ladder.arrays[level - 1]) + begin;
    double* to = array(ladder.arrays[level]) + begin;
    if (ladder.service == Service::lag_sum)
      services_.climb_lags(exec_, below, array(ladders_[ladder.sums].arrays[level - 1]) + begin, to, gap,
                           at_ + count - begin);
    else
      services_.climb(exec_, ladder.service, below, to, gap, at_ + count - begin);
  }
}

void SourceRows::append(const BarRows& bars, int64_t first, int64_t count) {
  make_room(count);
  block_at_ = at_;
  for (const Value& value : values_) {
    double* to = array(value.array) + at_;
    if (value.input.transform != Transform::none) {
      const double* raw[kMostRawColumns];
      for (int at = 0; at < kMostRawColumns; ++at) raw[at] = array(value.raw_arrays[at]) + at_;
      services_.transform(exec_, value.input.transform, raw, to, count);
      continue;
    }
    const double* from = bars.column[static_cast<int>(value.input.column)];
    expect(from != nullptr, "a bar column that an indicator reads was not given");
    copy_bytes(exec_.device, to, Device::cpu, from + first, count * sizeof(double));
    // The next block comes in while this one is worked on.
    const int64_t next = std::min(first + 2 * count, bars.rows);
    for (int64_t row = first + count; row < next; row += 8) __builtin_prefetch(from + row);
  }
  for (Ladder& ladder : ladders_) {
    if (ladder.totals < 0 || ladder.lags >= 0) continue;
    choose_totals(ladder, count);
    if (ladder.sums >= 0) ladders_[ladder.sums].unfit_rows = ladder.unfit_rows;
  }
  for (Ladder& ladder : ladders_) {
    if (ladder.totals >= 0 && ladder.unfit_rows == 0)
      ladder.climbed = false;
    else
      climb(ladder, count);
    for (std::size_t level = 0; level < ladder.arrays.size(); ++level)
      level_pointers_[ladder.pointers + level] = array(ladder.arrays[level]) + block_at_;
  }
  if (exec_.device != Device::cpu && !level_pointers_.empty())
    copy_bytes(exec_.device, device_pointers_.data(), Device::cpu, level_pointers_.data(),
               level_pointers_.size() * sizeof(const double*));
  at_ += count;
}

const double* const* SourceRows::level_pointers(int ladder) const {
  return (exec_.device == Device::cpu ? level_pointers_.data() : device_pointers_.data()) + ladders_[ladder].pointers;
}

InputView SourceRows::view(int input) const {
  const auto [value, index] = inputs_[input];
  InputView view;
  view.values = array(values_[value].array) + block_at_;
  if (index < 0) return view;
  const Ladder& ladder = ladders_[index];
  view.levels = level_pointers(index);
  const Ladder& sums = ladder.sums >= 0 ? ladders_[ladder.sums] : ladder;
  if (ladder.sums >= 0) {
    view.lag_levels = view.levels;
    view.levels = level_pointers(ladder.sums);
  }
  if (ladder.totals < 0 || ladder.unfit_rows != 0 || sums.unfit_rows != 0) return view;
  view.running = totals(sums.totals) + block_at_;
  if (ladder.sums >= 0) view.running_lag = totals(ladder.totals) + block_at_;
  view.unit = ladder.service == Service::sum_sq ? 0x1p-2 : 0x1p-3;
  view.first = block_at_;
  return view;
}

void SourceRows::reset() {
  memory_ = Buffer<double>(memory_.size(), exec_.device);
  totals_ = Buffer<int64_t>(totals_.size());
  begin();
}

std::vector<double> SourceRows::save() const {
  std::vector<double> saved;
  saved.reserve(words());
  for (const Value& value : values_)
    saved.insert(saved.end(), array(value.array) + at_ - history_, array(value.array) + at_);
  return saved;
}

bool SourceRows::load(const double* saved, std::size_t count) {
  if (count != words()) return false;
  reset();
  for (const Value& value : values_) {
    std::memcpy(array(value.array), saved, history_ * sizeof(double));
    saved += history_;
  }
  for (Ladder& ladder : ladders_) {
    ladder.climbed = false;
    if (ladder.lags >= 0) continue;
    ladder.unfit_rows = ladder.totals >= 0 && add_totals(ladder, 1, history_ - 1) ? 0 : history_;
    if (ladder.sums >= 0) ladders_[ladder.sums].unfit_rows = ladder.unfit_rows;
  }
  return true;
}

}  // namespace tf::series
