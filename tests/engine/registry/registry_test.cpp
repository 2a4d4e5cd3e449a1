#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cuda/base/error.hpp"
#include "engine/registry/hash.hpp"
#include "engine/registry/registry.hpp"
#include "folder.hpp"

using namespace tf::registry;
using Json = nlohmann::json;

namespace {

AuditEvent event(const std::string& kind = "gate") { return {kind, "night", "subject", "because", "{\"p\":0.5}", 42}; }

/// A chain of models: each the parent of the next, day n of data each.
std::vector<std::string> chain_of(Registry& registry, int count) {
  std::vector<std::string> ids;
  for (int model = 0; model < count; ++model) {
    const std::string digest = sha256_hex("ticks of day " + std::to_string(model));
    Json manifest = {
        {"run", "run" + std::to_string(model)},
        {"weights", registry.put_object("weights " + std::to_string(model))},
        {"created_ns", model},
        {"data",
         {{{"instrument", "EURUSD"}, {"day", "2014-05-0" + std::to_string(model + 1)}, {"content_digest", digest}}}}};
    if (model) manifest["parent"] = ids.back();
    ids.push_back(registry.put_model(manifest.dump()));
  }
  return ids;
}

template <class Act>
std::string refusal(tf::ErrorKind kind, Act act) {
  try {
    act();
  } catch (const tf::Error& error) {
    CHECK(error.kind() == kind);
    return error.what();
  }
  FAIL("nothing was refused");
  return {};
}

}  // namespace

TEST_CASE("an object is found under the SHA-256 of its bytes and checked when read") {
  const TestFolder folder;
  Registry registry(folder / "deep/registry");
  const std::string bytes("a\0b\n", 4), name = registry.put_object(bytes);
  CHECK(name == sha256_hex(bytes));
  CHECK(registry.put_object(bytes) == name);
  CHECK(registry.object(name) == bytes);
  CHECK(registry.object_path(name).ends_with("/objects/" + name.substr(0, 2) + "/" + name.substr(2)));
  put_bytes(registry.object_path(name), "ab");
  CHECK(refusal(tf::ErrorKind::bad_data, [&] { registry.object(name); }).find(registry.object_path(name)) == 0);
  CHECK(registry.put_object(bytes) == name);
  CHECK(registry.object(name) == bytes);
  refusal(tf::ErrorKind::no_input, [&] { registry.object(sha256_hex("never stored")); });
  refusal(tf::ErrorKind::no_input, [&] { registry.object("../../etc/passwd"); });
}

TEST_CASE("a model is named by its canonical manifest, however it was written") {
  const TestFolder folder;
  Registry registry(folder / "r");
  const std::string id = registry.put_model("{\"b\": 1.50, \"a\": [ ]}");
  CHECK(id == sha256_hex("{\"a\":[],\"b\":1.5}"));
  CHECK(registry.put_model("{\"a\":[],\"b\":15e-1}") == id);
  CHECK(registry.model_manifest(id) == "{\"a\":[],\"b\":1.5}");
  CHECK(registry.models() == std::vector<std::string>{id});
  refusal(tf::ErrorKind::bad_data, [&] { registry.put_model("[1]"); });
  refusal(tf::ErrorKind::bad_data, [&] { registry.put_model("{"); });
}

TEST_CASE("promotion moves champion and previous, and only from the champion that was expected") {
  const TestFolder folder;
  Registry registry(folder / "r");
  const auto ids = chain_of(registry, 3);
  CHECK(!registry.alias("champion"));
  CHECK(!registry.promote(ids[0], ids[1], event()));
  CHECK(registry.audit().empty());
  CHECK(registry.promote(ids[0], std::nullopt, event()));
  CHECK(!registry.promote(ids[1], std::nullopt, event()));
  CHECK(*registry.alias("champion") == ids[0]);
  CHECK(!registry.alias("previous"));
  CHECK(registry.promote(ids[1], ids[0], event()));
  CHECK(!registry.promote(ids[1], ids[1], event()));
  CHECK(*registry.alias("champion") == ids[1]);
  CHECK(*registry.alias("previous") == ids[0]);
  const auto log = registry.audit();
  REQUIRE(log.size() == 2);
  CHECK(log[1].number == 2);
  CHECK(log[1].event.kind == "promote");
  CHECK(log[1].event.subject == ids[1]);
  CHECK(log[1].event.reason == "because");
  CHECK(log[1].event.detail_json == "{\"p\":0.5}");
  CHECK(log[1].event.time_ns == 42);
  refusal(tf::ErrorKind::no_input, [&] { registry.promote(sha256_hex("no model"), ids[1], event()); });
  CHECK(registry.verify().empty());
}

TEST_CASE("rollback swaps champion and previous and is itself an event") {
  const TestFolder folder;
  Registry registry(folder / "r");
  const auto ids = chain_of(registry, 2);
  refusal(tf::ErrorKind::no_input, [&] { registry.rollback(event()); });
  registry.promote(ids[0], std::nullopt, event());
  refusal(tf::ErrorKind::no_input, [&] { registry.rollback(event()); });
  registry.promote(ids[1], ids[0], event());
  CHECK(registry.rollback(event()) == ids[0]);
  CHECK(*registry.alias("champion") == ids[0]);
  CHECK(*registry.alias("previous") == ids[1]);
  CHECK(registry.rollback(event()) == ids[1]);
  CHECK(registry.audit().size() == 4);
  CHECK(registry.audit().back().event.kind == "rollback");
  CHECK(registry.verify().empty());
}

TEST_CASE("a challenger is assigned, and stops being one when it is promoted") {
  const TestFolder folder;
  Registry registry(folder / "r");
  const auto ids = chain_of(registry, 2);
  registry.promote(ids[0], std::nullopt, event());
  CHECK(registry.assign("challenger", ids[1], std::nullopt, event()));
  CHECK(!registry.assign("challenger", ids[0], std::nullopt, event()));
  CHECK(registry.resolve("challenger") == ids[1]);
  CHECK(registry.promote(ids[1], ids[0], event()));
  CHECK(!registry.alias("challenger"));
  CHECK_THROWS_AS(registry.assign("champion", ids[0], ids[1], event()), tf::Error);
  CHECK_THROWS_AS(registry.append_audit(event("promote")), tf::Error);
  CHECK(registry.verify().empty());
}

TEST_CASE("an audit event must be JSON and text") {
  const TestFolder folder;
  Registry registry(folder / "r");
  AuditEvent broken = event();
  broken.detail_json = "{";
  refusal(tf::ErrorKind::bad_data, [&] { registry.append_audit(broken); });
  broken = event();
  broken.reason = "\xff\xfe";
  refusal(tf::ErrorKind::bad_data, [&] { registry.append_audit(broken); });
  broken.reason = "line\nbreak \"quoted\" \xc3\xa9";
  broken.detail_json = "";
  registry.append_audit(broken);
  CHECK(registry.audit().front().event.reason == broken.reason);
  CHECK(registry.audit().front().event.detail_json == "{}");
  CHECK(Registry(folder / "r").audit_root_hex() == registry.audit_root_hex());
}

TEST_CASE("names resolve by alias or unique beginning, and others list the candidates") {
  const TestFolder folder;
  Registry registry(folder / "r");
  const auto ids = chain_of(registry, 9);
  CHECK(registry.resolve(ids[4]) == ids[4]);
  CHECK(registry.resolve(ids[4].substr(0, 20)) == ids[4]);
  CHECK(refusal(tf::ErrorKind::no_input, [&] { registry.resolve("champion"); }).find("no champion") !=
        std::string::npos);
  registry.promote(ids[2], std::nullopt, event());
  CHECK(registry.resolve("champion") == ids[2]);
  CHECK(refusal(tf::ErrorKind::no_input, [&] { registry.resolve("zz"); }).find(ids[0]) != std::string::npos);
  const std::string several = refusal(tf::ErrorKind::no_input, [&] { registry.resolve(""); });
  CHECK(several.find(ids[8]) != std::string::npos);
}

TEST_CASE("lineage lists the parents with the data each read; impact lists the models that read some data") {
  const TestFolder folder;
  Registry registry(folder / "r");
  const auto ids = chain_of(registry, 3);
  const Json lineage = Json::parse(registry.lineage_json(ids[2]));
  CHECK(lineage["model"] == ids[2]);
  REQUIRE(lineage["chain"].size() == 3);
  for (int back = 0; back < 3; ++back) {
    const Json& link = lineage["chain"][back];
    CHECK(link["model"] == ids[2 - back]);
    CHECK(link["data"][0]["content_digest"] == sha256_hex("ticks of day " + std::to_string(2 - back)));
  }
  CHECK(!lineage["chain"][2].contains("parent"));
  CHECK(registry.impact(sha256_hex("ticks of day 1")) == std::vector<std::string>{ids[1]});
  CHECK(registry.impact("2014-05-03") == std::vector<std::string>{ids[2]});
  CHECK(registry.impact("EURUSD").size() == 3);
  CHECK(registry.impact("GBPUSD").empty());
  refusal(tf::ErrorKind::no_input, [&] { registry.lineage_json(sha256_hex("none")); });
  const std::string orphan = registry.put_model(Json{{"parent", sha256_hex("lost")}}.dump());
  CHECK(Json::parse(registry.lineage_json(orphan))["chain"][1]["missing"] == true);
}

TEST_CASE("a registry without its catalogue gives the same answers, and a rebuilt one too") {
  const TestFolder folder;
  const std::string root = folder / "r";
  std::vector<std::string> ids, models, readers;
  std::string audit_root, lineage;
  {
    Registry registry(root);
    ids = chain_of(registry, 6);
    const auto ticket = registry.ledger().open({"s", "c", "d", 0, 1, "r"});
    registry.ledger().close(ticket, "scored", 0.5);
    registry.promote(ids[3], std::nullopt, event());
    registry.promote(ids[5], ids[3], event());
    models = registry.models();
    readers = registry.impact("2014-05-02");
    audit_root = registry.audit_root_hex();
    lineage = registry.lineage_json(ids[5]);
  }
  CHECK(models == ids);
  const auto same = [&](Registry& registry) {
    CHECK(registry.models() == models);
    CHECK(registry.impact("2014-05-02") == readers);
    CHECK(registry.resolve(ids[1].substr(0, 12)) == ids[1]);
    CHECK(*registry.alias("champion") == ids[5]);
    CHECK(*registry.alias("previous") == ids[3]);
    CHECK(registry.audit_root_hex() == audit_root);
    CHECK(registry.lineage_json(ids[5]) == lineage);
    CHECK(registry.ledger().count("s").trials == 1);
    CHECK(registry.verify().empty());
  };
  Registry plain(root);
  same(plain);
  plain.rebuild();
  same(plain);
  for (const char* ending : {"", "-wal", "-shm"}) std::filesystem::remove(root + "/catalogue.sqlite" + ending);
  Registry bare(root);
  same(bare);
  for (const char* ending : {"-wal", "-shm"}) std::filesystem::remove(root + "/catalogue.sqlite" + ending);
  put_bytes(root + "/catalogue.sqlite", std::string(8192, 'x'));
  Registry damaged(root);
  const auto findings = damaged.verify();
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].file == root + "/catalogue.sqlite");
  damaged.rebuild();
  same(damaged);
}

TEST_CASE("a registry can be moved") {
  const TestFolder folder;
  Registry first(folder / "r");
  const std::string id = first.put_model("{}");
  Registry second(std::move(first));
  CHECK(second.promote(id, std::nullopt, event()));
  CHECK(second.models().size() == 1);
}
