// A few of the crash points; power_cut_test.cpp tries many.
#include "power_points.hpp"

using namespace faults;

TEST_CASE("child: steps" * doctest::skip()) { child_steps(); }
TEST_CASE("child: upgrade" * doctest::skip()) { child_upgrade(); }
TEST_CASE("child: restore" * doctest::skip()) { child_restore(); }

TEST_CASE("after a power cut at any call each day is whole, and nothing that was acknowledged is lost") {
  const Tally tally = crash(30, "power", "", 1);
  CHECK(tally.killed == 30);
  CHECK_MESSAGE(tally.wrong == 0, tally.first_wrong);
  MESSAGE(tally.points << " power cuts, " << tally.wrong << " wrong");
}

TEST_CASE("after a kill at any call each day is whole, and nothing that was acknowledged is lost") {
  const Tally tally = crash(15, "kill", "", 2);
  CHECK(tally.killed == 15);
  CHECK_MESSAGE(tally.wrong == 0, tally.first_wrong);
}

TEST_CASE("an upgrade cut at any call leaves each day old or new, and goes on when it is run again") {
  const Tally tally = crash_upgrade(4, "power", 6);
  CHECK(tally.killed == 4);
  CHECK_MESSAGE(tally.wrong == 0, tally.first_wrong);
}

TEST_CASE("restoring an old version, cut at any call, leaves the day or the version, and loses neither") {
  for (const auto& [mode, points] : {std::pair{"power", 50}, {"kill", 25}}) {
    const Tally tally = crash_restore(points, mode, "", 7);
    CHECK(tally.killed == points);
    CHECK_MESSAGE(tally.wrong == 0, tally.first_wrong);
  }
}

TEST_CASE("a disk that lies about syncs of a folder loses what was restored: the test above can fail") {
  CHECK(crash_restore(40, "power", "folder", 8).wrong > 0);
}
