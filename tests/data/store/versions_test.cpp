#include "data/store/versions.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>

#include "made_days.hpp"

using namespace tf;
using namespace tf::data;

namespace {

namespace fs = std::filesystem;

/// All rows of version n carry n as their size.
std::vector<Tick> version(int64_t number) {
  std::vector<Tick> ticks = made::ticks(30);
  for (Tick& tick : ticks) tick.qty = number;
  return ticks;
}

std::string place(const made::Folder& folder, const std::string& name = "") {
  return folder.path() + "/store/" + made::kId + (name.empty() ? "" : "/" + name);
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("each replacement keeps the file that was there, byte for byte, under the next number") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  std::vector<std::string> files;
  for (int number = 1; number <= 4; ++number) {
    files.push_back(made::bytes_of(made::write(store, version(number), made::kDay, number > 1).path));
    const auto versions = version_files(place(folder), made::kDay);
    REQUIRE(int(versions.size()) == number - 1);
    for (int old = 1; old < number; ++old) {
      CHECK(versions[std::size_t(old) - 1].number == old);
      const bool is_the_same = made::bytes_of(versions[std::size_t(old) - 1].path) == files[std::size_t(old) - 1];
      CHECK(is_the_same);
    }
    CHECK(made::read(store, {made::kDay}) == version(number));
  }
}

TEST_CASE("prune keeps the newest versions of each day, and a dry run tells the same and removes nothing") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  for (int number = 0; number < 12; ++number) made::write(store, version(number), made::kDay, number > 0);
  for (int number = 0; number < 2; ++number) made::write(store, version(number), made::kDay + 1, number > 0);
  const Names before = names_in(place(folder));
  const auto planned = store.prune(made::kId, 2, true);
  CHECK(names_in(place(folder)) == before);
  CHECK(store.prune(made::kId, 2) == planned);
  // By number, not by name: 10 and 11 are newer than 9.
  CHECK(names_in(place(folder)) == Names{"2014-05-01.h5", "2014-05-01.v10.h5", "2014-05-01.v11.h5", "2014-05-02.h5",
                                         "2014-05-02.v1.h5", "instrument.toml"});
  CHECK(made::read(store, {made::kDay}) == version(11));
  // Numbers that are free again stay free: the next one is the newest.
  made::write(store, version(12), made::kDay, true);
  CHECK(store.prune(made::kId, 1) == Names{place(folder, "2014-05-01.v10.h5"), place(folder, "2014-05-01.v11.h5")});
  CHECK(fs::exists(place(folder, "2014-05-01.v12.h5")));
  ErrorKind kind{};
  made::error_of([&] { store.prune(made::kId, -1); }, &kind);
  CHECK(kind == ErrorKind::usage);
}

TEST_CASE("a second name of the current file is what a crash left: no version, and prune takes it away") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  made::write(store, version(1));
  made::write(store, version(2), made::kDay, true);
  const std::string current = store.day_path(made::kId, made::kDay), left = place(folder, "2014-05-01.v2.h5");
  REQUIRE(::link(current.c_str(), left.c_str()) == 0);
  std::vector<VersionFile> leftovers;
  CHECK(version_files(place(folder), &leftovers).size() == 1);
  REQUIRE(leftovers.size() == 1);
  CHECK(leftovers[0].path == left);
  SUBCASE("the next replacement uses it") {
    made::write(store, version(3), made::kDay, true);
    CHECK(store.day_versions(made::kId, made::kDay).size() == 2);
    CHECK_FALSE(fs::exists(place(folder, "2014-05-01.v3.h5")));
  }
  SUBCASE("prune removes it alone, though it has the highest number") {
    CHECK(store.prune(made::kId, 1) == Names{left});
    CHECK(store.day_versions(made::kId, made::kDay).size() == 1);
    CHECK(made::read(store, {made::kDay}) == version(2));
  }
  SUBCASE("prune leaves it to a writer that is about to rename over it") {
    const DayLock writer(place(folder), made::kDay);
    CHECK(store.prune(made::kId, 1).empty());
    CHECK(fs::exists(left));
  }
}

TEST_CASE("names that are no version of ours are neither listed nor pruned") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  made::write(store, version(1));
  for (const char* name :
       {"2014-05-01.v01.h5", "2014-05-01.v0.h5", "2014-05-01.v-1.h5", "2014-05-01.v1.h5x", "2014-05-01.v.h5",
        "2014-13-01.v1.h5", "notes.v1.h5", "2014-05-01.v99999999999999999999.h5"}) {
    CAPTURE(name);
    CHECK_FALSE(is_version_name(name));
    made::put_bytes(place(folder, name), "mine");
  }
  CHECK(is_version_name("2014-05-01.v12.h5"));
  const Names before = names_in(place(folder));
  CHECK(store.prune(made::kId, 0).empty());
  CHECK(names_in(place(folder)) == before);
}

TEST_CASE("the sweeper takes what dead writers left and nothing else") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  made::write(store, version(1));
  const auto live = store.write_day(made::kId, made::kDay + 5);
  for (const char* name : {".2014-05-03.h5.tmp", ".part-7", ".instrument.toml.tmp"})
    made::put_bytes(place(folder, name), "x");
  for (const char* name : {"2014-05-03.h5.tmp", ".hidden", "part-7"}) made::put_bytes(place(folder, name), "x");
  fs::create_directory(place(folder, ".folder.tmp"));
  fs::create_symlink(place(folder, "2014-05-01.h5"), place(folder, ".link.tmp"));
  const Names stale{place(folder, ".2014-05-03.h5.tmp"), place(folder, ".instrument.toml.tmp"),
                    place(folder, ".part-7")};
  const Names before = names_in(place(folder));
  CHECK(sweep_stale(place(folder), true) == stale);
  CHECK(names_in(place(folder)) == before);
  CHECK(sweep_stale(place(folder)) == stale);
  CHECK(names_in(place(folder)).size() == before.size() - 3);
  CHECK(fs::exists(temporary_day_path(place(folder), made::kDay + 5)));
  live->append(version(5));
  live->commit({});
  CHECK(made::read(store, {made::kDay + 5}) == version(5));
}

TEST_CASE("the first writer of an opened store clears each folder, later ones take over their own day's file") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const auto leave = [&](Day day) { made::put_bytes(temporary_day_path(place(folder), day), "half a day"); };
  leave(made::kDay + 9);
  made::write(store, version(1));
  CHECK_FALSE(fs::exists(temporary_day_path(place(folder), made::kDay + 9)));
  leave(made::kDay + 8);
  leave(made::kDay + 1);
  const TickStore copy = store;
  made::write(copy, version(1), made::kDay + 1);
  CHECK(made::read(store, {made::kDay + 1}) == version(1));
  CHECK(fs::exists(temporary_day_path(place(folder), made::kDay + 8)));
  made::write(TickStore::open(store.root()), version(1), made::kDay + 2);
  CHECK_FALSE(fs::exists(temporary_day_path(place(folder), made::kDay + 8)));
}
