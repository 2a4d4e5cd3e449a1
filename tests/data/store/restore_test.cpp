#include "data/store/restore.hpp"

#include <doctest/doctest.h>

#include "data/store/day_file.hpp"
#include "data/store/versions.hpp"
#include "made_days.hpp"

using namespace tf;
using namespace tf::data;

namespace {

namespace fs = std::filesystem;

/// All rows of version n carry n as their size.
std::vector<Tick> version(int64_t number) {
  std::vector<Tick> ticks = made::ticks(300);
  for (Tick& tick : ticks) tick.qty = number;
  return ticks;
}

struct Store {
  made::Folder folder;
  TickStore store = made::store(folder);
  std::vector<std::string> files;  ///< bytes of versions 1 to 3, the last one current
  std::string place = folder.path() + "/store/" + made::kId;
  Store() {
    for (int number = 1; number <= 3; ++number)
      files.push_back(made::bytes_of(made::write(store, version(number), made::kDay, number > 1).path));
  }
  /// "1=1 2=2 =3": number of each version and the contents it has, the current one last.
  std::string state() const {
    std::string text;
    const auto add = [&](const std::string& name, const std::string& path) {
      const std::string bytes = made::bytes_of(path);
      std::size_t known = 0;
      while (known < files.size() && files[known] != bytes) ++known;
      text += name + "=" + (known < files.size() ? std::to_string(known + 1) : "other") + " ";
    };
    for (const VersionFile& file : version_files(place, made::kDay)) add(std::to_string(file.number), file.path);
    add("", store.day_path(made::kId, made::kDay));
    return text;
  }
};

}  // namespace

TEST_CASE("an old version becomes current, and what was current the newest old version") {
  Store made;
  REQUIRE(made.state() == "1=1 2=2 =3 ");
  const DayInfo restored = restore_version(made.store, made::kId, made::kDay, 1);
  CHECK(made.state() == "2=2 3=3 =1 ");
  CHECK(restored.path == fs::absolute(made.store.day_path(made::kId, made::kDay)));
  CHECK(restored.content_digest == made.store.days(made::kId)[0].content_digest);
  CHECK(made::read(made.store, {made::kDay}) == version(1));
  // And back.
  restore_version(made.store, made::kId, made::kDay, 3);
  CHECK(made.state() == "2=2 4=1 =3 ");
  CHECK(sweep_stale(made.place).empty());
  CHECK_FALSE(fs::exists(temporary_day_path(made.place, made::kDay)));
}

TEST_CASE("a reader that has begun goes on with the day it opened") {
  Store made;
  const auto reader = made.store.read(made::kId, {made::kDay});
  const TickBlock* block = reader->next();
  REQUIRE(block);
  restore_version(made.store, made::kId, made::kDay, 2);
  CHECK(made::rows_of(block->ticks) == version(3));
  CHECK(made::read(made.store, {made::kDay}) == version(2));
}

TEST_CASE("a damaged day, or one that is gone, is healed by an old version") {
  Store made;
  const std::string path = made.store.day_path(made::kId, made::kDay);
  SUBCASE("damaged: it is kept all the same") {
    made::put_bytes(path, "no day file");
    restore_version(made.store, made::kId, made::kDay, 2);
    CHECK(made.state() == "1=1 3=other =2 ");
    const bool is_kept = made::bytes_of(made.place + "/2014-05-01.v3.h5") == "no day file";
    CHECK(is_kept);
  }
  SUBCASE("gone") {
    fs::remove(path);
    restore_version(made.store, made::kId, made::kDay, 2);
    CHECK(made.state() == "1=1 =2 ");
  }
  CHECK(made.store.verify_day(made::kId, made::kDay).empty());
}

TEST_CASE("a damaged version is refused, whatever part of it is damaged, and nothing changes") {
  Store made;
  const std::string path = made.place + "/2014-05-01.v2.h5";
  const int64_t chunk = open_sound_day(path, made::kId, made::kDay, 0).footer.entry(kPx, 0).offset;
  const auto whole = static_cast<int64_t>(made.files[1].size());
  for (const int64_t at : {int64_t(600), chunk + 2, whole - 20}) {
    CAPTURE(at);
    std::string bytes = made.files[1];
    bytes[static_cast<std::size_t>(at)] ^= 1;
    made::put_bytes(path, bytes);
    const std::string before = made.state();
    ErrorKind kind{};
    const std::string error = made::error_of([&] { restore_version(made.store, made::kId, made::kDay, 2); }, &kind);
    CHECK(kind == ErrorKind::bad_data);
    CHECK(error.find("2014-05-01.v2.h5") != std::string::npos);
    CHECK(made.state() == before);
  }
}

TEST_CASE("a version that is not there is refused with those that are") {
  Store made;
  const std::string current = made.store.day_path(made::kId, made::kDay);
  fs::create_hard_link(current, made.place + "/2014-05-01.v3.h5");  // what a crash leaves is no version
  for (const int64_t number : {int64_t(0), int64_t(3), int64_t(-1)}) {
    ErrorKind kind{};
    const std::string error =
        made::error_of([&] { restore_version(made.store, made::kId, made::kDay, number); }, &kind);
    CHECK(kind == ErrorKind::no_input);
    CHECK(error.find("there are: 1, 2") != std::string::npos);
  }
  CHECK(made::error_of([&] { restore_version(made.store, made::kId, made::kDay + 1, 1); }).find("there are: none") !=
        std::string::npos);
  CHECK(made.state() == "1=1 2=2 =3 ");
}

TEST_CASE("while a writer is at work on the day it is told to try again") {
  Store made;
  const auto writer = made.store.write_day(made::kId, made::kDay, true);
  ErrorKind kind{};
  made::error_of([&] { restore_version(made.store, made::kId, made::kDay, 1); }, &kind);
  CHECK(kind == ErrorKind::again);
  writer->append(version(9));
  writer->commit({});
  CHECK(made.state() == "1=1 2=2 3=3 =other ");
}
