// Every call of a writer is refused once, and from some call on for good: the error is clear and nothing is lost.
#include "faults/children.hpp"

using namespace tf;
using namespace tf::data;
using namespace faults;

namespace {

constexpr const char* kChanging = "create,write,truncate,fsync,rename,link,mkdir";

const std::vector<Tick> kOldest = made::ticks(40, {}, 1), kOld = made::ticks(60, {}, 2), kNew = made::ticks(300, {}, 3);

/// A store whose day has one old version.
struct Before {
  made::Folder folder;
  TickStore store = made::store(folder);
  std::string place = folder.path() + "/store/made/EURUSD";
  Before() {
    made::write(store, kOldest);
    made::write(store, kOld, made::kDay, true);
  }
  Outcome attempt(const Plan& plan) const {
    return run("child: one write", folder.path() + " replace", folder.path(), plan);
  }
  std::vector<std::vector<Tick>> contents() const {
    std::vector<std::vector<Tick>> all;
    for (const DayInfo& info : store.day_versions(made::kId, made::kDay))
      all.push_back(ticks_of(info.path, made::kDay));
    all.push_back(made::read(store, {made::kDay}));
    return all;
  }
  int temporaries() const {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(place))
      count += entry.path().filename().string()[0] == '.';
    return count;
  }
};

const std::vector<std::vector<Tick>> kUntouched = {kOldest, kOld}, kReplaced = {kOldest, kOld, kNew};

}  // namespace

TEST_CASE("child: one write" * doctest::skip()) {
  std::istringstream task(std::getenv("TF_CHILD_TASK") ? std::getenv("TF_CHILD_TASK") : "");
  std::string folder, what;
  if (!(task >> folder >> what)) return;
  ErrorKind kind{};
  const auto act = [&](const char* name, const auto& action) {
    const std::string error = made::error_of(action, &kind);
    say(std::string(name) + ": " + (error.empty() ? "fine" : std::to_string(int(kind)) + " " + error));
  };
  if (what == "create") {
    act("create", [&] {
      const TickStore store = TickStore::open(folder + "/fresh", true);
      store.add_instrument(made::instrument());
      made::write(store, kNew);
    });
    return;
  }
  const TickStore store = TickStore::open(folder + "/store");
  if (what == "all") {
    act("read", [&] {
      if (made::read(store, {made::kDay}) != kOld) throw Error(ErrorKind::internal, "other ticks");
    });
    act("list", [&] { store.days(made::kId); });
    act("versions", [&] { store.day_versions(made::kId, made::kDay); });
    act("verify", [&] { store.verify_day(made::kId, made::kDay); });
    act("attributes", [&] { store.day_attributes(made::kId, made::kDay); });
    act("add", [&] { store.add_instrument(made::instrument()); });
    act("write", [&] { made::write(store, kNew, made::kDay + 1); });
    act("prune", [&] { store.prune(made::kId, 0); });
  }
  act("replace", [&] { made::write(store, kNew, made::kDay, true); });
}

TEST_CASE("whatever call is refused, the error names file and reason, and the old day or the new one is there, whole") {
  const long calls = [] {
    const Before before;
    const Outcome outcome = before.attempt(Plan::of("count", kChanging));
    CHECK(outcome.said == "replace: fine\n");
    CHECK(before.contents() == kReplaced);
    return outcome.count;
  }();
  CHECK(calls > 10);
  int refusals = 0, errors = 0, replaced = 0;
  for (const auto& [number, reason] : {std::pair{ENOSPC, "No space left on device"}, {EIO, "Input/output error"}})
    for (const bool for_good : {false, true})
      for (long at = 1; at <= calls; ++at) {
        CAPTURE(at);
        CAPTURE(reason);
        CAPTURE(for_good);
        const Before before;
        Plan plan = Plan::of("fail", kChanging, at, number);
        plan.on = for_good;
        const Outcome outcome = before.attempt(plan);
        ++refusals;
        REQUIRE(outcome.ended());
        REQUIRE(outcome.said.starts_with("replace: 74 "));
        ++errors;
        CHECK(outcome.said.find(before.folder.path()) != std::string::npos);
        CHECK(outcome.said.find(reason) != std::string::npos);
        const auto contents = before.contents();
        const bool is_replaced = contents == kReplaced;  // the last sync alone was refused
        replaced += is_replaced;
        CHECK((is_replaced || contents == kUntouched));
        CHECK(before.temporaries() == 0);
        CHECK(before.store.verify_day(made::kId, made::kDay).empty());
        const std::vector<Tick> next = made::ticks(10, {}, 9);
        made::write(before.store, next, made::kDay, true);
        CHECK(before.contents().size() == (is_replaced ? 4 : 3));
        CHECK(before.contents().back() == next);
      }
  CHECK(replaced > 0);
  CHECK(replaced < refusals / 4);
  MESSAGE(refusals << " refused calls of " << calls << " kinds: " << errors << " errors, the new day stood in "
                   << replaced);
}

TEST_CASE("a store that cannot be made leaves no half of it, and the next attempt works") {
  const auto attempt = [](const made::Folder& folder, const Plan& plan) {
    return run("child: one write", folder.path() + " create", folder.path(), plan);
  };
  long calls = 0;
  {
    const made::Folder folder;
    calls = attempt(folder, Plan::of("count", kChanging)).count;
  }
  for (long at = 1; at <= calls; ++at) {
    CAPTURE(at);
    const made::Folder folder;
    const Outcome outcome = attempt(folder, Plan::of("fail", kChanging, at, ENOSPC));
    CHECK(outcome.said.starts_with("create: 74 "));
    CHECK(outcome.said.find("No space left on device") != std::string::npos);
    const TickStore store = TickStore::open(folder.path() + "/fresh", true);
    store.add_instrument(made::instrument());
    if (!store.has_day(made::kId, made::kDay)) made::write(store, kNew);
    CHECK(made::read(store, {made::kDay}) == kNew);
  }
}

TEST_CASE("a store on a read-only file system reads, and says why it cannot be written") {
  const Before before;
  Plan plan = Plan::of("fail", "create,write,truncate,rename,link,unlink,mkdir", 1, EROFS);
  plan.on = true;
  const Outcome outcome = run("child: one write", before.folder.path() + " all", before.folder.path(), plan);
  const std::string path = before.place + "/";
  const std::string reason = ": Read-only file system\n";
  CHECK(outcome.said ==
        "read: fine\nlist: fine\nversions: fine\nverify: fine\nattributes: fine\nadd: fine\nwrite: 74 " + path +
            ".2014-05-02.h5.tmp: cannot create" + reason + "prune: 74 " + path + "2014-05-01.v1.h5: cannot remove" +
            reason + "replace: 74 " + path + ".2014-05-01.h5.tmp: cannot create" + reason);
  CHECK(before.contents() == kUntouched);
}
