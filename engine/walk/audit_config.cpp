#include "engine/walk/audit_config.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "cuda/base/error.hpp"
#include "engine/walk/runner.hpp"

namespace tf::walk {
namespace {

namespace fs = std::filesystem;

/// A folder of its own, gone with its owner.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_((fs::temp_directory_path() / "tickfold-audit-XXXXXX").string()) {
    if (!mkdtemp(path_.data())) throw Error(ErrorKind::io, path_ + ": a temporary folder cannot be made");
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

bool same_ticks(const TickColumns& a, const TickColumns& b) {
  return a.exch_ts == b.exch_ts && a.local_ts == b.local_ts && a.px == b.px && a.qty == b.qty && a.flags == b.flags &&
         a.order_id == b.order_id;
}

/// Puts one day into `to`: its file linked from `from` where the ticks are those, written anew otherwise.
void put_day(const data::TickStore& from, const data::TickStore& to, const std::string& id, Day day,
             const TickColumns& was, const TickColumns& ticks) {
  if (ticks.size() == 0) return;
  if (same_ticks(was, ticks)) {
    std::error_code failure;
    fs::create_hard_link(from.day_path(id, day), to.day_path(id, day), failure);
    if (failure) fs::copy_file(from.day_path(id, day), to.day_path(id, day));
    return;
  }
  std::vector<Tick> rows;
  rows.reserve(ticks.size());
  for (std::size_t row = 0; row < ticks.size(); ++row) rows.push_back(ticks.span()[row]);
  const auto writer = to.write_day(id, day);
  writer->append(rows);
  writer->commit({});
}

data::TickStore make_store(const std::string& root, const data::TickStore& from, const Market& was,
                           const Market& market) {
  const data::TickStore to = data::TickStore::open(root, true);
  to.add_instrument(market.instrument);
  if (!market.reference.symbol.empty()) to.add_instrument(market.reference);
  for (const MarketDay& day : market.days) {
    const auto before =
        std::find_if(was.days.begin(), was.days.end(), [&](const MarketDay& one) { return one.day == day.day; });
    put_day(from, to, market.instrument.id(), day.day, before->ticks, day.ticks);
    if (!market.reference.symbol.empty())
      put_day(from, to, market.reference.id(), day.day, before->reference, day.reference);
  }
  return to;
}

/// `count` days from the one at `first` on.
std::vector<data::DayInfo> days_from(const std::vector<data::DayInfo>& days, std::size_t first, std::size_t count) {
  const auto begin = days.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + static_cast<std::ptrdiff_t>(std::min(count, days.size() - first))};
}

/// First days of `windows` windows of `length` days, drawn evenly over the history.
std::vector<std::size_t> draw_windows(std::size_t days, std::size_t length, int windows, uint64_t seed) {
  const RandomStream random{seed, Purpose::audit, 1};
  const std::size_t room = days - std::min(days, length) + 1;
  std::vector<std::size_t> firsts;
  for (int window = 0; window < windows; ++window)
    firsts.push_back(room * static_cast<std::size_t>(window) / static_cast<std::size_t>(windows) +
                     random.below(static_cast<uint64_t>(window), static_cast<uint32_t>(std::max<std::size_t>(
                                                                     1, room / static_cast<std::size_t>(windows)))));
  for (std::size_t& first : firsts) first = std::min(first, room - 1);
  return firsts;
}

struct Part {
  const Exec& exec;
  Setup setup;
  const data::TickStore& store;
  const ConfigAudit& wanted;
  std::function<void(double share)> progress(const std::string& what, int window, int windows) const {
    return [this, what, window, windows](double share) {
      if (wanted.progress) wanted.progress(what, (window + share) / windows);
    };
  }
};

constexpr int kWindows = 4;

AuditReport audit_columns(const Part& part, const std::vector<data::DayInfo>& days) {
  AuditReport report;
  const auto firsts = draw_windows(days.size(), 1, kWindows, part.wanted.seed);
  for (int window = 0; window < kWindows; ++window) {
    const Market day =
        load_market(part.setup, part.store, days_from(days, firsts[static_cast<std::size_t>(window)], 1));
    const Market market = column_market(part.exec, part.setup, day, 50'000);
    AuditOptions options;
    options.seed = part.wanted.seed + static_cast<uint64_t>(window);
    options.count = part.wanted.column_cuts / kWindows;
    options.changes = {Change::noise, Change::permutation, Change::extreme, Change::nan};
    options.threads = part.exec.threads;
    options.progress = part.progress("columns", window, kWindows);
    report.merge(
        audit([&](const Market& changed) { return observe_columns(part.exec, part.setup, changed); }, market, options));
  }
  return report;
}

/// Runs of the whole chain over a changed store: `observe` over a few days, cuts in those from the `first_cut`-th on.
template <class Observe>
AuditReport audit_store(const Part& part, const std::vector<data::DayInfo>& days, std::size_t first_cut, int count,
                        uint64_t seed, const AuditOptions& base, const Observe& observe) {
  const Market market = load_market(part.setup, part.store, days);
  AuditOptions options = base;
  options.seed = seed;
  options.count = count;
  if (first_cut > 0) options.earliest = known_times(market.days[first_cut - 1].ticks).back();
  options.changes = {Change::noise, Change::permutation, Change::extreme, Change::thinning};
  return audit(
      [&](const Market& changed) {
        const TemporaryFolder folder;
        return observe(make_store(folder.path() + "/store", part.store, market, changed), folder.path());
      },
      market, options);
}

AuditReport audit_material(const Part& part, const std::vector<data::DayInfo>& days) {
  AuditReport report;
  Part own = part;
  own.setup.folds.train_days = own.setup.folds.test_days = 1;
  Exec single = part.exec;
  single.threads = 1;
  const auto firsts = draw_windows(days.size(), 2, kWindows, part.wanted.seed + 1);
  for (int window = 0; window < kWindows; ++window) {
    AuditOptions options;
    options.threads = part.exec.threads;
    options.progress = part.progress("labels", window, kWindows);
    const int count = (part.wanted.cuts + kWindows - 1 - window) / kWindows;
    if (count == 0) continue;
    report.merge(audit_store(
        own, days_from(days, firsts[static_cast<std::size_t>(window)], 2), 0, count,
        part.wanted.seed + 10 + static_cast<uint64_t>(window), options,
        [&](const data::TickStore& store, const std::string&) { return observe_material(single, own.setup, store); }));
  }
  return report;
}

AuditReport audit_walk(const Part& part, const std::vector<data::DayInfo>& days) {
  Part own = part;
  own.setup.first_day = own.setup.last_day = {};
  own.setup.folds.history_days = 0;
  own.setup.seeds.resize(1);
  const auto train = static_cast<std::size_t>(own.setup.folds.train_days),
             test = static_cast<std::size_t>(own.setup.folds.test_days);
  const std::size_t length = std::min(days.size(), train + 3 * test);
  const std::size_t first = draw_windows(days.size(), length, 1, part.wanted.seed + 2)[0];
  AuditOptions options;
  options.progress = part.progress("walk", 0, 1);
  return audit_store(own, days_from(days, first, length), std::min(train, length - 1), part.wanted.walk_cuts,
                     part.wanted.seed + 20, options, [&](const data::TickStore& store, const std::string& folder) {
                       return observe_walk(own.exec, own.setup, store, folder);
                     });
}

}  // namespace

Market load_market(const Setup& setup, const data::TickStore& store, const std::vector<data::DayInfo>& days) {
  Market market;
  market.instrument = store.instrument(setup.instrument);
  const std::string& reference = setup.features.reference;
  if (!reference.empty()) market.reference = store.instrument(reference);
  for (const data::DayInfo& info : days) {
    MarketDay& day = market.days.emplace_back();
    day.day = info.day;
    day.ticks = store.read_day(setup.instrument, info.day);
    if (!reference.empty() && store.has_day(reference, info.day)) day.reference = store.read_day(reference, info.day);
  }
  return market;
}

AuditReport audit_config(const Exec& exec, const Setup& setup, const data::TickStore& store,
                         const std::vector<data::DayInfo>& days, const ConfigAudit& wanted) {
  const int needed = wanted.walk_cuts > 0 ? setup.folds.train_days + 1 : 2;
  if (static_cast<int>(days.size()) < needed)
    throw Error(ErrorKind::bad_data, "audit: " + std::to_string(days.size()) + " days are there, at least " +
                                         std::to_string(needed) + " are needed");
  const Part part{exec, setup, store, wanted};
  AuditReport report;
  if (wanted.truncations > 0)
    report.merge(audit_truncation(exec, setup, store, days, wanted.truncations, wanted.seed + 3));
  if (wanted.column_cuts > 0) report.merge(audit_columns(part, days));
  if (wanted.cuts > 0) report.merge(audit_material(part, days));
  if (wanted.walk_cuts > 0) report.merge(audit_walk(part, days));
  return report;
}

}  // namespace tf::walk
