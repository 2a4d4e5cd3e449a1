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
}

TEST_CASE("a trainer of another build is refused before anything else of it is called, with both interfaces named") {
  struct {
    const char *library, *interface;
  } const cases[] = {{TF_STALE_TRAINER, "0123456789abcdef"}, {TF_NO_TRAINER, "none"}};
  for (const auto& [library, interface] : cases) {
    setenv("TF_LEARN_LIBRARY", library, 1);
    try {
      torch_trainer();
      FAIL("loaded " << library);
    } catch (const Error& error) {
      const std::string message = error.what();
      CHECK(error.kind() == ErrorKind::no_input);
      CHECK(message.find(library) != std::string::npos);
      CHECK(message.find(std::string("its interface is ") + interface + ", this program's " TF_TRAINER_INTERFACE) !=
            std::string::npos);
    }
  }
  unsetenv("TF_LEARN_LIBRARY");
}

TEST_CASE("the trainer of this build is looked for beside the program, and accepted") {
  unsetenv("TF_LEARN_LIBRARY");
  CHECK(torch_library_path() == std::string(TF_BINARY) + "/libtickfold_learn.so");
  CHECK(torch_trainer().version().rfind("LibTorch ", 0) == 0);
}
