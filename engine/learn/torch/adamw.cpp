#include "engine/learn/torch/adamw.hpp"

#include <cmath>

namespace tf::learn {

void AdamW::step(std::span<float> weights, std::span<const float> gradients, std::span<const float> decays,
                 float scale) {
  // Constants in double: 1.f - 0.999f is 5e-5 off 0.001 and moves weights by 2e-6 in 100 steps.
  constexpr double kBeta1 = 0.9, kBeta2 = 0.999;
  power1_ *= kBeta1;
  power2_ *= kBeta2;
  const auto beta1 = static_cast<float>(kBeta1), beta2 = static_cast<float>(kBeta2);
  const auto other1 = static_cast<float>(1 - kBeta1), other2 = static_cast<float>(1 - kBeta2);
  const auto rate = static_cast<float>(rate_ / (1 - power1_));
  const auto spread = static_cast<float>(1 / std::sqrt(1 - power2_));
  const auto shrink = static_cast<float>(rate_ * decay_);
  constexpr float kEpsilon = 1e-8f;
  for (std::size_t at = 0; at < weights.size(); ++at) {
    const float gradient = gradients[at] * scale;
    const float mean = beta1 * mean_[at] + other1 * gradient;
    const float square = beta2 * square_[at] + other2 * gradient * gradient;
    mean_[at] = mean;
    square_[at] = square;
    const float kept = weights[at] - shrink * decays[at] * weights[at];
    weights[at] = kept - rate * mean / (std::sqrt(square) * spread + kEpsilon);
  }
}

double norm(std::span<const float> values) {
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(sum);
}

}  // namespace tf::learn
