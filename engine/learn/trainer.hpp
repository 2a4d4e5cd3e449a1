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
  double weight_decay = 1e-2;  ///< decoupled (AdamW, Loshchilov & Hutter 2019), weights and not biases
  int patience = 6;            ///< epochs without a better validation loss; 0 = no early stopping
  std::string loss =
      "auto";  ///< auto | mse | huber (threshold 1 standard deviation) | bce (classification, and only it)
  double gradient_clip = 1;  ///< global norm; 0 = none
  static std::span<const Field> fields();
};

/// One fit. Rows are indices into the panel; the panel is handed over by address, never copied as a whole.
struct TrainInput {
  Panel<const double> x;                ///< [bar][feature], NaN rows never among the indices
  std::span<const double> y;            ///< per bar: value (regression) or 0/1 (classification)
  std::span<const double> weights;      ///< per bar; empty = all 1
  std::span<const int32_t> train_rows;  ///< ascending
  std::span<const int32_t> valid_rows;  ///< the tail for early stopping, already purged; empty = none
  /// Same network; its weights are the start, and its scaling is kept (under another one its weights would mean another
  /// function). Its own validation loss is epoch 0: what never beats it returns it.
  const network::Fitted* warm_start = nullptr;
};

/// Losses are weighted means in the units of training (standardised target, or nats); those of the epoch whose weights
/// were kept: the one of least validation loss, without validation rows the last.
struct FitReport {
  int epochs = 0, best_epoch = 0;  ///< epochs run; epochs count from 1
  int64_t steps = 0;
  double train_loss = 0;  ///< over the epoch's own steps, dropout on; NaN for epoch 0
  double valid_loss = 0;  ///< NaN without validation rows
  std::string failure;    ///< empty = sound; else why this model was stopped (NaN loss, Inf weight, bad data row)
};

/// Scaling is of the training rows alone: mean and deviation (population) of every feature, 0 for a constant one, and
/// of a regression's target. Batches are drawn by a Philox permutation of the training rows per epoch; the last one may
/// be short. Bit-reproducible: the same spec, input and seed give the same weights, however many trainers run on other
/// threads.
class Trainer {
 public:
  virtual ~Trainer() = default;
  /// Numeric trouble is an answer (report.failure; the result is then of no use), a wrong spec throws Error{config}.
  virtual network::Fitted fit(const network::Network& network, const TrainSpec& spec, const TrainInput& input,
                              uint64_t seed, FitReport& report) = 0;
  virtual std::string version() const = 0;  ///< e.g. "LibTorch 2.11.0"
};

/// The LibTorch trainer, loaded on first use from libtickfold_learn.so beside the program (or TF_LEARN_LIBRARY). Throws
/// Error{no_input}.
Trainer& torch_trainer();

}  // namespace tf::learn
