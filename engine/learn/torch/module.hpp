// A network as LibTorch sees it: leaf tensors laid over one flat block of weights and one of gradients, which the
// optimiser and the checkpoint read as plain numbers.
#pragma once
#include <ATen/core/Tensor.h>

#include <vector>

#include "cuda/base/buffer.hpp"
#include "cuda/network/network.hpp"

namespace tf::learn {

/// A tensor over memory that stays its owner's.
at::Tensor tensor_over(float* memory, at::IntArrayRef shape);

class Module {
 public:
  explicit Module(const network::Network& network);

  /// Weights uniform in +-sqrt(6 / inputs) before a ReLU (He et al. 2015), +-sqrt(6 / (inputs + width)) else (Glorot &
  /// Bengio 2010); biases 0. Draws: Philox, lane = layer, step = position in the layer's matrix.
  void start(uint64_t seed);

  /// Raw outputs [row]; `masks` has one factor tensor a layer, undefined where the layer drops nothing; empty = no
  /// dropout.
  at::Tensor forward(const at::Tensor& x, const std::vector<at::Tensor>& masks) const;

  std::span<float> weights() { return weights_.span(); }
  std::span<float> gradients() { return gradients_.span(); }
  /// 1 for weights, 0 for biases: what decays.
  std::span<const float> decays() const { return decays_.span(); }

 private:
  network::Network network_;
  Buffer<float> weights_, gradients_, decays_;
  std::vector<at::Tensor> matrices_, biases_;
};

}  // namespace tf::learn
