// The LibTorch trainer and the functions the library exports.
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <torch/headeronly/version.h>

#include <cmath>
#include <numeric>

#include "cuda/base/error.hpp"
#include "engine/learn/torch/fit.hpp"
#include "engine/learn/torch_library.hpp"

namespace tf::learn {
namespace {

/// LibTorch's errors become ours at the edge of the library.
template <class Work>
auto guarded(const Work& work) {
  try {
    return work();
  } catch (const c10::Error& error) {
    throw Error(ErrorKind::internal, std::string("LibTorch: ") + error.what_without_backtrace());
  }
}

class TorchTrainer final : public Trainer {
 public:
  // The pool between operators can be set once a process and is never used here; the one inside operators is set a
  // thread.
  TorchTrainer() { at::set_num_interop_threads(1); }

  network::Fitted fit(const network::Network& network, const TrainSpec& spec, const TrainInput& input, uint64_t seed,
                      FitReport& report) override {
    return guarded([&] {
      at::set_num_threads(1);
      report = {};
      expect(input.x.lanes == network.inputs, "as many columns as the network has inputs");
      report.failure = fault_of_rows(input, network.task);
      if (!report.failure.empty()) {
        pick_loss(spec.loss, network.task);
        network::Fitted untrained;
        untrained.network = network;
        return untrained;
      }
      return Fit(network, spec, input, seed).run(report);
    });
  }

  std::string version() const override { return std::string("LibTorch ") + TORCH_VERSION; }
};

}  // namespace
}  // namespace tf::learn

#define TF_EXPORT extern "C" __attribute__((visibility("default")))

TF_EXPORT const char* tickfold_learn_interface() { return TF_TRAINER_INTERFACE; }

TF_EXPORT tf::learn::Trainer* tickfold_learn_trainer() {
  static tf::learn::TorchTrainer trainer;
  return &trainer;
}

TF_EXPORT const void* tickfold_learn_forward(const tf::network::Fitted& model, tf::Panel<const double> rows,
                                             double* out) {
  using namespace tf::learn;
  return guarded([&]() -> const void* {
    at::set_num_threads(1);
    const at::NoGradGuard no_grad;
    Module module(model.network);
    std::copy(model.weights.begin(), model.weights.end(), module.weights().begin());
    std::vector<int32_t> all(static_cast<std::size_t>(rows.rows));
    std::iota(all.begin(), all.end(), 0);
    const at::Tensor raw = module.forward(Gather(rows, model, rows.rows).rows(all.data(), rows.rows), {});
    for (int64_t row = 0; row < rows.rows; ++row) {
      const auto value = static_cast<double>(raw.const_data_ptr<float>()[row]);
      out[row] = model.network.task == tf::network::Task::classification
                     ? 1 / (1 + std::exp(-value))
                     : value * model.target_scale + model.target_mean;
    }
    return tensor_over(rows).const_data_ptr();
  });
}
