// Views: memory owned elsewhere. A Panel is [time][lane], lane fastest; features, signals and equity curves are Panels.
#pragma once
#include <cstdint>
#include <span>

#include "cuda/base/host_device.hpp"

namespace tf {

template <class T>
struct Panel {
  T* data = nullptr;
  int64_t rows = 0;    ///< time
  int64_t lanes = 0;   ///< columns in use
  int64_t stride = 0;  ///< elements from one row to the next, >= lanes

  TF_HD T& operator()(int64_t row, int64_t lane) const { return data[row * stride + lane]; }
  TF_HD T* row(int64_t at) const { return data + at * stride; }
  Panel part(int64_t first, int64_t count) const { return {data + first * stride, count, lanes, stride}; }
  operator Panel<const T>() const { return {data, rows, lanes, stride}; }
};

template <class T>
using Span = std::span<T>;

}  // namespace tf
