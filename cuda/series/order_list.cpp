#include "cuda/series/order_list.hpp"

#include <algorithm>

namespace tf::series {

void SortedBlocks::clear() {
  store_.clear();
  last_.clear();
  size_.clear();
  slot_.clear();
  free_.clear();
}

void SortedBlocks::assign(std::vector<double>& values) {
  clear();
  std::sort(values.begin(), values.end());
  // Filled to three quarters: room to grow before the first splits.
  constexpr int64_t kFill = kBlock * 3 / 4;
  const auto count = static_cast<int64_t>(values.size());
  for (int64_t from = 0; from < count; from += kFill) {
    const int64_t size = std::min(kFill, count - from);
    slot_.push_back(static_cast<int32_t>(slot_.size()));
    size_.push_back(static_cast<int32_t>(size));
    last_.push_back(values[from + size - 1]);
    store_.resize(store_.size() + kBlock);
    std::copy_n(values.begin() + from, size, store_.end() - kBlock);
  }
}

int64_t SortedBlocks::block_of(double value) const {
  return std::lower_bound(last_.begin(), last_.end(), value) - last_.begin();
}

void SortedBlocks::add(double value) {
  if (last_.empty()) {
    slot_.push_back(0);
    size_.push_back(0);
    last_.push_back(value);
    store_.assign(kBlock, 0);
  }
  int64_t block = std::min<int64_t>(block_of(value), static_cast<int64_t>(last_.size()) - 1);
  if (size_[block] == kBlock) {
    split(block);
    block = std::min<int64_t>(block_of(value), static_cast<int64_t>(last_.size()) - 1);
  }
  double* const first = store_.data() + int64_t{slot_[block]} * kBlock;
  double* const end = first + size_[block]++;
  double* const place = std::upper_bound(first, end, value);
  std::copy_backward(place, end, end + 1);
  *place = value;
  last_[block] = *end;
}

void SortedBlocks::split(int64_t block) {
  if (free_.empty()) {
    free_.push_back(static_cast<int32_t>(store_.size() / kBlock));
    store_.resize(store_.size() + kBlock);
  }
  const int32_t slot = free_.back();
  free_.pop_back();
  const double* const first = store_.data() + int64_t{slot_[block]} * kBlock;
  std::copy(first + kBlock / 2, first + kBlock, store_.data() + int64_t{slot} * kBlock);
  slot_.insert(slot_.begin() + block + 1, slot);
  size_.insert(size_.begin() + block + 1, kBlock / 2);
  last_.insert(last_.begin() + block + 1, last_[block]);
  size_[block] = kBlock / 2;
  last_[block] = first[kBlock / 2 - 1];
}

void SortedBlocks::take_out(double value) {
  const int64_t block = block_of(value);
  double* const first = store_.data() + int64_t{slot_[block]} * kBlock;
  double* const end = first + size_[block];
  double* const place = std::lower_bound(first, end, value);
  std::copy(place + 1, end, place);
  if (--size_[block] > 0) {
    last_[block] = *(end - 2);
    return;
  }
  free_.push_back(slot_[block]);
  slot_.erase(slot_.begin() + block);
  size_.erase(size_.begin() + block);
  last_.erase(last_.begin() + block);
}

double SortedBlocks::at(int64_t place) const {
  int64_t block = 0;
  for (; place >= size_[block]; ++block) place -= size_[block];
  return store_[int64_t{slot_[block]} * kBlock + place];
}

int64_t SortedBlocks::below(double value) const {
  const int64_t block = block_of(value);
  int64_t sum = 0;
  for (int64_t before = 0; before < block; ++before) sum += size_[before];
  if (block == static_cast<int64_t>(last_.size())) return sum;
  const double* const first = store_.data() + int64_t{slot_[block]} * kBlock;
  return sum + (std::lower_bound(first, first + size_[block], value) - first);
}

int64_t SortedBlocks::not_above(double value) const {
  const int64_t block = std::upper_bound(last_.begin(), last_.end(), value) - last_.begin();
  int64_t sum = 0;
  for (int64_t before = 0; before < block; ++before) sum += size_[before];
  if (block == static_cast<int64_t>(last_.size())) return sum;
  const double* const first = store_.data() + int64_t{slot_[block]} * kBlock;
  return sum + (std::upper_bound(first, first + size_[block], value) - first);
}

}  // namespace tf::series
