#include "engine/learn/torch/module.hpp"

#include <ATen/ops/from_blob.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/tanh.h>

#include <cmath>

#include "cuda/base/philox.hpp"

namespace tf::learn {

at::Tensor tensor_over(float* memory, at::IntArrayRef shape) {
  return at::from_blob(memory, shape, at::TensorOptions().dtype(at::kFloat));
}

Module::Module(const network::Network& network)
    : network_(network),
      weights_(static_cast<std::size_t>(network.weight_count())),
      gradients_(weights_.size()),
      decays_(weights_.size()) {
  int64_t at = 0, inputs = network.inputs;
  // A gradient that is there already is added to in place: autograd writes straight into our block.
  const auto leaf = [&](at::IntArrayRef shape) {
    at::Tensor tensor = tensor_over(weights_.data() + at, shape);
    tensor.set_requires_grad(true);
    tensor.mutable_grad() = tensor_over(gradients_.data() + at, shape);
    at += tensor.numel();
    return tensor;
  };
  for (const network::Dense& layer : network.layers) {
    for (int64_t weight = 0; weight < layer.width * inputs; ++weight)
      decays_[static_cast<std::size_t>(at + weight)] = 1;
    matrices_.push_back(leaf({layer.width, inputs}));
    biases_.push_back(leaf({layer.width}));
    inputs = layer.width;
  }
}

void Module::start(uint64_t seed) {
  int64_t at = 0, inputs = network_.inputs;
  for (std::size_t index = 0; index < network_.layers.size(); ++index) {
    const network::Dense& layer = network_.layers[index];
    const bool relu = layer.activation == network::Activation::relu;
    const double bound = std::sqrt(6.0 / static_cast<double>(relu ? inputs : inputs + layer.width));
    const RandomStream stream{seed, Purpose::init_weights, static_cast<uint32_t>(index)};
    const int64_t count = layer.width * inputs;
    for (int64_t weight = 0; weight < count; ++weight)
      weights_[static_cast<std::size_t>(at + weight)] =
          static_cast<float>(bound * (2 * stream.uniform(static_cast<uint64_t>(weight)) - 1));
    for (int64_t bias = 0; bias < layer.width; ++bias) weights_[static_cast<std::size_t>(at + count + bias)] = 0;
    at += count + layer.width;
    inputs = layer.width;
  }
}

at::Tensor Module::forward(const at::Tensor& x, const std::vector<at::Tensor>& masks) const {
  at::Tensor value = x;
  for (std::size_t index = 0; index < network_.layers.size(); ++index) {
    value = at::linear(value, matrices_[index], biases_[index]);
    if (network_.layers[index].activation == network::Activation::relu) value = at::relu(value);
    if (network_.layers[index].activation == network::Activation::tanh) value = at::tanh(value);
    if (index < masks.size() && masks[index].defined()) value = at::mul(value, masks[index]);
  }
  return value.view({x.size(0)});
}

}  // namespace tf::learn
