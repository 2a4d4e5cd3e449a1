// What may happen to a day between the moment its new file is written and the moment that file takes its place: an
// upgrade is stopped there, and goes on afterwards.
#include "power_points.hpp"

using namespace faults;
using namespace tf;
using namespace tf::data;

namespace {

namespace fs = std::filesystem;

const Day kLegacyDay = made::kDay + 1;

/// A store with one day that schema 1 wrote, and an upgrade of it that has written the new file and stands still:
/// before the rename from its temporary name, or, when it is `checked`, before it takes the lock of the day.
struct Stopped {
  made::Folder folder;
  std::string day, scratch, old;
  std::vector<made::Tick> ticks;
  pid_t child = -1;
  int output = -1;

  explicit Stopped(bool checked = false) {
    work_in_memory();
    const std::string from = TF_SOURCE "/tests/data/store/legacy/made/EURUSD/";
    const std::string name = "/made/EURUSD/" + to_text(kLegacyDay) + ".h5";
    for (int call = 1; call < 30; ++call) {
      fs::remove_all(folder.path() + "/store");
      fs::create_directories(folder.path() + "/store/made/EURUSD");
      fs::copy_file(from + "instrument.toml", folder.path() + "/store/made/EURUSD/instrument.toml");
      day = folder.path() + "/store" + name;
      fs::copy_file(from + to_text(kLegacyDay) + ".h5", day);
      scratch =
          folder.path() + "/store/.upgrade" + (checked ? name : "/made/EURUSD/." + to_text(kLegacyDay) + ".h5.tmp");
      child = start("child: upgrade", folder.path(), folder.path(),
                    Plan::of("stop", checked ? "create" : "rename", call), output);
      int status = 0;
      REQUIRE(::waitpid(child, &status, WUNTRACED) == child);
      REQUIRE(WIFSTOPPED(status));
      if (fs::exists(scratch)) break;
      go_on();
    }
    REQUIRE(fs::exists(scratch));
    old = made::bytes_of(day);
    ticks = made::read(store(), {kLegacyDay});
  }
  TickStore store() const { return TickStore::open(folder.path() + "/store"); }
  Outcome go_on() {
    ::kill(child, SIGCONT);
    return finish(child, output, folder.path());
  }
};

}  // namespace

TEST_CASE("child: upgrade" * doctest::skip()) { child_upgrade(); }

TEST_CASE("a new file that is spoiled before it takes its place never takes it") {
  Stopped upgrade;
  const std::string whole = made::bytes_of(upgrade.scratch);
  std::string bytes = whole;
  SUBCASE("in the middle") { bytes[bytes.size() / 3] ^= 4; }
  SUBCASE("in its footer") { bytes[bytes.size() - 30] ^= 4; }
  SUBCASE("at its end") { bytes.resize(bytes.size() - 100); }
  SUBCASE("sound, with other ticks") {
    const made::Folder elsewhere;
    const TickStore other = TickStore::open(elsewhere.path(), true);
    other.add_instrument(upgrade.store().instrument(made::kId));
    std::vector<made::Tick> ticks = upgrade.ticks;
    ++ticks[ticks.size() / 2].px;
    bytes = made::bytes_of(made::write(other, ticks, kLegacyDay).path);
  }
  const bool is_spoiled = bytes != whole;
  REQUIRE(is_spoiled);
  made::put_bytes(upgrade.scratch, bytes);
  CHECK_FALSE(upgrade.go_on().ended());
  const bool day_stays = made::bytes_of(upgrade.day) == upgrade.old;
  CHECK(day_stays);
  CHECK(upgrade.store().day_versions(made::kId, kLegacyDay).empty());
}

TEST_CASE("a day that is replaced while it is upgraded stays as it was replaced") {
  bool checked = false;
  SUBCASE("before the new file is compared with it") {}
  SUBCASE("after the new file was compared with it") { checked = true; }
  Stopped upgrade(checked);
  const auto fresh = made::ticks(70, {}, 3, kLegacyDay);
  made::write(upgrade.store(), fresh, kLegacyDay, true);
  CHECK(upgrade.go_on().ended());  // the day is refused, the upgrade ends
  CHECK((made::read(upgrade.store(), {kLegacyDay}) == fresh));
  const auto versions = upgrade.store().day_versions(made::kId, kLegacyDay);
  REQUIRE(versions.size() == 1);
  const bool old_is_kept = made::bytes_of(versions[0].path) == upgrade.old;
  CHECK(old_is_kept);
}

TEST_CASE("left alone it goes on and the day is upgraded") {
  Stopped upgrade;
  CHECK(upgrade.go_on().ended());
  const bool is_new = made::bytes_of(upgrade.day) != upgrade.old;
  CHECK(is_new);
  CHECK((made::read(upgrade.store(), {kLegacyDay}) == upgrade.ticks));
}
