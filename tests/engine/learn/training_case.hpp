// Data sets and shorthands of the trainer's tests.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <vector>

#include "cuda/base/buffer.hpp"
#include "cuda/base/philox.hpp"
#include "engine/learn/torch_library.hpp"
#include "engine/learn/trainer.hpp"

namespace tf::learn::test {

/// A panel with targets and its split: the last `valid` rows validate.
struct Case {
  Case(int64_t rows, int64_t inputs, int64_t valid)
      : values(static_cast<std::size_t>(rows * inputs)),
        y(static_cast<std::size_t>(rows)),
        train(static_cast<std::size_t>(rows - valid)),
        tail(static_cast<std::size_t>(valid)) {
    std::iota(train.begin(), train.end(), 0);
    std::iota(tail.begin(), tail.end(), static_cast<int32_t>(rows - valid));
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t lane = 0; lane < inputs; ++lane) x(row, lane) = normal(static_cast<uint32_t>(lane), row);
  }
  Panel<double> panel() {
    return values.panel(static_cast<int64_t>(y.size()), static_cast<int64_t>(values.size() / y.size()));
  }
  double& x(int64_t row, int64_t lane) { return panel()(row, lane); }
  /// Standard normal (Box & Muller 1958).
  static double normal(uint32_t lane, int64_t step) {
    const RandomStream stream{5, Purpose::test, lane};
    const auto at = static_cast<uint64_t>(2 * step);
    return std::sqrt(-2 * std::log(stream.uniform(at))) * std::cos(6.283185307179586 * stream.uniform(at + 1));
  }
  TrainInput input() { return {panel(), y, weights, train, tail, nullptr}; }

  Buffer<double> values;
  std::vector<double> y, weights;
  std::vector<int32_t> train, tail;
};

inline network::Network linear(int inputs, network::Task task = network::Task::regression) {
  const NoParams none;
  return find_model("linear").build(&none, inputs, task);
}

inline network::Network mlp(int inputs, int width, network::Activation activation, network::Task task,
                            double dropout = 0) {
  return {inputs,
          task,
          {{width, activation, dropout}, {width, activation, dropout}, {1, network::Activation::identity, 0}}};
}

/// Smooth, not linear, in 4 inputs, with noise.
inline Case curved(int64_t rows, int64_t valid) {
  Case data(rows, 4, valid);
  for (int64_t row = 0; row < rows; ++row)
    data.y[static_cast<std::size_t>(row)] =
        100 + 20 * std::sin(data.x(row, 0)) * data.x(row, 1) + 5 * data.x(row, 2) + 2 * Case::normal(50, row);
  return data;
}

/// Class 1 where the signs of two inputs differ: no line parts them.
inline Case exclusive_or(int64_t rows, int64_t valid) {
  Case data(rows, 2, valid);
  for (int64_t row = 0; row < rows; ++row)
    data.y[static_cast<std::size_t>(row)] = (data.x(row, 0) > 0) != (data.x(row, 1) > 0) ? 1 : 0;
  return data;
}

inline bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

inline std::vector<double> predictions(const network::Fitted& model, Panel<const double> rows) {
  std::vector<double> out(static_cast<std::size_t>(rows.rows));
  network::predict({}, model, rows, out);
  return out;
}

/// Share of rows whose class is predicted right.
inline double accuracy(const network::Fitted& model, Case& data) {
  const std::vector<double> probability = predictions(model, data.panel());
  double right = 0;
  for (std::size_t row = 0; row < probability.size(); ++row) right += (probability[row] > 0.5) == (data.y[row] > 0.5);
  return right / static_cast<double>(probability.size());
}

}  // namespace tf::learn::test
