// What the leveled forward pass is called with: plain pointers, all of one device. network.cpp fills it in and picks
// the level.
#pragma once
#include <cstdint>

#include "cuda/base/device.hpp"
#include "cuda/network/network.hpp"

namespace tf::network {

struct Forward {
  const Dense* layers;
  int32_t layer_count, inputs;
  int32_t max_width;  ///< of the inputs and every layer
  Task task;
  const double* input_mean;
  const double* input_scale;
  double target_mean, target_scale;
  const float* weights;
  const double* x;   ///< [row][input]
  int64_t x_stride;  ///< doubles from one row to the next
  int64_t rows;
  double* out;
  float*
      scratch;  ///< scratch_floats() of the level; what a layer reads and writes, so that no thread needs local memory
};

/// Rows that go through a layer together on the CPU.
inline constexpr int64_t kTileRows = 32;

void forward_v3(const Exec& exec, const Forward& job);
void forward_v4(const Exec& exec, const Forward& job);
void forward_cuda(const Exec& exec, const Forward& job);

}  // namespace tf::network
