// Training steps a second by the LibTorch trainer, rows a second and ns a row of the forward pass. Verifies, then
// times: one thread, best of the rounds, one JSON line a figure.
#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <vector>

#include "cuda/base/buffer.hpp"
#include "cuda/base/philox.hpp"
#include "engine/learn/torch_library.hpp"
#include "engine/learn/trainer.hpp"

using namespace tf;
using network::Activation;
using network::Dense;
using network::Fitted;
using network::Network;
using network::Task;

namespace {

constexpr int64_t kRows = 16384;

template <class Work>
double best_seconds(int rounds, const Work& work) {
  double best = 1e300;
  for (int round = 0; round < rounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

struct Shape {
  const char* name;
  Network network;
};

Network mlp(int inputs, int hidden1, int hidden2) {
  return {inputs,
          Task::regression,
          {{hidden1, Activation::relu, 0}, {hidden2, Activation::relu, 0}, {1, Activation::identity, 0}}};
}

Buffer<double> features(int64_t inputs) {
  Buffer<double> x(static_cast<std::size_t>(kRows * inputs));
  const RandomStream stream{1, Purpose::test, 0};
  for (std::size_t at = 0; at < x.size(); ++at) x[at] = 4 * stream.uniform(at) - 2;
  return x;
}

/// True when the fit learnt a planted function and is the same when repeated.
bool training_is_sound(const Network& network, const learn::TrainInput& input, const learn::TrainSpec& spec) {
  learn::FitReport first, again;
  const Fitted a = learn::torch_trainer().fit(network, spec, input, 1, first);
  const Fitted b = learn::torch_trainer().fit(network, spec, input, 1, again);
  return first.failure.empty() && first.train_loss < 0.5 && a.weights == b.weights;
}

void bench_training(const Shape& shape, int batch) {
  const int64_t inputs = shape.network.inputs;
  const Buffer<double> x = features(inputs);
  std::vector<double> y(kRows);
  std::vector<int32_t> rows(kRows);
  for (int64_t row = 0; row < kRows; ++row) {
    rows[static_cast<std::size_t>(row)] = static_cast<int32_t>(row);
    y[static_cast<std::size_t>(row)] =
        x[static_cast<std::size_t>(row * inputs)] + x[static_cast<std::size_t>(row * inputs + 1)];
  }
  const learn::TrainInput input{x.panel(kRows, inputs), y, {}, rows, {}, nullptr};
  learn::TrainSpec spec;
  spec.batch = batch;
  spec.epochs = 5;
  if (!training_is_sound(shape.network, input, spec)) {
    std::printf(
        "{\"bench\":\"train\",\"shape\":\"%s\",\"batch\":%d,\"error\":\"did not learn, or not twice the same\"}\n",
        shape.name, batch);
    return;
  }
  spec.epochs = batch < 100 ? 1 : 4;
  learn::FitReport report;
  const double seconds = best_seconds(7, [&] { learn::torch_trainer().fit(shape.network, spec, input, 1, report); });
  const auto steps = static_cast<double>(report.steps);
  std::printf("{\"bench\":\"train\",\"shape\":\"%s\",\"batch\":%d,\"steps_per_s\":%.0f,\"us_per_step\":%.1f}\n",
              shape.name, batch, steps / seconds, seconds / steps * 1e6);
}

void bench_prediction(const Exec& exec, const Shape& shape) {
  const int64_t inputs = shape.network.inputs;
  const Buffer<double> x = features(inputs);
  Fitted model;
  model.network = shape.network;
  model.input_mean.assign(static_cast<std::size_t>(inputs), 0.1);
  model.input_scale.assign(static_cast<std::size_t>(inputs), 0.9);
  const RandomStream stream{2, Purpose::test, 0};
  for (int64_t at = 0; at < shape.network.weight_count(); ++at)
    model.weights.push_back(static_cast<float>(stream.uniform(static_cast<uint64_t>(at)) - 0.5));

  const Panel<const double> panel = x.panel(kRows, inputs);
  std::vector<double> bulk(kRows), theirs(kRows);
  network::predict(exec, model, panel, bulk);
  const auto forward = reinterpret_cast<learn::ForwardFunction>(learn::torch_library_function(learn::kForwardSymbol));
  forward(model, panel, theirs.data());
  network::RowPredictor one(exec, model);
  const auto row_of = [&](int64_t row) {
    return std::span<const double>(panel.row(row), static_cast<std::size_t>(inputs));
  };
  int64_t wrong = 0;
  for (int64_t row = 0; row < kRows; ++row) {
    const auto place = static_cast<std::size_t>(row);
    wrong += std::fabs(bulk[place] - theirs[place]) > 1e-5 * (1 + std::fabs(theirs[place]));
    wrong += std::bit_cast<uint64_t>(one(row_of(row))) != std::bit_cast<uint64_t>(bulk[place]);
  }
  if (wrong) {
    std::printf("{\"bench\":\"predict\",\"shape\":\"%s\",\"error\":\"%lld rows differ\"}\n", shape.name,
                static_cast<long long>(wrong));
    return;
  }
  const double flops = 2.0 * static_cast<double>(shape.network.weight_count());
  const double bulk_ns = best_seconds(30, [&] { network::predict(exec, model, panel, bulk); }) / kRows * 1e9;
  double sum = 0;
  const double row_ns = best_seconds(30,
                                     [&] {
                                       for (int64_t row = 0; row < 1024; ++row) sum += one(row_of(row));
                                     }) /
                        1024 * 1e9;
  const double plain_ns =
      best_seconds(30,
                   [&] {
                     for (int64_t row = 0; row < 256; ++row)
                       network::predict(exec, model, panel.part(row, 1), std::span(bulk).subspan(0, 1));
                   }) /
      256 * 1e9;
  std::printf(
      "{\"bench\":\"predict\",\"shape\":\"%s\",\"level\":\"%s\",\"bulk_rows_per_s\":%.0f,\"bulk_ns_per_row\":%.1f,"
      "\"bulk_gflops\":%.1f,\"row_predictor_ns\":%.1f,\"predict_one_row_ns\":%.1f,\"check\":%.6g}\n",
      shape.name, level_text(exec.level), 1e9 / bulk_ns, bulk_ns, flops / bulk_ns, row_ns, plain_ns, sum);
}

}  // namespace

int main() {
  const Exec exec = pick_exec();
  std::printf("{\"bench\":\"learn\",\"trainer\":\"%s\"}\n", learn::torch_trainer().version().c_str());
  const Shape linear{"16-1", {16, Task::regression, {{1, Activation::identity, 0}}}};
  const Shape small{"16-32-32-1", mlp(16, 32, 32)}, middle{"32-64-64-1", mlp(32, 64, 64)},
      serving{"40-64-32-1", mlp(40, 64, 32)};
  for (const Shape& shape : {linear, small, middle, serving}) bench_prediction(exec, shape);
  for (const int batch : {32, 256})
    for (const Shape& shape : {linear, small}) bench_training(shape, batch);
}
