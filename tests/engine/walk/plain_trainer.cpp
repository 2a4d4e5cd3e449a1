// A trainer without LibTorch for tests of the runner, loaded like the real one: linear networks only, each weight the
// covariance of its scaled feature with the target. Seed 13 fails, as a diverging fit would.
#include <cmath>

#include "engine/learn/torch_library.hpp"

namespace {

using namespace tf;

class PlainTrainer : public learn::Trainer {
 public:
  network::Fitted fit(const network::Network& network, const learn::TrainSpec&, const learn::TrainInput& input,
                      uint64_t seed, learn::FitReport& report) override {
    network::Fitted fitted;
    fitted.network = network;
    report.epochs = 1;
    if (seed == 13) {
      report.failure = "loss is not finite";
      return fitted;
    }
    const auto count = static_cast<double>(input.train_rows.size());
    double mean_y = 0;
    for (const int32_t row : input.train_rows) mean_y += input.y[row] / count;
    fitted.weights.assign(static_cast<std::size_t>(network.weight_count()), 0.0f);
    for (int32_t lane = 0; lane < network.inputs; ++lane) {
      double mean = 0, square = 0, cross = 0;
      for (const int32_t row : input.train_rows) mean += input.x(row, lane) / count;
      for (const int32_t row : input.train_rows) {
        const double x = input.x(row, lane) - mean;
        square += x * x / count;
        cross += x * (input.y[row] - mean_y) / count;
      }
      const double scale = square > 0 ? 1 / std::sqrt(square) : 0;
      fitted.input_mean.push_back(mean);
      fitted.input_scale.push_back(scale);
      fitted.weights[static_cast<std::size_t>(lane)] = static_cast<float>(cross * scale);
    }
    fitted.weights.back() = static_cast<float>(mean_y + 1e-3 * static_cast<double>(seed));
    return fitted;
  }
  std::string version() const override { return "plain"; }
};

}  // namespace

#define TF_EXPORT extern "C" __attribute__((visibility("default")))

TF_EXPORT const char* tickfold_learn_interface() { return TF_TRAINER_INTERFACE; }

TF_EXPORT tf::learn::Trainer* tickfold_learn_trainer() {
  static PlainTrainer trainer;
  return &trainer;
}
