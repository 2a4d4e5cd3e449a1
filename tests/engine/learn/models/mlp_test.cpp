#include <doctest/doctest.h>

#include <string>

#include "engine/learn/trainer.hpp"

using namespace tf;

namespace {

template <class T>
void set(const learn::ModelEntry& entry, void* params, const std::string& name, const T& value) {
  for (const Field& field : entry.params.fields)
    if (name == field.name) *reinterpret_cast<T*>(static_cast<char*>(params) + field.offset) = value;
}

}  // namespace

TEST_CASE("an mlp has two hidden layers by default") {
  const learn::ModelEntry& entry = learn::find_model("mlp");
  const auto params = entry.params.make();
  CHECK(params_text(entry.params, params.get()) == "hidden1=32,hidden2=32,activation=relu,dropout=0");
  const network::Network network = entry.build(params.get(), 16, network::Task::regression);
  CHECK(network.weight_count() == 16 * 32 + 32 + 32 * 32 + 32 + 33);
  CHECK(network.layers[0].activation == network::Activation::relu);
}

TEST_CASE("widths, activation and dropout of an mlp are its parameters; the second layer can be left out") {
  const learn::ModelEntry& entry = learn::find_model("mlp");
  const auto params = entry.params.make();
  set<int>(entry, params.get(), "hidden1", 7);
  set<int>(entry, params.get(), "hidden2", 0);
  set<std::string>(entry, params.get(), "activation", "tanh");
  set<double>(entry, params.get(), "dropout", 0.25);
  const network::Network network = entry.build(params.get(), 3, network::Task::classification);
  REQUIRE(network.layers.size() == 2);
  CHECK(network.layers[0].width == 7);
  CHECK(network.layers[0].activation == network::Activation::tanh);
  CHECK(network.layers[0].dropout == 0.25);
  CHECK(network.layers[1].dropout == 0);
}
