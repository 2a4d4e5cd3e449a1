#include <doctest/doctest.h>

#include "one_lane.hpp"

using namespace tf::market;

TEST_CASE("it buys at the first decision and never trades again") {
  CHECK(positions_of({"buy_and_hold", params_of("buy_and_hold", {{"size", 3}}), -1}, {100, 90, 120, 80}) ==
        std::vector<double>{3, 3, 3, 3});
}
