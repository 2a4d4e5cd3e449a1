#include <doctest/doctest.h>

#include "one_lane.hpp"

using namespace tf::market;

namespace {
const double kNan = __builtin_nan("");
std::vector<double> run(std::map<std::string, double> numbers, const std::vector<double>& signals) {
  return positions_of({"proportional_signal", params_of("proportional_signal", numbers), 0},
                      std::vector<int64_t>(signals.size(), 100), signals);
}
}  // namespace

TEST_CASE("the position is the signal times its lots, to the nearest lot, and NaN keeps it") {
  CHECK(run({{"lots_per_unit", 4}}, {0.5, kNan, 0.9, -0.3, 0.1}) == std::vector<double>{2, 2, 4, -1, 0});
}

TEST_CASE("small differences are not traded") {
  CHECK(run({{"lots_per_unit", 4}, {"dead_band", 1.5}}, {0.5, 0.75, 0.9, 0.7}) == std::vector<double>{2, 2, 4, 4});
}
