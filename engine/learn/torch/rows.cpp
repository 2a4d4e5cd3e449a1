#include "engine/learn/torch/rows.hpp"

#include <cmath>

#include "cuda/base/error.hpp"

namespace tf::learn {
namespace {

struct Moments {
  double mean = 0, deviation = 0;
};

template <class Value>
Moments moments(std::span<const int32_t> rows, const Value& value) {
  Moments result;
  const auto count = static_cast<double>(rows.size());
  const double first = value(rows[0]);
  bool constant = true;
  double sum = 0;
  for (const int32_t row : rows) {
    sum += value(row);
    constant &= value(row) == first;
  }
  result.mean = constant ? first : sum / count;
  if (constant) return result;
  double squares = 0;
  for (const int32_t row : rows) squares += (value(row) - result.mean) * (value(row) - result.mean);
  result.deviation = std::sqrt(squares / count);
  return result;
}

double weight_of(const TrainInput& input, int32_t row) {
  return input.weights.empty() ? 1.0 : input.weights[static_cast<std::size_t>(row)];
}

std::string at_row(const std::string& what, int32_t row) { return what + " at row " + std::to_string(row); }

std::string fault_of_row(const TrainInput& input, network::Task task, int32_t row) {
  for (int64_t lane = 0; lane < input.x.lanes; ++lane)
    if (!std::isfinite(input.x(row, lane))) return at_row("NaN or Inf in feature " + std::to_string(lane), row);
  const double y = input.y[static_cast<std::size_t>(row)], weight = weight_of(input, row);
  if (!std::isfinite(y)) return at_row("NaN or Inf in the target", row);
  if (task == network::Task::classification && !(y >= 0 && y <= 1)) return at_row("a class outside [0, 1]", row);
  if (!std::isfinite(weight) || weight < 0) return at_row("a sample weight that is negative, NaN or Inf", row);
  return {};
}

double loss_of(Loss loss, double raw, double y) {
  switch (loss) {
    case Loss::mse:
      return (raw - y) * (raw - y);
    case Loss::huber: {
      const double distance = std::fabs(raw - y);
      return distance < 1 ? 0.5 * distance * distance : distance - 0.5;
    }
    case Loss::bce:
      break;
  }
  return std::fmax(raw, 0.0) - raw * y + std::log1p(std::exp(-std::fabs(raw)));
}

}  // namespace

Loss pick_loss(const std::string& name, network::Task task) {
  const bool classes = task == network::Task::classification;
  if (name == "auto") return classes ? Loss::bce : Loss::mse;
  if (classes != (name == "bce"))
    throw Error(ErrorKind::config, "loss = '" + name + "' does not fit a " +
                                       (classes ? "classification" : "regression") + "; expected " +
                                       (classes ? "auto or bce" : "auto, mse or huber"));
  if (name == "bce") return Loss::bce;
  if (name == "mse") return Loss::mse;
  if (name == "huber") return Loss::huber;
  throw Error(ErrorKind::config, "unknown loss '" + name + "'; known: auto, mse, huber, bce");
}

std::string fault_of_rows(const TrainInput& input, network::Task task) {
  expect(static_cast<int64_t>(input.y.size()) == input.x.rows, "one target a bar");
  expect(input.weights.empty() || input.weights.size() == input.y.size(), "one weight a bar, or none");
  if (input.train_rows.empty()) return "no training rows";
  for (const auto rows : {input.train_rows, input.valid_rows}) {
    double total = 0;
    for (const int32_t row : rows) {
      expect(row >= 0 && row < input.x.rows, "rows lie inside the panel");
      if (std::string fault = fault_of_row(input, task, row); !fault.empty()) return fault;
      total += weight_of(input, row);
    }
    if (!rows.empty() && !(total > 0)) return "the sample weights add up to 0";
  }
  return {};
}

network::Fitted scaled_start(const network::Network& network, const TrainInput& input) {
  network::Fitted start;
  start.network = network;
  for (int64_t lane = 0; lane < input.x.lanes; ++lane) {
    const Moments feature = moments(input.train_rows, [&](int32_t row) { return input.x(row, lane); });
    start.input_mean.push_back(feature.mean);
    start.input_scale.push_back(feature.deviation > 0 ? 1 / feature.deviation : 0);
  }
  if (network.task == network::Task::regression) {
    const Moments target =
        moments(input.train_rows, [&](int32_t row) { return input.y[static_cast<std::size_t>(row)]; });
    start.target_mean = target.mean;
    start.target_scale = target.deviation > 0 ? target.deviation : 1;
  }
  return start;
}

Targets scaled_targets(const TrainInput& input, std::span<const int32_t> rows, const network::Fitted& scaling) {
  Targets targets;
  for (const int32_t row : rows) {
    const double y = input.y[static_cast<std::size_t>(row)];
    targets.y.push_back(static_cast<float>((y - scaling.target_mean) / scaling.target_scale));
    targets.weight.push_back(static_cast<float>(weight_of(input, row)));
  }
  return targets;
}

double mean_loss(Loss loss, std::span<const float> raw, const Targets& targets) {
  double sum = 0, total = 0;
  for (std::size_t row = 0; row < raw.size(); ++row) {
    const double weight = static_cast<double>(targets.weight[row]);
    sum += weight * loss_of(loss, static_cast<double>(raw[row]), static_cast<double>(targets.y[row]));
    total += weight;
  }
  return sum / total;
}

}  // namespace tf::learn
