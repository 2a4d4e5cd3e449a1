#include <cmath>
#include <limits>
#include <map>
#include <mutex>
#include <unordered_map>

#include "cuda/base/error.hpp"
#include "engine/registry/canonical_json.hpp"
#include "engine/registry/chain_log.hpp"
#include "engine/registry/layout.hpp"
#include "engine/registry/registry.hpp"

namespace tf::registry {
namespace {

std::string digest_of(const Trial& trial) {
  return sha256_hex(canonical_json({{"search", trial.search},
                                    {"config", trial.config_digest},
                                    {"data", trial.data_digest},
                                    {"fold", trial.fold},
                                    {"seed", trial.seed}}));
}

std::string open_entry(const Trial& trial, const std::string& digest) {
  return canonical_json({{"event", "open"},
                         {"trial", digest},
                         {"search", trial.search},
                         {"config", trial.config_digest},
                         {"data", trial.data_digest},
                         {"fold", trial.fold},
                         {"seed", trial.seed},
                         {"run", trial.run}});
}

std::string close_entry(const std::string& digest, const std::string& state, double sharpe) {
  Json entry = {{"event", "close"}, {"trial", digest}, {"state", state}, {"sharpe", nullptr}};
  if (state == "scored" && std::isfinite(sharpe)) entry["sharpe"] = sharpe;
  return canonical_json(entry);
}

}  // namespace

struct TrialLedger::Body {
  Body(std::string path, ChainHooks hooks)
      : log(std::move(path), kLedgerName, std::move(hooks),
            [this](int64_t line, std::string_view entry) { apply(line, entry); }) {}

  void apply(int64_t line, std::string_view text) {
    try {
      const Json entry = Json::parse(text);
      const std::string event = entry.at("event"), digest = entry.at("trial");
      const auto known = numbers.find(digest);
      if (event == "open" && known == numbers.end()) {
        TrialRecord record;
        record.number = static_cast<int64_t>(records.size());
        record.trial = {entry.at("search"), entry.at("config"), entry.at("data"),
                        entry.at("fold"),   entry.at("seed"),   entry.at("run")};
        numbers.emplace(digest, record.number);
        searches[record.trial.search].push_back(record.number);
        records.push_back(std::move(record));
      } else if (event == "close" && known != numbers.end()) {
        TrialRecord& record = records[known->second];
        if (record.state != "started") return;
        record.state = entry.at("state");
        if (record.state == "scored")
          record.sharpe = entry.at("sharpe").is_null() ? std::numeric_limits<double>::quiet_NaN()
                                                       : entry.at("sharpe").get<double>();
      } else {
        log.fail(line, "an event \"" + event + "\" that cannot be here: of a trial " +
                           (known == numbers.end() ? "never opened" : "opened before"));
      }
    } catch (const Json::exception& fault) {
      log.fail(line, std::string("not an entry of the trial ledger: ") + fault.what());
    }
  }

  std::mutex mutex;
  std::vector<TrialRecord> records;
  std::unordered_map<std::string, int64_t> numbers;      ///< by trial digest
  std::map<std::string, std::vector<int64_t>> searches;  ///< numbers of each search, ascending
  ChainLog log;
};

TrialLedger::TrialLedger(std::string path) : body_(std::make_unique<Body>(std::move(path), ChainHooks{})) {
  body_->log.refresh();
}

TrialLedger::TrialLedger(std::string path, ChainHooks hooks)
    : body_(std::make_unique<Body>(std::move(path), std::move(hooks))) {}

TrialLedger::~TrialLedger() = default;

score::Ticket TrialLedger::open(const Trial& trial) { return open_all(std::span(&trial, 1)).front(); }

std::vector<score::Ticket> TrialLedger::open_all(std::span<const Trial> trials) {
  const std::scoped_lock hold(body_->mutex);
  std::vector<std::string> digests;
  for (const Trial& trial : trials) digests.push_back(digest_of(trial));
  const auto all_known = [&] {
    for (const std::string& digest : digests)
      if (!body_->numbers.contains(digest)) return false;
    return true;
  };
  body_->log.refresh();
  if (!all_known()) {
    ChainWriter writer(body_->log);
    std::vector<std::string> entries;
    std::map<std::string, bool> fresh;  // the same trial twice in one call is one trial
    for (std::size_t at = 0; at < trials.size(); ++at)
      if (!body_->numbers.contains(digests[at]) && fresh.emplace(digests[at], true).second)
        entries.push_back(open_entry(trials[at], digests[at]));
    writer.append(entries);
  }
  std::vector<score::Ticket> tickets;
  for (const std::string& digest : digests) tickets.push_back(score::Ticket(body_->numbers.at(digest), digest));
  return tickets;
}

void TrialLedger::close(const score::Ticket& ticket, const std::string& state, double sharpe) {
  const Ending ending{ticket, state, sharpe};
  close_all(std::span(&ending, 1));
}

void TrialLedger::close_all(std::span<const Ending> endings) {
  const std::scoped_lock hold(body_->mutex);
  for (const Ending& ending : endings)
    expect(ending.state == "scored" || ending.state == "failed", "a trial ends as scored or failed");
  const auto is_open = [&](const Ending& ending) {
    const auto known = body_->numbers.find(ending.ticket.trial_digest());
    if (known == body_->numbers.end())
      throw Error(ErrorKind::ledger, body_->log.path() + ": has no trial " + ending.ticket.trial_digest());
    return body_->records[known->second].state == "started";
  };
  body_->log.refresh();
  bool any_open = false;
  for (const Ending& ending : endings) any_open |= is_open(ending);
  if (!any_open) return;
  ChainWriter writer(body_->log);
  std::vector<std::string> entries;
  for (const Ending& ending : endings)
    if (is_open(ending)) entries.push_back(close_entry(ending.ticket.trial_digest(), ending.state, ending.sharpe));
  writer.append(entries);
}

TrialLedger::Count TrialLedger::count(const std::string& search, const std::optional<std::string>& run) const {
  const std::scoped_lock hold(body_->mutex);
  body_->log.refresh();
  const auto found = body_->searches.find(search);
  if (found == body_->searches.end()) return {};
  // In the order of the numbers, so that the sum does not depend on which trial ended first.
  std::vector<double> sharpes;
  for (const int64_t number : found->second) {
    const TrialRecord& record = body_->records[number];
    if ((!run || record.trial.run == *run) && record.state == "scored" && std::isfinite(record.sharpe))
      sharpes.push_back(record.sharpe);
  }
  double sum = 0, squares = 0;
  for (const double sharpe : sharpes) sum += sharpe;
  const double mean = sharpes.empty() ? 0 : sum / static_cast<double>(sharpes.size());
  for (const double sharpe : sharpes) squares += (sharpe - mean) * (sharpe - mean);
  return {static_cast<int64_t>(found->second.size()),
          sharpes.size() > 1 ? squares / static_cast<double>(sharpes.size() - 1) : 0};
}

std::vector<TrialRecord> TrialLedger::records() const {
  const std::scoped_lock hold(body_->mutex);
  body_->log.refresh();
  return body_->records;
}

std::string TrialLedger::root_hex() const {
  const std::scoped_lock hold(body_->mutex);
  body_->log.refresh();
  return body_->log.root_hex();
}

int64_t TrialLedger::lines() const { return mark().lines; }

ChainMark TrialLedger::mark() const {
  const std::scoped_lock hold(body_->mutex);
  body_->log.refresh();
  return body_->log.mark();
}

}  // namespace tf::registry
