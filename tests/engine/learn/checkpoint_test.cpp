#include "engine/learn/checkpoint.hpp"

#include <doctest/doctest.h>

#include "cuda/base/error.hpp"

using namespace tf;
using namespace tf::learn;

namespace {

Checkpoint small_model() {
  Checkpoint checkpoint;
  checkpoint.model = "mlp";
  checkpoint.model_params = "hidden1=2,hidden2=0";
  checkpoint.schema_digest = "0123abcd";
  checkpoint.seed = 0xfedcba9876543210u;
  network::Fitted& fitted = checkpoint.fitted;
  fitted.network = {
      3, network::Task::classification, {{2, network::Activation::tanh, 0.25}, {1, network::Activation::identity, 0}}};
  fitted.input_mean = {1, -2.5, 1e-300};
  fitted.input_scale = {0.1, 0, 3};
  fitted.target_mean = -7;
  fitted.target_scale = 0.125;
  for (int weight = 0; weight < 11; ++weight) fitted.weights.push_back(0.1f * static_cast<float>(weight) - 0.3f);
  return checkpoint;
}

}  // namespace

TEST_CASE("a model comes back from its bytes as it was") {
  const Checkpoint before = small_model();
  const std::string bytes = save(before);
  const Checkpoint after = load(bytes, "m");
  CHECK(after.model == before.model);
  CHECK(after.model_params == before.model_params);
  CHECK(after.schema_digest == before.schema_digest);
  CHECK(after.seed == before.seed);
  CHECK(after.fitted.network.inputs == 3);
  CHECK(after.fitted.network.task == network::Task::classification);
  REQUIRE(after.fitted.network.layers.size() == 2);
  CHECK(after.fitted.network.layers[0].width == 2);
  CHECK(after.fitted.network.layers[0].activation == network::Activation::tanh);
  CHECK(after.fitted.network.layers[0].dropout == 0.25);
  CHECK(after.fitted.input_mean == before.fitted.input_mean);
  CHECK(after.fitted.input_scale == before.fitted.input_scale);
  CHECK(after.fitted.target_mean == -7);
  CHECK(after.fitted.target_scale == 0.125);
  CHECK(after.fitted.weights == before.fitted.weights);
  CHECK(save(after) == bytes);
}

TEST_CASE("every flip of a bit of every byte is found") {
  const std::string bytes = save(small_model());
  for (std::size_t at = 0; at < bytes.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      bool found = false;
      try {
        load(damaged, "model.bin");
      } catch (const Error& error) {
        found = error.kind() == ErrorKind::bad_data && std::string(error.what()).find("model.bin") == 0;
      }
      if (!found) FAIL("bit " << bit << " of byte " << at << " was flipped and nobody saw it");
    }
}

TEST_CASE("every cut and every addition is found") {
  const std::string bytes = save(small_model());
  for (std::size_t count = 0; count < bytes.size(); ++count) CHECK_THROWS_AS(load(bytes.substr(0, count), "m"), Error);
  CHECK_THROWS_AS(load(bytes + "x", "m"), Error);
}

TEST_CASE("parts that do not fit each other are refused under a true digest") {
  Checkpoint checkpoint = small_model();
  checkpoint.fitted.weights.pop_back();
  CHECK_THROWS_WITH_AS(load(save(checkpoint), "m"), "m: not a model that can be read: its parts do not fit each other",
                       Error);
}
