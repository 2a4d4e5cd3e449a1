#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cmath>
#include <limits>
#include <thread>

#include "cuda/base/error.hpp"
#include "engine/registry/chain_log.hpp"
#include "engine/registry/registry.hpp"
#include "engine/score/scorecard.hpp"
#include "folder.hpp"

using namespace tf::registry;

namespace {

Trial trial(int config, const std::string& search = "EURUSD") {
  return {search, "config" + std::to_string(config), "data", -1, 18446744073709551615u, "run"};
}

}  // namespace

TEST_CASE("a trial is numbered once, and the same trial again gets its old number") {
  const TestFolder folder;
  TrialLedger ledger(folder / "ledger.jsonl");
  CHECK(ledger.lines() == 0);
  CHECK(ledger.root_hex() == sha256_hex(""));
  const auto first = ledger.open(trial(1)), second = ledger.open(trial(2));
  CHECK(first.number() == 0);
  CHECK(second.number() == 1);
  Trial again = trial(1);
  again.run = "resumed";
  CHECK(ledger.open(again).number() == 0);
  CHECK(ledger.open(again).trial_digest() == first.trial_digest());
  CHECK(ledger.lines() == 2);
  for (const auto& change :
       {+[](Trial& t) { t.search += "x"; }, +[](Trial& t) { t.config_digest += "x"; },
        +[](Trial& t) { t.data_digest += "x"; }, +[](Trial& t) { t.fold = 3; }, +[](Trial& t) { t.seed = 1; }}) {
    Trial other = trial(1);
    change(other);
    CHECK(ledger.open(other).trial_digest() != first.trial_digest());
  }
  CHECK(ledger.lines() == 7);
}

TEST_CASE("every trial of a search counts, ended or not; the variance is over those scored") {
  const TestFolder folder;
  TrialLedger ledger(folder / "ledger.jsonl");
  CHECK(ledger.count("EURUSD").trials == 0);
  for (int config = 0; config < 6; ++config) ledger.open(trial(config));
  ledger.open(trial(0, "GBPUSD"));
  ledger.close(ledger.open(trial(0)), "scored", 0.1);
  CHECK(ledger.count("EURUSD").variance == 0);
  ledger.close(ledger.open(trial(1)), "scored", 0.4);
  ledger.close(ledger.open(trial(2)), "failed", 9);
  ledger.close(ledger.open(trial(3)), "scored", std::numeric_limits<double>::quiet_NaN());
  const auto count = ledger.count("EURUSD");
  CHECK(count.trials == 6);
  CHECK(count.variance == doctest::Approx(0.045));
  CHECK(ledger.count("GBPUSD").trials == 1);
  const auto records = ledger.records();
  CHECK(records[0].state == "scored");
  CHECK(records[2].state == "failed");
  CHECK(std::isnan(records[3].sharpe));
  CHECK(records[5].state == "started");
}

TEST_CASE("the first ending of a trial stands") {
  const TestFolder folder;
  TrialLedger ledger(folder / "ledger.jsonl");
  const auto ticket = ledger.open(trial(1));
  ledger.close(ticket, "scored", 0.25);
  ledger.close(ticket, "scored", 0.25);
  ledger.close(ticket, "scored", 99);
  ledger.close(ticket, "failed", 0);
  CHECK(ledger.lines() == 2);
  CHECK(ledger.records()[0].sharpe == 0.25);
  CHECK_THROWS_AS(ledger.close(ticket, "excellent", 1), tf::Error);
}

TEST_CASE("the variance is the same to the bit in whatever order the trials ended") {
  const TestFolder folder;
  TrialLedger up(folder / "up.jsonl"), down(folder / "down.jsonl");
  for (TrialLedger* ledger : {&up, &down})
    for (int config = 0; config < 50; ++config) ledger->open(trial(config));
  for (int config = 0; config < 50; ++config) {
    up.close(up.open(trial(config)), "scored", 0.1 * config / 7);
    down.close(down.open(trial(49 - config)), "scored", 0.1 * (49 - config) / 7);
  }
  CHECK(up.count("EURUSD").variance == down.count("EURUSD").variance);
}

TEST_CASE("a ledger read again, or by another at the same time, says the same") {
  const TestFolder folder;
  TrialLedger writer(folder / "ledger.jsonl"), reader(folder / "ledger.jsonl");
  std::vector<Trial> trials;
  for (int config = 0; config < 3000; ++config) trials.push_back(trial(config));
  trials.push_back(trial(7));
  const auto tickets = writer.open_all(trials);
  CHECK(tickets.back().number() == 7);
  CHECK(writer.lines() == 3000);
  std::vector<TrialLedger::Ending> endings;
  for (const auto& ticket : tickets) endings.push_back({ticket, "scored", 0.01 * static_cast<double>(ticket.number())});
  writer.close_all(endings);
  CHECK(reader.count("EURUSD").variance == writer.count("EURUSD").variance);
  CHECK(reader.open(trial(2999)).number() == 2999);
  CHECK(reader.open(trial(3000)).number() == 3000);
  CHECK(writer.open(trial(3001)).number() == 3001);
  CHECK(TrialLedger(folder / "ledger.jsonl").root_hex() == writer.root_hex());
  CHECK(reader.root_hex() == writer.root_hex());
}

TEST_CASE("processes and threads that open the same trials at once count each once") {
  const TestFolder folder;
  const std::string path = folder / "ledger.jsonl";
  std::vector<pid_t> children;
  for (int child = 0; child < 3; ++child) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      int status = 0;
      try {
        TrialLedger ledger(path);
        std::vector<std::thread> threads;
        for (int worker = 0; worker < 2; ++worker)
          threads.emplace_back([&, worker] {
            for (int config = 0; config < 60; ++config) {
              const auto ticket = ledger.open(trial((config * 7 + 13 * worker + child) % 60));
              ledger.close(ticket, "scored", 0.5);
            }
          });
        for (std::thread& thread : threads) thread.join();
      } catch (...) { status = 1; }
      ::_exit(status);
    }
    children.push_back(pid);
  }
  for (const pid_t pid : children) {
    int status = 0;
    ::waitpid(pid, &status, 0);
    CHECK(status == 0);
  }
  const TrialLedger ledger(path);
  CHECK(ledger.count("EURUSD").trials == 60);
  CHECK(ledger.lines() == 120);
}

TEST_CASE("an append cut off anywhere is mended by the next writer and nothing recorded is lost") {
  const TestFolder folder;
  const std::string path = folder / "ledger.jsonl";
  {
    TrialLedger ledger(path);
    ledger.open(trial(1));
    ledger.open(trial(2));
  }
  const std::string whole = bytes_in(path);
  const std::size_t second = whole.find('\n') + 1;
  for (std::size_t size = second; size < whole.size(); ++size) {
    put_bytes(path, whole.substr(0, size));
    TrialLedger ledger(path);
    const bool only_newline_missing = size + 1 == whole.size();
    CHECK(ledger.count("EURUSD").trials == 1);
    CHECK(ledger.open(trial(3)).number() == (only_newline_missing ? 2 : 1));
    CHECK(ledger.open(trial(2)).number() == (only_newline_missing ? 1 : 2));
    CHECK(TrialLedger(path).count("EURUSD").trials == 3);
  }
}

TEST_CASE("damage is an error that names file and line, not something to mend") {
  const TestFolder folder;
  const std::string path = folder / "ledger.jsonl";
  {
    TrialLedger ledger(path);
    for (int config = 0; config < 4; ++config) ledger.open(trial(config));
  }
  const std::string whole = bytes_in(path);
  const auto refused = [&](const std::string& bytes, const std::string& place) {
    put_bytes(path, bytes);
    try {
      TrialLedger(path).open(trial(99));
    } catch (const tf::Error& error) {
      CHECK(error.kind() == tf::ErrorKind::ledger);
      CHECK(std::string(error.what()).find(path + ":" + place + ":") == 0);
      CHECK(bytes_in(path) == bytes);
      return;
    }
    FAIL("not refused: " << place);
  };
  std::string flipped = whole;
  flipped[whole.find("config2")] ^= 1;
  refused(flipped, "3");
  const std::size_t second = whole.find('\n') + 1, third = whole.find('\n', second) + 1;
  refused(whole.substr(0, second) + whole.substr(third), "2");
  refused(whole.substr(0, third) + whole.substr(second), "3");
  std::string ended = whole;
  ended.back() = '\v';
  refused(ended, "4");
}

TEST_CASE("the chain is the one the requirements page defines") {
  const TestFolder folder;
  const std::string path = folder / "ledger.jsonl";
  TrialLedger ledger(path);
  ledger.open(trial(1));
  ledger.open(trial(2));
  Hash head = sha256("tickfold-ledger-v1{\"format\":1,\"log\":\"trials\"}");
  std::vector<Hash> leaves;
  const std::string text = bytes_in(path);
  for (std::size_t at = 0, end; at < text.size(); at = end + 1) {
    end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    const std::string entry = line.substr(9, line.size() - 9 - 75);
    head = sha256(std::string(bytes_of(head)) + entry);
    CHECK(line == "{\"entry\":" + entry + ",\"hash\":\"" + hex(head) + "\"}");
    leaves.push_back(merkle_leaf(line));
  }
  CHECK(leaves.size() == 2);
  CHECK(ledger.root_hex() == hex(merkle_root(leaves)));
  CHECK(ledger.mark().head == head);
}

TEST_CASE("a scorecard takes its ticket, and its trials deflate it") {
  const TestFolder folder;
  TrialLedger ledger(folder / "ledger.jsonl");
  ledger.open(trial(0));
  const auto ticket = ledger.open(trial(1));
  std::vector<tf::score::Period> days(5);
  const double nets[] = {3, -1, 2, -4, 5};
  for (int day = 0; day < 5; ++day)
    days[day] = {day * int64_t{86'400'000'000'000}, nets[day] + 1, nets[day], 0.5, 100, 4, 1, 2, 1.5};
  const tf::score::Scorecard card = tf::score::score(ticket, days, 1, 0, 252);
  CHECK(card.ticket == 1);
  CHECK(card.net_total == 5);
  CHECK(card.gross_total == 10);
  CHECK(card.fees_total == 2.5);
  CHECK(card.turnover == 500);
  CHECK(card.trades == 20);
  CHECK(card.hit_rate == 0.5);
  CHECK(card.mean == 1);
  CHECK(card.deviation == doctest::Approx(std::sqrt(12.5)));
  CHECK(card.sharpe_annual == doctest::Approx(card.sharpe * std::sqrt(252.0)));
  CHECK(card.max_drawdown == 4);
  CHECK(card.dsr == card.psr);
  CHECK(tf::score::score(ticket, days, 100, 0.04, 252).dsr < card.psr);
  days[2].max_drawdown = 6;
  CHECK(tf::score::score(ticket, days, 1, 0, 252).max_drawdown == 6);
  days[0].net = std::numeric_limits<double>::quiet_NaN();
  const tf::score::Scorecard holed = tf::score::score(ticket, days, 1, 0, 252);
  CHECK(std::isnan(holed.net_total));
  CHECK(std::isnan(holed.sharpe));
  CHECK(std::isnan(holed.dsr));
  CHECK(std::isnan(holed.max_drawdown));
  const tf::score::Scorecard empty = tf::score::score(ticket, {}, 1, 0, 252);
  CHECK(empty.periods == 0);
  CHECK(std::isnan(empty.sharpe));
  CHECK(std::isnan(empty.hit_rate));
}

TEST_CASE("the variance is that of one run's sharpes, the count is that of all runs") {
  const TestFolder folder;
  TrialLedger ledger(folder / "ledger.jsonl");
  const auto add = [&](const char* run, const char* config, double sharpe) {
    ledger.close(ledger.open({"s", config, "d", -1, 1, run}), "scored", sharpe);
  };
  add("night 1", "a", 5.0);
  add("night 1", "b", 5.2);
  add("night 2", "c", 1.0);
  add("night 2", "d", 1.4);
  CHECK(ledger.count("s", "night 2").trials == 4);
  CHECK(ledger.count("s", "night 2").variance == doctest::Approx(0.08));
  CHECK(ledger.count("s", "night 3").variance == 0);
  CHECK(ledger.count("s").variance > 4);
}
