#include "engine/learn/trainer.hpp"

#include <dlfcn.h>
#include <doctest/doctest.h>

#include <limits>
#include <thread>

#include "cuda/base/error.hpp"
#include "tests/engine/learn/training_case.hpp"

using namespace tf;
using namespace tf::learn;
using namespace tf::learn::test;
using network::Activation;
using network::Task;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Solves the normal equations of y on [x, 1] by elimination; the last is the intercept.
std::vector<double> least_squares(Case& data, const std::vector<double>& weights) {
  const auto inputs = static_cast<std::size_t>(data.panel().lanes), size = inputs + 1;
  std::vector<std::vector<double>> a(size, std::vector<double>(size + 1, 0.0));
  for (const int32_t row : data.train) {
    const auto value = [&](std::size_t at) { return at < inputs ? data.x(row, static_cast<int64_t>(at)) : 1.0; };
    const auto place = static_cast<std::size_t>(row);
    const double weight = weights.empty() ? 1 : weights[place];
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = 0; j < size; ++j) a[i][j] += weight * value(i) * value(j);
      a[i][size] += weight * value(i) * data.y[place];
    }
  }
  for (std::size_t pivot = 0; pivot < size; ++pivot)
    for (std::size_t i = 0; i < size; ++i) {
      if (i == pivot) continue;
      const double factor = a[i][pivot] / a[pivot][pivot];
      for (std::size_t j = pivot; j <= size; ++j) a[i][j] -= factor * a[pivot][j];
    }
  std::vector<double> solution(size);
  for (std::size_t i = 0; i < size; ++i) solution[i] = a[i][size] / a[i][i];
  return solution;
}

/// The same coefficients out of a fitted linear model, in the units of the data.
std::vector<double> coefficients(const network::Fitted& model) {
  const std::size_t inputs = model.input_mean.size();
  std::vector<double> result(inputs + 1);
  result[inputs] = static_cast<double>(model.weights[inputs]) * model.target_scale + model.target_mean;
  for (std::size_t at = 0; at < inputs; ++at) {
    result[at] = static_cast<double>(model.weights[at]) * model.input_scale[at] * model.target_scale;
    result[inputs] -= result[at] * model.input_mean[at];
  }
  return result;
}

network::Fitted fit(Case& data, const network::Network& network, const TrainSpec& spec, uint64_t seed = 1) {
  FitReport report;
  network::Fitted fitted = torch_trainer().fit(network, spec, data.input(), seed, report);
  REQUIRE(report.failure == "");
  return fitted;
}

TrainSpec exact_linear() {
  TrainSpec spec;
  spec.epochs = 300;
  spec.batch = 2000;
  spec.learning_rate = 0.02;
  spec.weight_decay = 0;
  return spec;
}

Case planted() {
  Case data(2000, 3, 0);
  for (int64_t row = 0; row < 2000; ++row) {
    data.x(row, 1) = 50 + 10 * data.x(row, 1);
    data.y[static_cast<std::size_t>(row)] =
        7 + 2 * data.x(row, 0) - 0.5 * data.x(row, 1) + 0.1 * data.x(row, 2) + Case::normal(60, row);
  }
  return data;
}

}  // namespace

TEST_CASE("linear regression reaches the solution of the normal equations") {
  Case data = planted();
  const auto got = coefficients(fit(data, linear(3), exact_linear())), want = least_squares(data, {});
  for (std::size_t at = 0; at < want.size(); ++at) CHECK(got[at] == doctest::Approx(want[at]).epsilon(2e-4));
}

TEST_CASE("sample weights move the solution to the weighted one") {
  Case data = planted();
  for (int64_t row = 0; row < 2000; ++row) {
    data.weights.push_back(row % 4 == 0 ? 5 : row % 4 == 1 ? 0 : 1);
    if (row % 4 == 0) data.y[static_cast<std::size_t>(row)] += 3 * data.x(row, 2);  // the heavy rows have another slope
    if (row % 4 == 1) data.y[static_cast<std::size_t>(row)] = 1e3;                  // those of weight 0 must not matter
  }
  const auto got = coefficients(fit(data, linear(3), exact_linear())), want = least_squares(data, data.weights);
  for (std::size_t at = 0; at < want.size(); ++at) CHECK(got[at] == doctest::Approx(want[at]).epsilon(5e-4).scale(1));
}

TEST_CASE("training lowers the loss on rows it has not seen") {
  for (const Activation activation : {Activation::relu, Activation::tanh})
    for (const std::string loss : {"mse", "huber"}) {
      Case data = curved(3000, 600);
      TrainSpec spec;
      spec.loss = loss;
      FitReport one, many;
      spec.epochs = 1;
      torch_trainer().fit(mlp(4, 16, activation, Task::regression), spec, data.input(), 1, one);
      spec.epochs = 40;
      torch_trainer().fit(mlp(4, 16, activation, Task::regression), spec, data.input(), 1, many);
      REQUIRE(many.failure == "");
      CHECK(many.valid_loss < 0.3 * one.valid_loss);
      CHECK(many.train_loss < 0.3 * one.train_loss);
      CHECK(many.steps == int64_t{many.epochs} * ((2400 + 255) / 256));
    }
}

TEST_CASE("exclusive or is learned by an mlp and not by a linear model") {
  Case data = exclusive_or(3000, 500);
  TrainSpec spec;
  spec.learning_rate = 5e-3;
  CHECK(accuracy(fit(data, mlp(2, 16, Activation::tanh, Task::classification), spec), data) > 0.95);
  CHECK(accuracy(fit(data, linear(2, Task::classification), spec), data) < 0.65);
}

TEST_CASE("the same seed gives the same bits again and on several threads at once; another seed gives others") {
  Case data = curved(1500, 300);
  TrainSpec spec;
  spec.epochs = 6;
  spec.batch = 64;
  const network::Network network = mlp(4, 32, Activation::relu, Task::regression, 0.2);
  const network::Fitted first = fit(data, network, spec, 7);
  CHECK(same_bits(first.weights, fit(data, network, spec, 7).weights));
  CHECK(!same_bits(first.weights, fit(data, network, spec, 8).weights));
  const TrainInput input = data.input();
  for (int threads = 1; threads <= 3; ++threads) {
    std::vector<network::Fitted> results(static_cast<std::size_t>(threads));
    {
      std::vector<std::jthread> running;
      for (network::Fitted& result : results)
        running.emplace_back([&] {
          FitReport report;
          result = torch_trainer().fit(network, spec, input, 7, report);
        });
    }
    for (const network::Fitted& result : results) CHECK(same_bits(first.weights, result.weights));
  }
}

TEST_CASE("early stopping ends a fit that no longer gets better and keeps the best weights") {
  Case data = curved(300, 150);
  for (double& y : data.y) y = Case::normal(70, &y - data.y.data());  // nothing to learn: soon it only gets worse
  TrainSpec spec;
  spec.epochs = 200;
  spec.batch = 16;
  spec.patience = 4;
  FitReport stopped, whole, best;
  const network::Network network = mlp(4, 32, Activation::relu, Task::regression);
  const auto kept = torch_trainer().fit(network, spec, data.input(), 3, stopped);
  CHECK(stopped.epochs < 60);
  CHECK(stopped.epochs == stopped.best_epoch + 4);
  spec.patience = 0;
  spec.epochs = 60;
  torch_trainer().fit(network, spec, data.input(), 3, whole);
  CHECK(whole.epochs == 60);
  CHECK(whole.valid_loss <= stopped.valid_loss);
  spec.epochs = stopped.best_epoch;
  CHECK(same_bits(kept.weights, torch_trainer().fit(network, spec, data.input(), 3, best).weights));
  CHECK(best.valid_loss == stopped.valid_loss);
}

TEST_CASE("a warm start goes on from the earlier weights under the earlier scaling") {
  Case data = curved(3000, 600);
  const network::Network network = mlp(4, 16, Activation::tanh, Task::regression);
  TrainSpec spec;
  spec.epochs = 15;
  FitReport cold, warm, again;
  const auto earlier = torch_trainer().fit(network, spec, data.input(), 1, cold);
  TrainInput input = data.input();
  input.train_rows = input.train_rows.subspan(500);
  input.warm_start = &earlier;
  spec.epochs = 2;
  const auto later = torch_trainer().fit(network, spec, input, 1, warm);
  torch_trainer().fit(network, spec, data.input(), 1, again);
  CHECK(warm.valid_loss <= cold.valid_loss);
  CHECK(warm.valid_loss < 0.7 * again.valid_loss);
  CHECK(later.input_mean == earlier.input_mean);
  CHECK(later.target_scale == earlier.target_scale);
  // What cannot get better is handed back as it was.
  spec.learning_rate = 5;
  FitReport wild;
  const auto same = torch_trainer().fit(network, spec, input, 1, wild);
  CHECK(wild.best_epoch == 0);
  CHECK(same_bits(same.weights, earlier.weights));
  const network::Network wider = mlp(4, 17, Activation::tanh, Task::regression);
  CHECK_THROWS_AS(torch_trainer().fit(wider, spec, input, 1, wild), Error);
}

TEST_CASE("scaling is of the training rows alone, and a constant feature never counts") {
  Case data = curved(500, 100);
  for (int64_t row = 0; row < 500; ++row) data.x(row, 3) = row < 400 ? 0.1 : 1e9;
  TrainSpec spec;
  spec.epochs = 2;
  const auto fitted = fit(data, linear(4), spec);
  CHECK(fitted.input_scale[3] == 0);
  double sum = 0, squares = 0;
  for (const int32_t row : data.train) sum += data.x(row, 0);
  for (const int32_t row : data.train) squares += (data.x(row, 0) - sum / 400) * (data.x(row, 0) - sum / 400);
  CHECK(fitted.input_mean[0] == doctest::Approx(sum / 400).epsilon(1e-12));
  CHECK(fitted.input_scale[0] == doctest::Approx(1 / std::sqrt(squares / 400)).epsilon(1e-12));
  for (int64_t row = 0; row < 500; ++row) data.x(row, 3) = 0.1;
  CHECK(same_bits(fitted.weights, fit(data, linear(4), spec).weights));
}

TEST_CASE("numeric trouble is reported and does not throw") {
  Case data = curved(400, 100);
  TrainSpec spec;
  spec.epochs = 3;
  const network::Network network = mlp(4, 8, Activation::relu, Task::regression);
  const auto failure = [&](const TrainInput& input) {
    FitReport report;
    torch_trainer().fit(network, spec, input, 1, report);
    return report.failure;
  };
  CHECK(failure(data.input()) == "");
  data.x(17, 2) = kNan;
  CHECK(failure(data.input()) == "NaN or Inf in feature 2 at row 17");
  data.x(17, 2) = 0;
  data.y[350] = std::numeric_limits<double>::infinity();
  CHECK(failure(data.input()) == "NaN or Inf in the target at row 350");
  data.y[350] = 0;
  data.weights.assign(400, 1);
  data.weights[3] = -1;
  CHECK(failure(data.input()) == "a sample weight that is negative, NaN or Inf at row 3");
  data.weights.assign(400, 0);
  CHECK(failure(data.input()) == "the sample weights add up to 0");
  data.weights.clear();
  TrainInput none = data.input();
  none.train_rows = {};
  CHECK(failure(none) == "no training rows");
  spec.learning_rate = 1e38;
  CHECK(failure(data.input()).find("NaN or Inf in the") == 0);
}

TEST_CASE("a loss that does not fit the task is a configuration error") {
  Case data = exclusive_or(100, 0);
  TrainSpec spec;
  FitReport report;
  spec.loss = "huber";
  CHECK_THROWS_WITH_AS(torch_trainer().fit(linear(2, Task::classification), spec, data.input(), 1, report),
                       "loss = 'huber' does not fit a classification; expected auto or bce", Error);
  spec.loss = "bce";
  CHECK_THROWS_AS(torch_trainer().fit(linear(2), spec, data.input(), 1, report), Error);
}

TEST_CASE("our forward pass agrees with LibTorch's, which reads the panel's own memory") {
  const auto forward = reinterpret_cast<ForwardFunction>(torch_library_function(kForwardSymbol));
  for (const Activation activation : {Activation::relu, Activation::tanh})
    for (const Task task : {Task::regression, Task::classification}) {
      Case data = task == Task::regression ? curved(700, 100) : exclusive_or(700, 100);
      TrainSpec spec;
      spec.epochs = 5;
      const auto inputs = static_cast<int>(data.panel().lanes);
      const auto fitted = fit(data, mlp(inputs, 32, activation, task), spec);
      std::vector<double> theirs(700);
      CHECK(forward(fitted, data.panel(), theirs.data()) == data.values.data());
      const std::vector<double> ours = predictions(fitted, data.panel());
      const double unit = task == Task::regression ? fitted.target_scale : 1;
      double worst = 0;
      for (std::size_t row = 0; row < 700; ++row) worst = std::max(worst, std::fabs(ours[row] - theirs[row]) / unit);
      CHECK(worst < 1e-5);
      // A wider memory than the panel shows: every second column of rows that lie further apart.
      const Panel<const double> part{data.values.data() + 1, 350, 1, 2 * data.panel().lanes};
      network::Fitted narrow = fitted;
      narrow.network = linear(1, task);
      narrow.weights = {0.5f, 0.25f};
      narrow.input_mean = {0};
      narrow.input_scale = {1};
      CHECK(forward(narrow, part, theirs.data()) == data.values.data() + 1);
      const std::vector<double> apart = predictions(narrow, part);
      for (std::size_t row = 0; row < 350; ++row) CHECK(apart[row] == doctest::Approx(theirs[row]).epsilon(1e-5));
    }
}

TEST_CASE("dropout changes training and not the width of what is learned") {
  Case data = curved(1000, 200);
  TrainSpec spec;
  spec.epochs = 30;
  FitReport none, half;
  const auto plain = torch_trainer().fit(mlp(4, 32, Activation::relu, Task::regression), spec, data.input(), 1, none);
  const auto dropped =
      torch_trainer().fit(mlp(4, 32, Activation::relu, Task::regression, 0.5), spec, data.input(), 1, half);
  CHECK(!same_bits(plain.weights, dropped.weights));
  CHECK(half.train_loss > none.train_loss);
  CHECK(half.valid_loss < 0.9);
}

TEST_CASE("weight decay shrinks weights") {
  Case data = planted();
  TrainSpec spec = exact_linear();
  const auto free = fit(data, linear(3), spec);
  spec.weight_decay = 1;
  const auto held = fit(data, linear(3), spec);
  CHECK(std::fabs(held.weights[1]) < 0.95f * std::fabs(free.weights[1]));
}

TEST_CASE("LibTorch's symbols stay inside its library") {
  CHECK(torch_trainer().version().find("LibTorch 2.") == 0);
  CHECK(dlsym(RTLD_DEFAULT, "_ZN2at15get_num_threadsEv") == nullptr);
  CHECK(dlsym(RTLD_DEFAULT, kTrainerSymbol) == nullptr);
}
