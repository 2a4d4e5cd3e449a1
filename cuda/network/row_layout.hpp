// A model laid out for one row at a time: weights turned to [input][unit], units padded to whole registers.
#pragma once
#include "cuda/base/buffer.hpp"
#include "cuda/base/host_device.hpp"
#include "cuda/network/network.hpp"

namespace tf::network {

inline constexpr int32_t kUnitPad = 16;  ///< floats of the widest register
TF_HD int32_t padded(int32_t width) { return (width + kUnitPad - 1) / kUnitPad * kUnitPad; }

/// Plain pointers: what the leveled code may touch without leaving functions of its level in headers.
struct RowJob {
  const Dense* layers;
  int32_t layer_count, inputs;
  Task task;
  const double* input_mean;
  const double* input_scale;
  double target_mean, target_scale;
  const float* weights;  ///< a layer: padded(width) biases, then [input][padded(width)]
  float* first;          ///< what layers read and write
  float* second;
};

struct RowLayout {
  Fitted model;  ///< shape and scaling; its weights lie in `weights`
  Buffer<float> weights, first, second;
  RowJob job;
  double (*run)(const RowJob& job, const double* row);
};

double run_row_v3(const RowJob& job, const double* row);
double run_row_v4(const RowJob& job, const double* row);

}  // namespace tf::network
