// Readers, lists and a second writer beside a writer that replaces days all the time.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <mutex>
#include <thread>

#include "data/store/ring_reader.hpp"
#include "data/store/versions.hpp"
#include "made_days.hpp"

using namespace tf;
using namespace tf::data;

namespace {

/// All rows of version n of a day carry n as their size, so that a mixture shows.
std::vector<Tick> version(int64_t number, std::size_t rows = 400) {
  std::vector<Tick> ticks = made::ticks(rows);
  for (Tick& tick : ticks) tick.qty = number;
  return ticks;
}

/// Writers are processes of their own, as libhdf5 is for one thread at a time.
template <class Act>
pid_t in_child(const Act& act) {
  std::cout.flush();
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child > 0) return child;
  const std::string error = made::error_of(act);
  std::cerr << error;
  ::_exit(error.empty() ? 0 : 1);
}

int status_of(pid_t child) {
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
}

}  // namespace

TEST_CASE("a reader that has begun a day goes on with its version while the day is replaced and pruned") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::size_t rows = 5 * 256 * 1024;
  made::write(store, version(1, rows));
  const auto reader = store.read(made::kId, {made::kDay});
  const TickBlock* block = reader->next();
  REQUIRE(block);
  made::write(store, version(2), made::kDay, true);
  CHECK(store.prune(made::kId, 0).size() == 1);
  std::size_t read = 0;
  bool same = true;
  for (; block; block = reader->next()) {
    read += block->ticks.size();
    for (const int64_t qty : block->ticks.qty) same &= qty == 1;
  }
  CHECK(read == rows);
  CHECK(same);
  CHECK(made::read(store, {made::kDay}) == version(2));
}

TEST_CASE("readers and lists beside a writer see whole days, each version at once, none missing") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  constexpr int kVersions = 40;
  made::write(store, version(0));
  made::write(store, version(0), made::kDay + 1);
  std::atomic<bool> over{false};
  std::atomic<int> reads{0}, lists{0}, wrong{0};
  std::string first_wrong;
  std::mutex mutex;
  const auto complain = [&](const std::string& what) {
    const std::lock_guard lock(mutex);
    if (first_wrong.empty()) first_wrong = what;
    ++wrong;
  };
  {
    std::vector<std::jthread> others;
    others.emplace_back([&] {
      int64_t newest = 0;
      while (!over) {
        try {
          const std::vector<Tick> ticks = made::read(store, {made::kDay});
          if (ticks.empty() || ticks != version(ticks[0].qty)) complain("a day is a mixture");
          if (ticks[0].qty < newest) complain("an older version came back");
          newest = ticks[0].qty;
          ++reads;
        } catch (const Error& error) { complain(std::string("read: ") + error.what()); }
      }
    });
    others.emplace_back([&] {
      while (!over) {
        try {
          if (store.days(made::kId).size() != 2) complain("a day is missing in a list");
          const auto versions = store.day_versions(made::kId, made::kDay);
          if (versions.size() > kVersions) complain("too many versions");
          ++lists;
        } catch (const Error& error) { complain(std::string("list: ") + error.what()); }
      }
    });
    for (int number = 1; number <= kVersions; ++number) {
      made::write(store, version(number), made::kDay, true);
      if (number % 8 == 0) store.prune(made::kId, 2);
    }
    over = true;
  }
  CHECK_MESSAGE(wrong == 0, first_wrong);
  CHECK(reads > 0);
  CHECK(lists > 0);
  CHECK(store.day_versions(made::kId, made::kDay).size() == 2);
  MESSAGE(reads.load() << " reads and " << lists.load() << " lists beside " << kVersions << " replacements");
}

TEST_CASE("of two writers on one day the second is told to try again, and loses nothing of the first") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  made::write(store, version(0));
  const auto first = store.write_day(made::kId, made::kDay, true);
  ErrorKind kind{};
  CHECK(made::error_of([&] { store.write_day(made::kId, made::kDay, true); }, &kind).find("another writer") !=
        std::string::npos);
  CHECK(kind == ErrorKind::again);
  made::write(store, version(7), made::kDay + 1);  // another day is nobody's business
  first->append(version(1));
  first->commit({});
  made::write(store, version(2), made::kDay, true);
  CHECK(made::read(store, {made::kDay}) == version(2));
  CHECK(store.day_versions(made::kId, made::kDay).size() == 2);
}

TEST_CASE("writers of many days in one folder do not take one another for dead") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  // Beside them somebody looks for stale files all the time.
  const pid_t sweeper = in_child([&] {
    while (!std::filesystem::exists(folder.path() + "/over")) sweep_stale(folder.path() + "/store/made/EURUSD");
  });
  std::vector<pid_t> writers;
  for (int writer = 0; writer < 3; ++writer)
    writers.push_back(in_child([&] {
      for (int day = 0; day < 20; ++day) made::write(store, version(day, 20), made::kDay + (day * 3 + writer));
    }));
  for (const pid_t writer : writers) CHECK(status_of(writer) == 0);
  made::put_bytes(folder.path() + "/over", "");
  CHECK(status_of(sweeper) == 0);
  CHECK(store.days(made::kId).size() == 60);
  CHECK(sweep_stale(folder.path() + "/store/made/EURUSD").empty());
}

TEST_CASE("many writers that fight for one day leave every version that one of them was told is there") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const auto told = [&](int64_t number) { return folder.path() + "/told_" + std::to_string(number); };
  std::vector<pid_t> writers;
  for (int64_t writer = 0; writer < 3; ++writer)
    writers.push_back(in_child([&] {
      for (int64_t number = writer; number < 36; number += 3) {
        ErrorKind kind{};
        const std::string error = made::error_of(
            [&] {
              const auto day = store.write_day(made::kId, made::kDay, true);
              day->append(version(number, 20));
              std::this_thread::sleep_for(std::chrono::milliseconds(number % 4 * 20));
              day->commit({});
            },
            &kind);
        if (error.empty()) made::put_bytes(told(number), "");
        if (!error.empty() && kind != ErrorKind::again) throw Error(kind, error);
      }
    }));
  for (const pid_t writer : writers) CHECK(status_of(writer) == 0);
  std::vector<int64_t> committed;
  for (int64_t number = 0; number < 36; ++number)
    if (std::filesystem::exists(told(number))) committed.push_back(number);
  std::vector<int64_t> there = {made::read(store, {made::kDay})[0].qty};
  for (const VersionFile& file : version_files(folder.path() + "/store/made/EURUSD", made::kDay))
    there.push_back(read_days(made::kId, {{made::kDay, file.path}}, {})->next()->ticks.qty[0]);
  std::sort(there.begin(), there.end());
  CHECK(there == committed);
  CHECK(committed.size() > 2);
  MESSAGE(committed.size() << " of 36 committed, the others were told to try again");
}
