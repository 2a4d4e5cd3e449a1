#include <doctest/doctest.h>

#include "engine/learn/trainer.hpp"

using namespace tf;

TEST_CASE("a linear model is one output on the inputs, without parameters") {
  const learn::ModelEntry& entry = learn::find_model("linear");
  CHECK(entry.params.fields.empty());
  for (const auto task : {network::Task::regression, network::Task::classification}) {
    const network::Network network = entry.build(entry.params.make().get(), 9, task);
    CHECK(network.layers.size() == 1);
    CHECK(network.task == task);
    CHECK(network.weight_count() == 10);
  }
}
