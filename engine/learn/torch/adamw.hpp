// AdamW (Loshchilov & Hutter 2019) over one flat block. Written out instead of called, because its order is then ours
// and does not change with LibTorch or its CPU kernels.
#pragma once
#include <cstddef>
#include <span>

#include "cuda/base/buffer.hpp"

namespace tf::learn {

class AdamW {
 public:
  AdamW(std::size_t count, double rate, double decay) : rate_(rate), decay_(decay), mean_(count), square_(count) {}

  /// One step: decay where `decays` is 1, then the step along the gradient times `scale` (of gradient clipping).
  void step(std::span<float> weights, std::span<const float> gradients, std::span<const float> decays, float scale);

 private:
  double rate_, decay_;
  double power1_ = 1, power2_ = 1;  ///< beta1^t, beta2^t
  Buffer<float> mean_, square_;
};

/// Euclidean norm in double, ascending.
double norm(std::span<const float> values);

}  // namespace tf::learn
