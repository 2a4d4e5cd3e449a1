// What a fit does before LibTorch sees a number: judge its rows, measure their scale.
#pragma once
#include <string>
#include <vector>

#include "engine/learn/trainer.hpp"

namespace tf::learn {

enum class Loss { mse, huber, bce };
/// Throws Error{config} for a loss that does not fit the task.
Loss pick_loss(const std::string& name, network::Task task);

/// Why these rows cannot train a model (NaN or Inf, a bad weight, no rows); empty = they can.
std::string fault_of_rows(const TrainInput& input, network::Task task);

/// An untrained model with the scaling of the training rows: two passes in double, rows in the order given.
network::Fitted scaled_start(const network::Network& network, const TrainInput& input);

/// Targets of the given rows as the loss sees them, and their weights.
struct Targets {
  std::vector<float> y, weight;
};
Targets scaled_targets(const TrainInput& input, std::span<const int32_t> rows, const network::Fitted& scaling);

/// Weighted mean loss of raw outputs, in double, rows ascending.
double mean_loss(Loss loss, std::span<const float> raw, const Targets& targets);

}  // namespace tf::learn
