#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "cuda/base/buffer.hpp"
#include "cuda/base/philox.hpp"
#include "cuda/network/activations.hpp"
#include "cuda/network/network.hpp"

using namespace tf;
using namespace tf::network;

namespace {

Exec at_level(CpuLevel level) { return {.device = Device::cpu, .level = level, .threads = 1, .stream = nullptr}; }

double draw(uint32_t lane, uint64_t step) { return 2 * RandomStream{11, Purpose::test, lane}.uniform(step) - 1; }

Fitted random_model(int inputs, const std::vector<Dense>& layers, Task task) {
  Fitted model;
  model.network = {inputs, task, layers};
  for (int input = 0; input < inputs; ++input) {
    model.input_mean.push_back(draw(1, input));
    model.input_scale.push_back(1.5 + draw(2, input));
  }
  model.target_mean = 3;
  model.target_scale = 0.25;
  for (int64_t at = 0; at < model.network.weight_count(); ++at)
    model.weights.push_back(static_cast<float>(draw(3, at)));
  return model;
}

/// Rows lie `pad` doubles apart; what lies between them is NaN, so that reading it would show.
struct Rows {
  Rows(int64_t rows, int64_t inputs, int64_t pad, uint32_t lane = 4)
      : values(static_cast<std::size_t>(rows * (inputs + pad))) {
    panel = {values.data(), rows, inputs, inputs + pad};
    for (double& value : values.span()) value = std::numeric_limits<double>::quiet_NaN();
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t input = 0; input < inputs; ++input) panel(row, input) = 2 * draw(lane, row * 1000 + input);
  }
  Buffer<double> values;
  Panel<double> panel;
};

std::vector<double> predictions(const Exec& exec, const Fitted& model, Panel<const double> rows) {
  std::vector<double> out(static_cast<std::size_t>(rows.rows), -77);
  predict(exec, model, rows, out);
  return out;
}

bool same_bits(double a, double b) { return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b); }
bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t at = 0; at < a.size(); ++at)
    if (!same_bits(a[at], b[at])) return false;
  return true;
}

std::vector<Fitted> many_models() {
  std::vector<Fitted> models;
  for (const Activation activation : {Activation::identity, Activation::relu, Activation::tanh})
    for (const Task task : {Task::regression, Task::classification}) {
      models.push_back(random_model(1, {{1, Activation::identity, 0}}, task));
      models.push_back(random_model(5, {{1, Activation::identity, 0}}, task));
      models.push_back(random_model(3, {{7, activation, 0}, {1, Activation::identity, 0}}, task));
      models.push_back(
          random_model(16, {{32, activation, 0}, {32, activation, 0}, {1, Activation::identity, 0}}, task));
      models.push_back(
          random_model(40, {{64, activation, 0}, {33, activation, 0}, {1, Activation::identity, 0}}, task));
      models.push_back(random_model(600, {{9, activation, 0}, {1, Activation::identity, 0}}, task));
    }
  return models;
}

}  // namespace

TEST_CASE("a row alone gives the bits it gives in bulk, for every shape and count of rows") {
  const Exec exec = at_level(CpuLevel::v3);
  for (const Fitted& model : many_models())
    for (const int64_t rows : {1, 2, 7, 15, 16, 17, 31, 32, 33, 100}) {
      const Rows input(rows, model.network.inputs, 3);
      const std::vector<double> bulk = predictions(exec, model, input.panel);
      for (int64_t row = 0; row < rows; ++row)
        REQUIRE(same_bits(bulk[row], predictions(exec, model, Panel<const double>(input.panel).part(row, 1))[0]));
    }
}

TEST_CASE("the predictor of single rows gives the bits of the bulk, at every level") {
  const bool has_v4 = probe_devices().has_v4;
  for (const Fitted& model : many_models()) {
    const Rows input(40, model.network.inputs, 1);
    const auto bulk = predictions(at_level(CpuLevel::v3), model, input.panel);
    for (const CpuLevel level : {CpuLevel::v3, CpuLevel::v4}) {
      if (level == CpuLevel::v4 && !has_v4) continue;
      RowPredictor predictor(at_level(level), model);
      for (int64_t row = 0; row < 40; ++row) {
        const std::span<const double> values(input.panel.row(row), static_cast<std::size_t>(model.network.inputs));
        REQUIRE(same_bits(bulk[row], predictor(values)));
      }
    }
  }
}

TEST_CASE("AVX2 and AVX-512 give the same bits") {
  if (!probe_devices().has_v4) {
    MESSAGE("skipped: this CPU has no AVX-512");
    return;
  }
  for (const Fitted& model : many_models()) {
    const Rows input(77, model.network.inputs, 1);
    CHECK(same_bits(predictions(at_level(CpuLevel::v3), model, input.panel),
                    predictions(at_level(CpuLevel::v4), model, input.panel)));
    CHECK(same_bits(predictions(at_level(CpuLevel::v3), model, Panel<const double>(input.panel).part(5, 1)),
                    predictions(at_level(CpuLevel::v4), model, Panel<const double>(input.panel).part(5, 1))));
  }
}

TEST_CASE("a GPU gives the bits of the CPU") {
  const DeviceProbe probe = probe_devices();
  if (!probe.built_with_cuda || probe.gpus == 0) {
    MESSAGE("skipped: " << probe.reason);
    return;
  }
  Exec gpu = at_level(CpuLevel::v3);
  gpu.device = Device::cuda;
  for (const Fitted& model : many_models()) {
    const Rows input(333, model.network.inputs, 2);
    CHECK(same_bits(predictions(at_level(CpuLevel::v3), model, input.panel), predictions(gpu, model, input.panel)));
  }
}

TEST_CASE("the order of the rows changes no row's prediction") {
  const Fitted model = random_model(
      16, {{32, Activation::tanh, 0}, {32, Activation::relu, 0}, {1, Activation::identity, 0}}, Task::regression);
  const int64_t count = 61;
  const Rows input(count, 16, 0);
  Rows turned(count, 16, 0);
  for (int64_t row = 0; row < count; ++row)
    for (int64_t lane = 0; lane < 16; ++lane) turned.panel(row, lane) = input.panel((row * 17 + 5) % count, lane);
  const auto plain = predictions(at_level(CpuLevel::v3), model, input.panel);
  const auto permuted = predictions(at_level(CpuLevel::v3), model, turned.panel);
  for (int64_t row = 0; row < count; ++row) CHECK(same_bits(permuted[row], plain[(row * 17 + 5) % count]));
}

TEST_CASE("a small net gives the numbers worked out by hand") {
  Fitted model;
  model.network = {2, Task::regression, {{2, Activation::relu, 0}, {1, Activation::identity, 0}}};
  model.input_mean = {1, 10};
  model.input_scale = {0.5, 0};  // the second feature was constant: it never counts
  model.weights = {2, 100, -4, 100, /* biases */ 0.5f, 1, /* last layer */ 3, -1, /* bias */ 0.25f};
  model.target_mean = 10;
  model.target_scale = 2;
  // x = 3: x' = 1; hidden = relu(2.5), relu(-3) = 2.5, 0; out = 0.25 + 7.5 = 7.75; y = 25.5
  // x = 0: x' = -0.5; hidden = relu(-0.5), relu(3) = 0, 3; out = 0.25 - 3 = -2.75; y = 4.5
  Buffer<double> x(4);
  x[0] = 3, x[1] = 99, x[2] = 0, x[3] = -5;
  CHECK(predictions(at_level(CpuLevel::v3), model, x.panel(2, 2)) == std::vector<double>{25.5, 4.5});
  model.network.task = Task::classification;
  const auto probability = predictions(at_level(CpuLevel::v3), model, x.panel(2, 2));
  CHECK(probability[0] == doctest::Approx(1 / (1 + std::exp(-7.75))).epsilon(1e-14));
  CHECK(probability[1] == doctest::Approx(1 / (1 + std::exp(2.75))).epsilon(1e-14));
}

TEST_CASE("a row with a NaN predicts NaN and leaves its neighbours alone") {
  for (const Fitted& model : many_models()) {
    const Rows clean(40, model.network.inputs, 0);
    Rows damaged(40, model.network.inputs, 0);
    damaged.panel(9, model.network.inputs / 2) = std::numeric_limits<double>::quiet_NaN();
    const auto expected = predictions(at_level(CpuLevel::v3), model, clean.panel);
    const auto got = predictions(at_level(CpuLevel::v3), model, damaged.panel);
    for (int64_t row = 0; row < 40; ++row) {
      if (row == 9)
        CHECK(std::isnan(got[row]));
      else
        CHECK(same_bits(got[row], expected[row]));
    }
    CHECK(std::isnan(predictions(at_level(CpuLevel::v3), model, Panel<const double>(damaged.panel).part(9, 1))[0]));
    const std::span<const double> row(damaged.panel.row(9), static_cast<std::size_t>(model.network.inputs));
    CHECK(std::isnan(RowPredictor(at_level(CpuLevel::v3), model)(row)));
  }
}

TEST_CASE("tanh stays within 6 ulp of the exact function and inside [-1, 1]") {
  double worst = 0;
  for (int step = -1100000; step <= 1100000; ++step) {
    const float x = static_cast<float>(step) * 1e-5f;
    const float y = rational_tanh(x);
    const long double exact = std::tanh(static_cast<long double>(x));
    const float nearest = std::fabs(static_cast<float>(exact));
    const double ulp = static_cast<double>(std::nextafter(nearest, 2.0f)) - static_cast<double>(nearest);
    worst = std::max(worst, static_cast<double>(std::fabs(y - exact)) / ulp);
    if (std::fabs(y) > 1 || rational_tanh(-x) != -y) FAIL("tanh leaves [-1, 1] or is not odd at " << x);
  }
  MESSAGE("worst error of tanh: " << worst << " ulp");
  CHECK(worst <= 6);
  CHECK(rational_tanh(std::numeric_limits<float>::infinity()) == doctest::Approx(1).epsilon(1e-6));
  CHECK(std::isnan(rational_tanh(std::numeric_limits<float>::quiet_NaN())));
}

TEST_CASE("the probability stays within 3 ulp of the exact logistic function") {
  double worst = 0;
  for (int step = -400000; step <= 400000; ++step) {
    const double x = step * 1.0001e-4;
    const long double exact = 1 / (1 + std::exp(-static_cast<long double>(x)));
    const double nearest = static_cast<double>(exact);
    worst =
        std::max(worst, static_cast<double>(std::fabs(sigmoid(x) - exact)) / (std::nextafter(nearest, 2.0) - nearest));
  }
  MESSAGE("worst error of the logistic function: " << worst << " ulp");
  CHECK(worst <= 3);
  CHECK(sigmoid(1e300) == 1);
  CHECK(sigmoid(-1e300) > 0);
  CHECK(sigmoid(-1e300) < 1e-300);
  CHECK(std::isnan(sigmoid(std::numeric_limits<double>::quiet_NaN())));
}
