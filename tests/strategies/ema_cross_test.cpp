#include <doctest/doctest.h>

#include "one_lane.hpp"

using namespace tf::market;

namespace {
LaneSpec lane(std::map<std::string, double> numbers, const char* direction) {
  return {"ema_cross", params_of("ema_cross", numbers, direction), -1};
}
}  // namespace

TEST_CASE("it waits for the slow average, then follows the faster one") {
  // fast = last mid (period 1), slow has weight 1/2 (period 3).
  // mids 100 110 120 110 100 -> slow 100 105 112.5 111.25 105.6
  CHECK(positions_of(lane({{"fast", 1}, {"slow", 3}}, "both"), {100, 110, 120, 110, 100}) ==
        std::vector<double>{0, 0, 1, -1, -1});
}

TEST_CASE("in direction long it stands aside instead of going short") {
  CHECK(positions_of(lane({{"fast", 1}, {"slow", 3}, {"size", 2}}, "long"), {100, 110, 120, 110, 100}) ==
        std::vector<double>{0, 0, 2, 0, 0});
}

TEST_CASE("equal averages keep the position") {
  CHECK(positions_of(lane({{"fast", 3}, {"slow", 3}}, "both"), {100, 110, 120, 110}) ==
        std::vector<double>{0, 0, 0, 0});
}
