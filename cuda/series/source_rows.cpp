#include "cuda/series/source_rows.hpp"

#include <algorithm>
#include <bit>
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
  if (index == ladders_.size()) ladders_.push_back({value, service, 0, sums, {}, 0});
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
  std::size_t pointers = 0;
  for (Ladder& ladder : ladders_) {
    // The lowest level of lag sums is a row's own value times 0: an array that stays zero.
    const bool own = ladder.service == Service::sum_sq || ladder.service == Service::lag_sum;
    ladder.arrays = {own ? arrays_++ : values_[ladder.value].array};
    const int levels = std::bit_width(static_cast<uint64_t>(ladder.reach + 1));
    while (static_cast<int>(ladder.arrays.size()) < levels) ladder.arrays.push_back(arrays_++);
    ladder.pointers = pointers;
    pointers += ladder.arrays.size();
  }
  history_ = (history_ + 7) / 8 * 8;
  capacity_ = 2 * history_ + block_rows_;  // the tail moves down without overlap, at most once in history_ rows
  memory_ = Buffer<double>(static_cast<std::size_t>(arrays_ * capacity_), exec_.device);
  level_pointers_.resize(pointers);
  if (exec_.device != Device::cpu) device_pointers_ = Buffer<const double*>(pointers, exec_.device);
  at_ = block_at_ = history_;
}

void SourceRows::make_room(int64_t count) {
  if (at_ + count <= capacity_) return;
  for (int index = 0; index < arrays_; ++index)
    copy_bytes(exec_.device, array(index), exec_.device, array(index) + at_ - history_, history_ * sizeof(double));
  at_ = history_;
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
  }
  for (const Ladder& ladder : ladders_) {
    if (ladder.service == Service::sum_sq)
      services_.squares(exec_, array(values_[ladder.value].array) + at_, array(ladder.arrays[0]) + at_, count);
    for (std::size_t level = 1; level < ladder.arrays.size(); ++level) {
      const double* from = array(ladder.arrays[level - 1]) + at_;
      double* to = array(ladder.arrays[level]) + at_;
      const int64_t gap = int64_t{1} << (level - 1);
      if (ladder.service == Service::lag_sum)
        services_.climb_lags(exec_, from, array(ladders_[ladder.sums].arrays[level - 1]) + at_, to, gap, count);
      else
        services_.climb(exec_, ladder.service, from, to, gap, count);
    }
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
  const auto [value, ladder] = inputs_[input];
  InputView view;
  view.values = array(values_[value].array) + block_at_;
  if (ladder >= 0) view.levels = level_pointers(ladder);
  if (ladder >= 0 && ladders_[ladder].sums >= 0) {
    view.lag_levels = view.levels;
    view.levels = level_pointers(ladders_[ladder].sums);
  }
  return view;
}

void SourceRows::reset() {
  memory_ = Buffer<double>(memory_.size(), exec_.device);
  at_ = block_at_ = history_;
}

std::vector<double> SourceRows::save() const {
  std::vector<double> saved;
  saved.reserve(words());
  for (int index = 0; index < arrays_; ++index)
    saved.insert(saved.end(), array(index) + at_ - history_, array(index) + at_);
  return saved;
}

bool SourceRows::load(const double* saved, std::size_t count) {
  if (count != words()) return false;
  reset();
  for (int index = 0; index < arrays_; ++index)
    std::memcpy(array(index), saved + index * history_, history_ * sizeof(double));
  return true;
}

}  // namespace tf::series
