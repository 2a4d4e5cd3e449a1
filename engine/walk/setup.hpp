// Everything a walk needs to know, read from one config. A model keeps the resolved text of its own, so that a later
// night can rebuild exactly the features, labels and rules it was made with.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cuda/market/labels.hpp"
#include "cuda/market/simulate.hpp"
#include "cuda/market/weights.hpp"
#include "cuda/network/network.hpp"
#include "engine/config/reader.hpp"
#include "engine/features/spec.hpp"
#include "engine/learn/trainer.hpp"
#include "engine/score/gate.hpp"

namespace tf::walk {

/// Folds by trading days of the store.
struct FoldSpec {
  std::string scheme = "rolling";  ///< rolling: the last train_days; expanding: all days before the test
  int train_days = 10;             ///< expanding: the least number of days
  int test_days = 2;
  int history_days = 0;           ///< only the newest so many days take part; 0 = all
  double validation_share = 0.2;  ///< tail of the training rows used for early stopping
  double embargo_minutes = 10;    ///< time kept free between training labels and the test
  static std::span<const Field> fields();
};

/// One named thing with its parameters, from [[models]] or [[strategies]].
struct Choice {
  std::string name;
  std::shared_ptr<const void> params;
  std::string text;  ///< "mlp(hidden1=16,...)": canonical
};

struct Setup {
  std::string store_root, runs_root, registry_root;
  std::string instrument;
  std::optional<Day> first_day, last_day;  ///< bounds on the days used
  features::Spec features;
  market::LabelSpec label;
  market::WeightSpec weights;
  network::Task task = network::Task::regression;
  std::vector<Choice> models;
  std::vector<Choice> strategies;
  std::vector<int64_t> seeds;
  bool shuffle_labels = false;  ///< placebo: targets are permuted within the fold; nothing must be promoted
  learn::TrainSpec train;
  FoldSpec folds;
  market::SimulationSpec simulation;
  score::GatePolicy gate;
  std::string resolved;  ///< the config as read, defaults included
  std::string digest;    ///< of what decides results
};

/// Reads the sections paths, data, bars, features, label, weights, models, strategies, search, train, folds,
/// simulation, gate. Further sections (nightly, canary) are the caller's to read before Reader::finish(). Fill resolved
/// and digest with seal() after that.
Setup read_setup(const config::Reader& reader, const Exec& exec);
void seal(Setup& setup, const config::Reader& reader);

/// The setup kept with a model: same as read_setup of its resolved text, with the paths of `paths`.
Setup reread_setup(const std::string& resolved, const Setup& paths, const Exec& exec);

}  // namespace tf::walk
