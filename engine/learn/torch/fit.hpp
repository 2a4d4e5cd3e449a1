// One fit: eager autograd over mini-batches. The reference trainer; all randomness is Philox, LibTorch's own is never
// used.
#pragma once
#include <ATen/core/Tensor.h>

#include <vector>

#include "engine/learn/torch/adamw.hpp"
#include "engine/learn/torch/module.hpp"
#include "engine/learn/torch/rows.hpp"

namespace tf::learn {

/// A tensor over the panel's own memory, strides included.
at::Tensor tensor_over(Panel<const double> panel);

/// Rows of the panel, standardised in double and rounded to float, as one block.
class Gather {
 public:
  Gather(Panel<const double> panel, const network::Fitted& scaling, int64_t most_rows);
  /// [rows][feature]; valid until the next call.
  at::Tensor rows(const int32_t* indices, int64_t count);

 private:
  at::Tensor panel_, picked_;
  const network::Fitted& scaling_;
  int64_t inputs_;
  Buffer<double> picked_memory_;
  Buffer<float> block_;
};

class Fit {
 public:
  Fit(const network::Network& network, const TrainSpec& spec, const TrainInput& input, uint64_t seed);
  /// Fills in the report; the weights kept are the best of the epochs.
  network::Fitted run(FitReport& report);

 private:
  /// Permutes the training rows for an epoch.
  void shuffle(int epoch);
  /// Mean training loss of the epoch; NaN when it broke, with the reason in the report.
  double train_epoch(int epoch, FitReport& report);
  double train_step(int64_t first, int64_t count, int64_t step, double weight_sum);
  void draw_masks(int64_t rows, int64_t step);
  double validate();

  const TrainSpec& spec_;
  const TrainInput& input_;
  const uint64_t seed_;
  Loss loss_;
  network::Fitted fitted_;
  Module module_;
  AdamW optimiser_;
  Gather gather_;
  Targets train_, valid_;
  std::vector<int32_t> order_, rows_;  ///< places in train_rows, and the rows there, in this epoch's order
  Buffer<float> batch_y_, batch_weight_;
  std::vector<Buffer<float>> mask_memory_;  ///< a layer; empty where it drops nothing
  std::vector<at::Tensor> masks_;
};

}  // namespace tf::learn
