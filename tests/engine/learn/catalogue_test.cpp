#include "engine/learn/catalogue.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "cuda/base/error.hpp"
#include "engine/learn/torch_library.hpp"

using namespace tf;
using namespace tf::learn;

TEST_CASE("an unknown model is refused with the candidates") {
  CHECK_THROWS_WITH_AS(find_model("forest"), "unknown model 'forest'; known: linear, mlp", Error);
}

TEST_CASE("every model builds a network that ends in one output, and its parameters are described") {
  for (const model_catalogue::Row& row : model_catalogue::rows()) {
    const ModelEntry& entry = find_model(row.name);
    CHECK(std::string(entry.help) != "");
    const auto params = entry.params.make();
    for (const auto task : {network::Task::regression, network::Task::classification}) {
      const network::Network network = entry.build(params.get(), 11, task);
      CHECK(network.inputs == 11);
      CHECK(network.task == task);
      CHECK(network.layers.back().width == 1);
      CHECK(network.layers.back().activation == network::Activation::identity);
      CHECK(network.layers.back().dropout == 0);
    }
  }
}

TEST_CASE("a trainer that is not there is an error that says what to do") {
  setenv("TF_LEARN_LIBRARY", "/nowhere/lib.so", 1);
  try {
    torch_trainer();
    FAIL("loaded a library that does not exist");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::no_input);
    CHECK(std::string(error.what()).find("/nowhere/lib.so") != std::string::npos);
    CHECK(std::string(error.what()).find("./dev setup") != std::string::npos);
  }
  unsetenv("TF_LEARN_LIBRARY");
  CHECK(torch_library_path() == std::string(TF_BINARY) + "/libtickfold_learn.so");
}
