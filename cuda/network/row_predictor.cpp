#include <algorithm>

#include "cuda/base/error.hpp"
#include "cuda/network/row_layout.hpp"

namespace tf::network {

RowPredictor::RowPredictor(const Exec& exec, const Fitted& model) : layout_(std::make_unique<RowLayout>()) {
  const Network& network = model.network;
  expect(!network.layers.empty() && network.layers.back().width == 1, "a network ends in one output");
  expect(static_cast<int64_t>(model.weights.size()) == network.weight_count(), "as many weights as the network has");
  RowLayout& layout = *layout_;
  layout.model = model;
  layout.run = exec.level == CpuLevel::v4 ? run_row_v4 : run_row_v3;

  int64_t floats = 0;
  int32_t inputs = network.inputs, widest = padded(network.inputs);
  for (const Dense& layer : network.layers) {
    floats += int64_t{padded(layer.width)} * (inputs + 1);
    widest = std::max(widest, padded(layer.width));
    inputs = layer.width;
  }
  layout.weights = Buffer<float>(static_cast<std::size_t>(floats));
  layout.first = Buffer<float>(static_cast<std::size_t>(widest));
  layout.second = Buffer<float>(static_cast<std::size_t>(widest));

  const float* from = model.weights.data();
  float* to = layout.weights.data();
  inputs = network.inputs;
  for (const Dense& layer : network.layers) {
    const int64_t stride = padded(layer.width), count = int64_t{layer.width} * inputs;
    for (int32_t unit = 0; unit < layer.width; ++unit) {
      to[unit] = from[count + unit];
      for (int32_t input = 0; input < inputs; ++input)
        to[stride * (input + 1) + unit] = from[int64_t{unit} * inputs + input];
    }
    from += count + layer.width;
    to += stride * (inputs + 1);
    inputs = layer.width;
  }
  const Fitted& kept = layout.model;
  layout.job = {kept.network.layers.data(), static_cast<int32_t>(kept.network.layers.size()),
                kept.network.inputs,        kept.network.task,
                kept.input_mean.data(),     kept.input_scale.data(),
                kept.target_mean,           kept.target_scale,
                layout.weights.data(),      layout.first.data(),
                layout.second.data()};
}

RowPredictor::~RowPredictor() = default;
RowPredictor::RowPredictor(RowPredictor&&) noexcept = default;
RowPredictor& RowPredictor::operator=(RowPredictor&&) noexcept = default;

double RowPredictor::operator()(std::span<const double> row) {
  expect(static_cast<int32_t>(row.size()) == layout_->model.network.inputs, "as many values as the network has inputs");
  return layout_->run(layout_->job, row.data());
}

}  // namespace tf::network
