// A small feed-forward network as plain numbers: its shape, its weights, and the forward pass in one canonical order,
// so that one row and a bulk of rows, any SIMD width and a GPU thread give the same bits (TRAINER.md, section 5).
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cuda/base/device.hpp"
#include "cuda/base/view.hpp"

namespace tf::network {

enum class Activation : int32_t { identity = 0, relu = 1, tanh = 2 };
const char* to_text(Activation activation);

struct Dense {
  int32_t width = 1;
  Activation activation = Activation::identity;
  double dropout = 0;  ///< of this layer's outputs, training only
};

enum class Task : int32_t { regression = 0, classification = 1 };

/// Layers in order; the last has width 1: the value (regression) or the logit (classification).
struct Network {
  int32_t inputs = 0;
  Task task = Task::regression;
  std::vector<Dense> layers;
  /// Sum over layers of width * inputs + width.
  int64_t weight_count() const {
    int64_t count = 0, from = inputs;
    for (const Dense& layer : layers) {
      count += layer.width * (from + 1);
      from = layer.width;
    }
    return count;
  }
};

/// All that a prediction needs. Weights are flat, layer after layer: [width][inputs] row-major, then [width] biases.
struct Fitted {
  Network network;
  std::vector<double> input_mean, input_scale;  ///< x' = (x - mean) * scale, in double, then rounded to float
  double target_mean = 0, target_scale = 1;     ///< y = out * target_scale + target_mean (regression)
  std::vector<float> weights;
};

/// Predictions of all rows: out[row] = value (regression) or probability (classification); NaN where any input is NaN.
/// Every product is one fma chain per output, inputs ascending, started from the bias. rows = 1 is the serving path.
/// Memory of `rows` and `out` is the host's, on every device; with Device::cuda it is copied there and back in parts.
/// tanh is within 6 ulp (float), the probability within 3 ulp (double) of the exact function of the logit.
void predict(const Exec& exec, const Fitted& model, Panel<const double> rows, std::span<double> out);

struct RowLayout;  // row_layout.hpp

/// A model laid out once to predict row after row: serving. Units are lanes here, several times faster than predict()
/// of one row, to the same bits. On the CPU, whatever exec.device. One object a thread.
class RowPredictor {
 public:
  RowPredictor(const Exec& exec, const Fitted& model);
  ~RowPredictor();
  RowPredictor(RowPredictor&&) noexcept;
  RowPredictor& operator=(RowPredictor&&) noexcept;
  /// `row` has as many values as the network has inputs.
  double operator()(std::span<const double> row);

 private:
  std::unique_ptr<RowLayout> layout_;
};

}  // namespace tf::network
