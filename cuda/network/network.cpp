#include "cuda/network/network.hpp"

#include <algorithm>

#include "cuda/base/buffer.hpp"
#include "cuda/base/error.hpp"
#include "cuda/network/forward.hpp"

namespace tf::network {
namespace {

int32_t max_width(const Network& network) {
  int32_t width = network.inputs;
  for (const Dense& layer : network.layers) width = std::max(width, layer.width);
  return width;
}

Forward host_job(const Fitted& model, Panel<const double> rows, double* out) {
  const Network& network = model.network;
  const auto inputs = static_cast<std::size_t>(network.inputs);
  expect(!network.layers.empty() && network.layers.back().width == 1, "a network ends in one output");
  expect(model.input_mean.size() == inputs && model.input_scale.size() == inputs, "one mean and scale an input");
  expect(static_cast<int64_t>(model.weights.size()) == network.weight_count(), "as many weights as the network has");
  expect(rows.lanes == network.inputs, "as many columns as the network has inputs");
  return {network.layers.data(),
          static_cast<int32_t>(network.layers.size()),
          network.inputs,
          max_width(network),
          network.task,
          model.input_mean.data(),
          model.input_scale.data(),
          model.target_mean,
          model.target_scale,
          model.weights.data(),
          rows.data,
          rows.stride,
          rows.rows,
          out,
          nullptr};
}

void forward_cpu(const Exec& exec, const Forward& job) {
  if (exec.level == CpuLevel::v4)
    forward_v4(exec, job);
  else
    forward_v3(exec, job);
}

#if defined(TF_WITH_CUDA)
template <class T>
Buffer<T> upload(const T* from, int64_t count) {
  Buffer<T> buffer(static_cast<std::size_t>(count), Device::cuda);
  if (count) copy_bytes(Device::cuda, buffer.data(), Device::cpu, from, static_cast<std::size_t>(count) * sizeof(T));
  return buffer;
}

void predict_on_gpu(const Exec& exec, const Fitted& model, const Forward& host) {
  constexpr int64_t kPartRows = 1 << 16;  // bounds the scratch: 2 * 64 widths * 64 Ki rows = 32 MiB
  const int64_t part = std::min(host.rows, kPartRows);
  const auto layers = upload(host.layers, host.layer_count);
  const auto mean = upload(host.input_mean, host.inputs), scale = upload(host.input_scale, host.inputs);
  const auto weights = upload(host.weights, static_cast<int64_t>(model.weights.size()));
  Buffer<double> x(static_cast<std::size_t>(part * host.x_stride), Device::cuda);
  Buffer<double> out(static_cast<std::size_t>(part), Device::cuda);
  Buffer<float> scratch(static_cast<std::size_t>(2 * part * host.max_width), Device::cuda);
  for (int64_t row = 0; row < host.rows; row += part) {
    Forward job = host;
    job.layers = layers.data();
    job.input_mean = mean.data();
    job.input_scale = scale.data();
    job.weights = weights.data();
    job.x = x.data();
    job.out = out.data();
    job.scratch = scratch.data();
    job.rows = std::min(part, host.rows - row);
    const int64_t doubles = (job.rows - 1) * host.x_stride + host.inputs;  // the last row may end with the memory
    copy_bytes(Device::cuda, x.data(), Device::cpu, host.x + row * host.x_stride,
               static_cast<std::size_t>(doubles) * sizeof(double));
    forward_cuda(exec, job);
    copy_bytes(Device::cpu, host.out + row, Device::cuda, out.data(),
               static_cast<std::size_t>(job.rows) * sizeof(double));
  }
}
#endif

}  // namespace

const char* to_text(Activation activation) {
  switch (activation) {
    case Activation::identity:
      return "identity";
    case Activation::relu:
      return "relu";
    case Activation::tanh:
      return "tanh";
  }
  return "unknown";
}

void predict(const Exec& exec, const Fitted& model, Panel<const double> rows, std::span<double> out) {
  expect(static_cast<int64_t>(out.size()) == rows.rows, "one output a row");
  if (rows.rows == 0) return;
  Forward job = host_job(model, rows, out.data());
  if (exec.device == Device::cuda) {
#if defined(TF_WITH_CUDA)
    predict_on_gpu(exec, model, job);
    return;
#else
    throw Error(ErrorKind::no_device, "prediction on a GPU was asked for, but this program is built without CUDA");
#endif
  }
  if (rows.rows == 1 && job.max_width <= 512) {
    alignas(64) float scratch[2 * 512];  // the serving path: no allocation
    job.scratch = scratch;
    forward_cpu(exec, job);
    return;
  }
  const int64_t tile = rows.rows == 1 ? 1 : kTileRows;
  Buffer<float> scratch(static_cast<std::size_t>(2 * tile * job.max_width));
  job.scratch = scratch.data();
  forward_cpu(exec, job);
}

}  // namespace tf::network
