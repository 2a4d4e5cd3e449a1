// Training, without LibTorch in sight: it lives in a library of its own that is loaded when the first model is trained.
#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "cuda/base/fields.hpp"
#include "cuda/base/view.hpp"
#include "cuda/network/network.hpp"
#include "engine/learn/catalogue.hpp"

namespace tf::learn {

/// The entry of a model. Throws Error{config} listing the candidates.
const ModelEntry& find_model(const std::string& name);

struct TrainSpec {
  int epochs = 40;
  int batch = 256;
  double learning_rate = 2e-3;
  double weight_decay = 1e-2;     ///< decoupled (AdamW, Loshchilov & Hutter 2019), weights and not biases
  int patience = 6;               ///< epochs without a better validation loss; 0 = no early stopping
  std::string loss = "auto";      ///< auto | mse | huber | bce
  double gradient_clip = 1;       ///< global norm; 0 = none
  static std::span<const Field> fields();
};

/// One fit. Rows are indices into the panel; the panel is handed over by address, never copied as a whole.
struct TrainInput {
  Panel<const double> x;                 ///< [bar][feature], NaN rows never among the indices
  std::span<const double> y;             ///< per bar: value (regression) or 0/1 (classification)
  std::span<const double> weights;       ///< per bar; empty = all 1
  std::span<const int32_t> train_rows;   ///< ascending
  std::span<const int32_t> valid_rows;   ///< the tail for early stopping, already purged; empty = none
  const network::Fitted* warm_start = nullptr;  ///< same network; its weights and scaling are the start
};

struct FitReport {
  int epochs = 0, best_epoch = 0;
  int64_t steps = 0;
  double train_loss = 0, valid_loss = 0;
  std::string failure;       ///< empty = sound; else why this model was stopped (NaN loss, Inf weight, bad data row)
};

/// Bit-reproducible: the same spec, input and seed give the same weights, however many trainers run on other threads.
class Trainer {
 public:
  virtual ~Trainer() = default;
  virtual network::Fitted fit(const network::Network& network, const TrainSpec& spec, const TrainInput& input, uint64_t seed,
                              FitReport& report) = 0;
  virtual std::string version() const = 0;  ///< e.g. "LibTorch 2.11.0"
};

/// The LibTorch trainer, loaded on first use from libtickfold_learn.so beside the program (or TF_LEARN_LIBRARY). Throws Error{no_input}.
Trainer& torch_trainer();

}  // namespace tf::learn
