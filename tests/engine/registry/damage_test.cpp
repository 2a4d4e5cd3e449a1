// Whatever is changed in the files of a registry, verify finds it and names the file.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "cuda/base/error.hpp"
#include "cuda/base/philox.hpp"
#include "engine/registry/registry.hpp"
#include "folder.hpp"

using namespace tf::registry;
namespace fs = std::filesystem;

namespace {

struct Stocked {
  TestFolder folder;
  std::string root = folder / "r";
  std::vector<std::string> files, logs;

  Stocked() {
    Registry registry(root);
    std::string parent;
    for (int model = 0; model < 6; ++model) {
      for (int config = 0; config < 5; ++config) {
        const auto ticket = registry.ledger().open({"s", "c" + std::to_string(config), "d", model, 1, "r"});
        if (config != 2) registry.ledger().close(ticket, "scored", 0.1 * config);
      }
      const std::string weights = registry.put_object("weights " + std::to_string(model) + std::string(300, 'w'));
      registry.put_object("a report nobody refers to " + std::to_string(model));
      const std::string id = registry.put_model("{\"weights\":\"" + weights + "\",\"n\":" + std::to_string(model) +
                                                (parent.empty() ? "" : ",\"parent\":\"" + parent + "\"") + "}");
      registry.promote(id, parent.empty() ? std::nullopt : std::optional(parent),
                       {"promote", "a", "", "r", "{}", model});
      registry.append_audit({"trigger", "a", "s", "drift", "{\"psi\":0.3}", model});
      parent = id;
    }
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root))
      if (entry.is_regular_file() && entry.path().filename().string().find("sqlite") == std::string::npos)
        files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    logs = {root + "/audit.jsonl", root + "/ledger.jsonl"};
  }

  /// Changes one file, holds that verify names it, and puts it back.
  void expect_found(const std::string& file, const std::string& changed) const {
    const std::string before = bytes_in(file);
    REQUIRE(before != changed);
    put_bytes(file, changed);
    const auto findings = Registry(root).verify();
    const bool named = std::any_of(findings.begin(), findings.end(), [&](const Finding& f) { return f.file == file; });
    CHECK_MESSAGE(named, "not found: " << file);
    put_bytes(file, before);
  }
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0, end; at < text.size(); at = end + 1) {
    end = text.find('\n', at);
    lines.push_back(text.substr(at, end + 1 - at));
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

}  // namespace

TEST_CASE("any flipped bit of any object, manifest or log is found and its file named") {
  const Stocked stocked;
  REQUIRE(Registry(stocked.root).verify().empty());
  const tf::RandomStream stream{1, tf::Purpose::test, 0};
  for (uint64_t round = 0; round < 400; ++round) {
    const std::string& file = stocked.files[stream.below(3 * round, static_cast<uint32_t>(stocked.files.size()))];
    std::string bytes = bytes_in(file);
    bytes[stream.below(3 * round + 1, static_cast<uint32_t>(bytes.size()))] ^=
        char(1 << stream.below(3 * round + 2, 8));
    stocked.expect_found(file, bytes);
  }
  for (const std::string& log : stocked.logs) {
    std::string bytes = bytes_in(log);
    bytes.back() ^= 1;
    stocked.expect_found(log, bytes);
  }
  CHECK(Registry(stocked.root).verify().empty());
}

TEST_CASE("lines deleted, doubled, swapped, inserted or cut off are found in the ledger and the audit log") {
  const Stocked stocked;
  const tf::RandomStream stream{2, tf::Purpose::test, 0};
  for (const std::string& log : stocked.logs) {
    const std::string whole = bytes_in(log);
    const std::vector<std::string> lines = lines_of(whole);
    const uint32_t count = static_cast<uint32_t>(lines.size());
    for (uint32_t line = 0; line < count; ++line) {
      auto fewer = lines;
      fewer.erase(fewer.begin() + line);
      stocked.expect_found(log, joined(fewer));
      auto doubled = lines;
      doubled.insert(doubled.begin() + line, lines[line]);
      stocked.expect_found(log, joined(doubled));
      stocked.expect_found(log, joined({lines.begin(), lines.begin() + line}));
      auto swapped = lines;
      std::swap(swapped[line], swapped[(line + 1 + stream.below(line, count - 1)) % count]);
      stocked.expect_found(log, joined(swapped));
    }
    for (uint64_t round = 0; round < 30; ++round)
      stocked.expect_found(log, whole.substr(0, stream.below(1000 + round, static_cast<uint32_t>(whole.size()))));
  }
}

TEST_CASE("a missing or foreign file is found") {
  const Stocked stocked;
  for (const std::string& file : stocked.files) {
    const std::string before = bytes_in(file);
    fs::remove(file);
    const auto findings = Registry(stocked.root).verify();
    CHECK_MESSAGE(std::any_of(findings.begin(), findings.end(), [&](const Finding& f) { return f.file == file; }),
                  file);
    put_bytes(file, before);
  }
  put_bytes(stocked.root + "/objects/stray", "x");
  put_bytes(stocked.root + "/models/stray.txt", "x");
  CHECK(Registry(stocked.root).verify().size() == 2);
}

TEST_CASE("a log that lost recorded lines is refused by readers, writers and rebuild alike") {
  const Stocked stocked;
  for (const std::string& log : stocked.logs) {
    const std::string whole = bytes_in(log);
    auto lines = lines_of(whole);
    lines.pop_back();
    for (const std::string& tail :
         {std::string(), std::string("{\"entry\":{\"hal"), whole.substr(joined(lines).size(), 100)}) {
      put_bytes(log, joined(lines) + tail);
      Registry registry(stocked.root);
      const auto refused = [&](const std::function<void()>& act) {
        try {
          act();
          FAIL("not refused");
        } catch (const tf::Error& error) {
          CHECK(error.kind() == tf::ErrorKind::ledger);
          CHECK(std::string(error.what()).starts_with(log));
        }
      };
      if (log.ends_with("audit.jsonl")) {
        refused([&] { registry.alias("champion"); });
        refused([&] { registry.append_audit({"gate", "", "", "", "", 0}); });
      } else {
        refused([&] { registry.ledger().count("s"); });
        refused([&] { registry.ledger().open({"s", "new", "", 0, 0, ""}); });
      }
      refused([&] { registry.rebuild(); });
      CHECK(bytes_in(log) == joined(lines) + tail);
    }
    put_bytes(log, whole);
  }
}

TEST_CASE("trials dropped before a promotion are found even without the catalogue") {
  const Stocked stocked;
  const std::string ledger = stocked.root + "/ledger.jsonl";
  auto lines = lines_of(bytes_in(ledger));
  lines.pop_back();
  put_bytes(ledger, joined(lines));
  for (const char* ending : {"", "-wal", "-shm"}) fs::remove(stocked.root + "/catalogue.sqlite" + ending);
  const auto findings = Registry(stocked.root).verify();
  REQUIRE(!findings.empty());
  CHECK(findings[0].file == stocked.root + "/audit.jsonl");
  CHECK(findings[0].what.find("trial ledger has changed") != std::string::npos);
}

TEST_CASE("a line recorded by another that lost its end meanwhile is not taken for an unfinished append") {
  const Stocked stocked;
  const std::string ledger = stocked.root + "/ledger.jsonl";
  Registry reader(stocked.root);
  CHECK(reader.ledger().count("s").trials == 30);
  Registry(stocked.root).ledger().open({"s", "by another", "d", 0, 1, "r"});
  const std::string whole = bytes_in(ledger), cut = whole.substr(0, whole.size() - 20);
  put_bytes(ledger, cut);
  CHECK_THROWS_AS(reader.ledger().open({"s", "new", "d", 0, 1, "r"}), tf::Error);
  CHECK(bytes_in(ledger) == cut);
}
