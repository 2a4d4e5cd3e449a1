#include "engine/learn/torch/fit.hpp"

#include <ATen/core/Reduction.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/dot.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/huber_loss.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/mse_loss.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "cuda/base/error.hpp"
#include "cuda/base/philox.hpp"

namespace tf::learn {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr int64_t kValidRows = 4096;  // validated at a time

bool same_network(const network::Network& a, const network::Network& b) {
  return a.inputs == b.inputs && a.task == b.task &&
         std::equal(a.layers.begin(), a.layers.end(), b.layers.begin(), b.layers.end(),
                    [](const auto& x, const auto& y) { return x.width == y.width && x.activation == y.activation; });
}

network::Fitted start_of(const network::Network& network, const TrainInput& input) {
  if (!input.warm_start) return scaled_start(network, input);
  if (!same_network(network, input.warm_start->network))
    throw Error(ErrorKind::config,
                "warm start: the earlier model has another network (inputs, widths, activations or task)");
  network::Fitted start = *input.warm_start;
  start.network = network;
  return start;
}

bool all_finite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

}  // namespace

at::Tensor tensor_over(Panel<const double> panel) {
  at::Tensor tensor = at::from_blob(const_cast<double*>(panel.data), {panel.rows, panel.lanes}, {panel.stride, 1},
                                    at::TensorOptions().dtype(at::kDouble));
  expect(tensor.const_data_ptr() == panel.data, "LibTorch reads the panel's own memory");
  return tensor;
}

Gather::Gather(Panel<const double> panel, const network::Fitted& scaling, int64_t most_rows)
    : panel_(tensor_over(panel)),
      scaling_(scaling),
      inputs_(panel.lanes),
      picked_memory_(static_cast<std::size_t>(most_rows * inputs_)),
      block_(static_cast<std::size_t>(most_rows * inputs_)) {
  picked_ = at::from_blob(picked_memory_.data(), {most_rows, inputs_}, at::TensorOptions().dtype(at::kDouble));
}

at::Tensor Gather::rows(const int32_t* indices, int64_t count) {
  const at::Tensor index = at::from_blob(const_cast<int32_t*>(indices), {count}, at::TensorOptions().dtype(at::kInt));
  at::Tensor picked = picked_.narrow(0, 0, count);
  at::index_select_out(picked, panel_, 0, index);
  const double *mean = scaling_.input_mean.data(), *scale = scaling_.input_scale.data();
  for (int64_t row = 0; row < count; ++row) {
    const double* from = picked_memory_.data() + row * inputs_;
    float* to = block_.data() + row * inputs_;
    for (int64_t lane = 0; lane < inputs_; ++lane)
      to[lane] = static_cast<float>((from[lane] - mean[lane]) * scale[lane]);
  }
  return tensor_over(block_.data(), {count, inputs_});
}

Fit::Fit(const network::Network& network, const TrainSpec& spec, const TrainInput& input, uint64_t seed)
    : spec_(spec),
      input_(input),
      seed_(seed),
      loss_(pick_loss(spec.loss, network.task)),
      fitted_(start_of(network, input)),
      module_(network),
      optimiser_(module_.weights().size(), spec.learning_rate, spec.weight_decay),
      gather_(input.x, fitted_, std::max<int64_t>(spec.batch, kValidRows)),
      train_(scaled_targets(input, input.train_rows, fitted_)),
      valid_(scaled_targets(input, input.valid_rows, fitted_)),
      order_(input.train_rows.size()),
      rows_(input.train_rows.size()),
      batch_y_(static_cast<std::size_t>(spec.batch)),
      batch_weight_(static_cast<std::size_t>(spec.batch)),
      mask_memory_(network.layers.size()),
      masks_(network.layers.size()) {
  for (std::size_t layer = 0; layer < network.layers.size(); ++layer)
    if (network.layers[layer].dropout > 0)
      mask_memory_[layer] =
          Buffer<float>(static_cast<std::size_t>(spec.batch) * static_cast<std::size_t>(network.layers[layer].width));
  if (input.warm_start)
    std::copy(fitted_.weights.begin(), fitted_.weights.end(), module_.weights().begin());
  else
    module_.start(seed);
}

void Fit::shuffle(int epoch) {
  // Fisher-Yates from the ascending order, so that an epoch's order depends on nothing but seed and epoch.
  std::iota(order_.begin(), order_.end(), 0);
  const RandomStream stream{seed_, Purpose::shuffle_rows, static_cast<uint32_t>(epoch)};
  for (std::size_t left = order_.size(); left > 1; --left)
    std::swap(order_[left - 1], order_[stream.below(left, static_cast<uint32_t>(left))]);
  for (std::size_t place = 0; place < order_.size(); ++place)
    rows_[place] = input_.train_rows[static_cast<std::size_t>(order_[place])];
}

void Fit::draw_masks(int64_t rows, int64_t step) {
  for (std::size_t index = 0; index < masks_.size(); ++index) {
    if (mask_memory_[index].size() == 0) continue;
    const network::Dense& layer = fitted_.network.layers[index];
    // One 32-bit draw an output; counter = step and position, so no batch size or width of a register enters.
    const RandomStream stream{seed_, Purpose::dropout, static_cast<uint32_t>(index)};
    const auto dropped_below = static_cast<uint32_t>(layer.dropout * 4294967296.0);
    const auto factor = static_cast<float>(1 / (1 - layer.dropout));
    const int64_t count = rows * layer.width;
    float* mask = mask_memory_[index].data();
    for (int64_t at = 0; at < count; at += 4) {
      const Words4 draws = stream.words(static_cast<uint64_t>(step) << 32 | static_cast<uint64_t>(at / 4));
      for (int64_t word = 0; word < 4 && at + word < count; ++word)
        mask[at + word] = draws.w[word] < dropped_below ? 0.0f : factor;
    }
    masks_[index] = tensor_over(mask, {rows, layer.width});
  }
}

double Fit::train_step(int64_t first, int64_t count, int64_t step, double weight_sum) {
  for (int64_t row = 0; row < count; ++row) {
    const auto place = static_cast<std::size_t>(order_[static_cast<std::size_t>(first + row)]);
    batch_y_[static_cast<std::size_t>(row)] = train_.y[place];
    batch_weight_[static_cast<std::size_t>(row)] =
        static_cast<float>(static_cast<double>(train_.weight[place]) / weight_sum);
  }
  draw_masks(count, step);
  const at::Tensor x = gather_.rows(rows_.data() + first, count);
  const at::Tensor y = tensor_over(batch_y_.data(), {count}), weight = tensor_over(batch_weight_.data(), {count});

  const at::Tensor raw = module_.forward(x, masks_);
  at::Tensor loss;
  switch (loss_) {
    case Loss::mse:
      loss = at::dot(at::mse_loss(raw, y, at::Reduction::None), weight);
      break;
    case Loss::huber:
      loss = at::dot(at::huber_loss(raw, y, at::Reduction::None, 1.0), weight);
      break;
    case Loss::bce:
      loss = at::binary_cross_entropy_with_logits(raw, y, weight, {}, at::Reduction::Sum);
      break;
  }
  const std::span<float> gradients = module_.gradients();
  std::fill(gradients.begin(), gradients.end(), 0.0f);
  loss.backward();

  const double length = norm(gradients), value = static_cast<double>(*loss.const_data_ptr<float>());
  if (!std::isfinite(length) || !std::isfinite(value)) return kNan;
  const bool clipped = spec_.gradient_clip > 0 && length > spec_.gradient_clip;
  optimiser_.step(module_.weights(), gradients, module_.decays(),
                  clipped ? static_cast<float>(spec_.gradient_clip / length) : 1.0f);
  return value;
}

double Fit::train_epoch(int epoch, FitReport& report) {
  shuffle(epoch);
  double sum = 0, total = 0;
  const auto count = static_cast<int64_t>(order_.size());
  for (int64_t first = 0; first < count; first += spec_.batch) {
    const int64_t rows = std::min<int64_t>(spec_.batch, count - first);
    double weight_sum = 0;
    for (int64_t row = first; row < first + rows; ++row)
      weight_sum += static_cast<double>(train_.weight[static_cast<std::size_t>(order_[static_cast<std::size_t>(row)])]);
    if (!(weight_sum > 0)) continue;  // nothing in this batch counts
    const double loss = train_step(first, rows, report.steps, weight_sum);
    ++report.steps;
    if (!std::isfinite(loss)) {
      report.failure = "NaN or Inf in the loss or its gradient in epoch " + std::to_string(epoch) + ", step " +
                       std::to_string(report.steps);
      return kNan;
    }
    sum += loss * weight_sum;
    total += weight_sum;
  }
  if (!all_finite(module_.weights())) {
    report.failure = "NaN or Inf in the weights after epoch " + std::to_string(epoch);
    return kNan;
  }
  return sum / total;
}

double Fit::validate() {
  if (input_.valid_rows.empty()) return kNan;
  const at::NoGradGuard no_grad;
  std::vector<float> raw(input_.valid_rows.size());
  const auto count = static_cast<int64_t>(raw.size());
  for (int64_t first = 0; first < count; first += kValidRows) {
    const int64_t rows = std::min(kValidRows, count - first);
    const at::Tensor part = module_.forward(gather_.rows(input_.valid_rows.data() + first, rows), {});
    std::copy_n(part.const_data_ptr<float>(), rows, raw.begin() + first);
  }
  return mean_loss(loss_, raw, valid_);
}

network::Fitted Fit::run(FitReport& report) {
  const bool validates = !input_.valid_rows.empty();
  const auto keep = [&](int epoch, double train_loss, double valid_loss) {
    fitted_.weights.assign(module_.weights().begin(), module_.weights().end());
    report.best_epoch = epoch;
    report.train_loss = train_loss;
    report.valid_loss = valid_loss;
  };
  keep(0, kNan, input_.warm_start ? validate() : kNan);
  for (int epoch = 1; epoch <= spec_.epochs; ++epoch) {
    const double train_loss = train_epoch(epoch, report);
    report.epochs = epoch;
    if (!report.failure.empty()) return fitted_;
    const double valid_loss = validate();
    if (validates && !std::isfinite(valid_loss)) {
      report.failure = "NaN or Inf in the validation loss of epoch " + std::to_string(epoch);
      return fitted_;
    }
    if (!validates || !(valid_loss >= report.valid_loss))
      keep(epoch, train_loss, valid_loss);
    else if (spec_.patience > 0 && epoch - report.best_epoch >= spec_.patience)
      break;
  }
  return fitted_;
}

}  // namespace tf::learn
