#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <thread>

#include "data/store/day_file.hpp"
#include "made_days.hpp"

using namespace tf;
using namespace tf::data;

namespace {

/// Runs `act` in a child process; returns its pid there and never returns in the child.
template <class Act>
pid_t in_child(const Act& act) {
  std::cout.flush();  // else the child's exit prints it again
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) std::exit(act());  // with the exit handlers, HDF5's among them
  return child;
}

int status_of(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

}  // namespace

TEST_CASE("a writer killed at any point leaves whole days or none, and the next writer clears up") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::vector<Tick> small = made::ticks(3'000), large = made::ticks(kChunkRows + 1'000);
  std::mt19937_64 random(5);
  int written = 0;
  for (int round = 0; round < 40; ++round) {
    const int first = written;
    const pid_t child = in_child([&] {
      for (int index = first;; ++index) made::write(store, (index + round) % 5 ? small : large, made::kDay + index);
      return 0;
    });
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 100'000));
    ::kill(child, SIGKILL);
    CHECK(WIFSIGNALED(status_of(child)));
    const std::vector<DayInfo> days = store.days(made::kId);
    for (std::size_t index = static_cast<std::size_t>(first); index < days.size(); ++index) {
      CHECK(days[index].day == made::kDay + static_cast<int>(index));
      CHECK(store.verify_day(made::kId, days[index].day).empty());
      CHECK(days[index].rows == int64_t((index + static_cast<std::size_t>(round)) % 5 ? small.size() : large.size()));
    }
    written = static_cast<int>(days.size());
  }
  CHECK(written > 0);
  MESSAGE(written << " days were written by 40 killed writers");
  made::write(store, small, made::kDay + 100'000);
  int temporaries = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() + "/store/made/EURUSD"))
    temporaries += entry.path().extension() == ".tmp";
  CHECK(temporaries == 0);
}

TEST_CASE("when the system takes no more bytes the writer says so and leaves nothing behind") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::vector<Tick> ticks = made::ticks(kChunkRows * 2 + 1'000);
  const auto whole = static_cast<rlim_t>(made::write(store, ticks, made::kDay + 1).file_bytes);
  for (const rlim_t limit :
       {rlim_t(0), rlim_t(100), rlim_t(3'000), whole / 3, whole * 2 / 3, whole - 1'500, whole - 100}) {
    CAPTURE(limit);
    const pid_t child = in_child([&] {
      ::signal(SIGXFSZ, SIG_IGN);
      const rlimit most{limit, limit};
      ::setrlimit(RLIMIT_FSIZE, &most);
      ErrorKind kind = ErrorKind::internal;
      const std::string error = made::error_of([&] { made::write(store, ticks); }, &kind);
      if (kind != ErrorKind::io || error.find("2014-05-01") == std::string::npos ||
          error.find("cannot write") == std::string::npos)
        return 1;
      return store.has_day(made::kId, made::kDay) ? 2 : 0;
    });
    const int status = status_of(child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    std::size_t files = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path() + "/store/made/EURUSD"))
      ++files;
    CHECK(files == 2);  // instrument.toml and the day before
  }
  made::write(store, ticks);
  CHECK(store.verify_day(made::kId, made::kDay).empty());
}
