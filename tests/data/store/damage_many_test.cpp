// LABEL: slow
#include "damage_points.hpp"

TEST_CASE("of ten thousand random flips and cuts none passes unseen, and every report names the place") {
  const auto tally = damage::spoil_all(1'000, 334, 200);
  CHECK(tally.flips + tally.cuts >= 10'000);
}
