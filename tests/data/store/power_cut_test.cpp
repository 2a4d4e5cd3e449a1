// LABEL: slow
// Crash points by the hundred, and the proof that these tests see a sync that is missing.
#include "power_points.hpp"

using namespace faults;

TEST_CASE("child: steps" * doctest::skip()) { child_steps(); }
TEST_CASE("child: upgrade" * doctest::skip()) { child_upgrade(); }

TEST_CASE("200 power cuts leave whole days and lose nothing that was acknowledged") {
  const Tally tally = crash(200, "power", "", 3);
  CHECK(tally.killed == 200);
  CHECK_MESSAGE(tally.wrong == 0, tally.first_wrong);
  MESSAGE(tally.points << " power cuts, " << tally.wrong << " wrong");
}

TEST_CASE("200 kills between two calls leave whole days and lose nothing that was acknowledged") {
  const Tally tally = crash(200, "kill", "", 4);
  CHECK(tally.killed == 200);
  CHECK_MESSAGE(tally.wrong == 0, tally.first_wrong);
  MESSAGE(tally.points << " kills, " << tally.wrong << " wrong");
}

TEST_CASE("a disk that lies about syncs loses what was acknowledged: these tests can fail") {
  for (const std::string lie : {"file", "folder"}) {
    const Tally tally = crash(40, "power", lie, 5);
    CHECK(tally.wrong > 0);
    MESSAGE("lying about syncs of a " << lie << ": " << tally.wrong << " of " << tally.points
                                      << " wrong, first: " << tally.first_wrong);
  }
}

TEST_CASE("an upgrade cut at any call leaves each day old or new, and goes on when it is run again") {
  for (const char* mode : {"power", "kill"}) {
    const Tally tally = crash_upgrade(60, mode, 6);
    CHECK(tally.killed == 60);
    CHECK_MESSAGE(tally.wrong == 0, tally.first_wrong);
    MESSAGE(tally.points << " points, " << tally.wrong << " wrong");
  }
}
