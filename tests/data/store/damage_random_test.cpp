// Random damage in every shape and codec; damage_many_test.cpp tries ten thousand.
#include "damage_points.hpp"

TEST_CASE("no random flip or cut passes unseen, and every report names the place") {
  const auto tally = damage::spoil_all(156, 32, 100);
  CHECK(tally.flips + tally.cuts == 1'500);
  CHECK(tally.in_chunks > 500);
  CHECK(tally.in_metadata > 200);
}
