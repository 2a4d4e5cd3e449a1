#include "cuda/series/source_rows.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "cuda/base/error.hpp"

namespace tf::series {

SourceRows::SourceRows(const Exec& exec, int64_t block_rows)
    : exec_(exec), services_(services(exec)), block_rows_(block_rows) {}

int SourceRows::value_of(BarColumn column, Transform transform) {
  for (std::size_t index = 0; index < values_.size(); ++index)
    if (values_[index].column == column && values_[index].transform == transform) return static_cast<int>(index);
  int raw_array = -1;
  if (transform != Transform::none) raw_array = values_[value_of(column, Transform::none)].array;
  values_.push_back({column, transform, arrays_++, raw_array});
  return static_cast<int>(values_.size()) - 1;
}

int SourceRows::add(const Input& input, int64_t reach) {
  history_ = std::max(history_, reach + 1);
  const int value = value_of(input.column, input.transform);
  int ladder = -1;
  if (input.service != Service::value) {
    for (std::size_t index = 0; index < ladders_.size(); ++index)
      if (ladders_[index].value == value && ladders_[index].service == input.service) ladder = static_cast<int>(index);
    if (ladder < 0) {
      ladder = static_cast<int>(ladders_.size());
      ladders_.push_back({value, input.service, 0, {}, 0});
    }
    ladders_[ladder].reach = std::max(ladders_[ladder].reach, reach);
  }
  const std::pair<int, int> wanted{value, ladder};
  const auto known = std::find(inputs_.begin(), inputs_.end(), wanted);
  if (known != inputs_.end()) return static_cast<int>(known - inputs_.begin());
  inputs_.push_back(wanted);
  return static_cast<int>(inputs_.size()) - 1;
}

void SourceRows::start() {
  std::size_t pointers = 0;
  for (Ladder& ladder : ladders_) {
    ladder.arrays = {ladder.service == Service::sum_sq ? arrays_++ : values_[ladder.value].array};
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
    if (value.transform == Transform::log_return) {
      services_.log_returns(exec_, array(value.raw_array) + at_, to, count);
      continue;
    }
    const double* from = bars.column[static_cast<int>(value.column)];
    expect(from != nullptr, "a bar column that an indicator reads was not given");
    copy_bytes(exec_.device, to, Device::cpu, from + first, count * sizeof(double));
  }
  for (const Ladder& ladder : ladders_) {
    if (ladder.service == Service::sum_sq)
      services_.squares(exec_, array(values_[ladder.value].array) + at_, array(ladder.arrays[0]) + at_, count);
    for (std::size_t level = 1; level < ladder.arrays.size(); ++level)
      services_.climb(exec_, ladder.service, array(ladder.arrays[level - 1]) + at_, array(ladder.arrays[level]) + at_,
                      int64_t{1} << (level - 1), count);
    for (std::size_t level = 0; level < ladder.arrays.size(); ++level)
      level_pointers_[ladder.pointers + level] = array(ladder.arrays[level]) + block_at_;
  }
  if (exec_.device != Device::cpu && !level_pointers_.empty())
    copy_bytes(exec_.device, device_pointers_.data(), Device::cpu, level_pointers_.data(),
               level_pointers_.size() * sizeof(const double*));
  at_ += count;
}

InputView SourceRows::view(int input) const {
  const auto [value, ladder] = inputs_[input];
  InputView view;
  view.values = array(values_[value].array) + block_at_;
  if (ladder >= 0)
    view.levels =
        (exec_.device == Device::cpu ? level_pointers_.data() : device_pointers_.data()) + ladders_[ladder].pointers;
  return view;
}

void SourceRows::reset() {
  memory_ = Buffer<double>(memory_.size(), exec_.device);
  at_ = block_at_ = history_;
}

std::vector<double> SourceRows::save() const {
  std::vector<double> words;
  words.reserve(static_cast<std::size_t>(arrays_ * history_));
  for (int index = 0; index < arrays_; ++index)
    words.insert(words.end(), array(index) + at_ - history_, array(index) + at_);
  return words;
}

bool SourceRows::load(const double* words, std::size_t count) {
  if (count != static_cast<std::size_t>(arrays_ * history_)) return false;
  reset();
  for (int index = 0; index < arrays_; ++index)
    std::memcpy(array(index), words + index * history_, history_ * sizeof(double));
  return true;
}

}  // namespace tf::series
