#include "cuda/base/error.hpp"
#include "engine/learn/trainer.hpp"

namespace tf::learn {

const ModelEntry& find_model(const std::string& name) {
  std::string candidates;
  for (const model_catalogue::Row& row : model_catalogue::rows()) {
    if (name == row.name) return row.entry();
    candidates += (candidates.empty() ? "" : ", ") + std::string(row.name);
  }
  throw Error(ErrorKind::config, "unknown model '" + name + "'; known: " + candidates);
}

std::span<const Field> TrainSpec::fields() {
  using P = TrainSpec;
  static const Field table[] = {
      TF_FIELD(P, epochs, 1, 100000, "epochs", "passes over the training rows at most"),
      TF_FIELD(P, batch, 1, 1 << 20, "rows", "rows of one step"),
      TF_FIELD(P, learning_rate, 1e-9, 10, "", "of AdamW"),
      TF_FIELD(P, weight_decay, 0, 10, "", "decoupled (AdamW): weights shrink by rate * decay a step, biases do not"),
      TF_FIELD(P, patience, 0, 100000, "epochs",
               "epochs without a better validation loss before it stops; 0 = never stops early"),
      TF_TEXT_FIELD(P, loss, "auto|mse|huber|bce", "auto = mse for regression, bce for classification"),
      TF_FIELD(P, gradient_clip, 0, 1e9, "", "largest global norm of a gradient; 0 = no limit"),
  };
  return table;
}

}  // namespace tf::learn
