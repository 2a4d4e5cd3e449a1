#include <doctest/doctest.h>

#include "one_lane.hpp"

using namespace tf::market;

namespace {
const double kNan = __builtin_nan("");
std::vector<double> run(std::map<std::string, double> numbers, const char* direction,
                        const std::vector<double>& signals) {
  return positions_of({"model_signal", params_of("model_signal", numbers, direction), 0},
                      std::vector<int64_t>(signals.size(), 100), signals);
}
}  // namespace

TEST_CASE("it enters beyond one threshold and leaves beyond another, on both sides") {
  CHECK(run({{"enter", 1}, {"exit", 0.2}, {"size", 2}}, "both", {0.9, 1.1, 0.5, 0.1, -1.1, -0.5, -0.1, 1.2}) ==
        std::vector<double>{0, 2, 2, 0, -2, -2, 0, 2});
}

TEST_CASE("a strong opposite signal turns the position at once") {
  CHECK(run({{"enter", 1}}, "both", {1.5, -1.5, 1.5}) == std::vector<double>{1, -1, 1});
}

TEST_CASE("in direction long a negative signal closes and opens nothing") {
  CHECK(run({{"enter", 1}}, "long", {-2, 1.5, -2, -2}) == std::vector<double>{0, 1, 0, 0});
}

TEST_CASE("NaN keeps what is held") {
  CHECK(run({{"enter", 1}}, "both", {kNan, 1.5, kNan, kNan, -0.5, kNan}) == std::vector<double>{0, 1, 1, 1, 0, 0});
}

TEST_CASE("a position is held for at least the decisions asked for") {
  // Known at the decision after its fill (age 0); it may go at age 2.
  CHECK(run({{"enter", 1}, {"hold_decisions", 2}}, "both", {1.5, -0.5, -0.5, -0.5, -0.5}) ==
        std::vector<double>{1, 1, 1, 0, 0});
}
