#include "data/store/manifest.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "data/store/merkle.hpp"
#include "made_days.hpp"

using namespace tf;
using namespace tf::data;
using nlohmann::json;

TEST_CASE("every leaf of a tree of any size climbs to its root along its path, and along no other") {
  for (std::size_t count = 1; count <= 33; ++count) {
    CAPTURE(count);
    std::vector<Digest> leaves;
    for (std::size_t at = 0; at < count; ++at) leaves.push_back(sha256(&at, sizeof(at)));
    const Digest root = merkle_root(leaves);
    for (std::size_t at = 0; at < count; ++at) {
      std::vector<Digest> path = merkle_path(leaves, at);
      CHECK(merkle_climb(leaves[at], at, count, path) == root);
      CHECK(merkle_climb(leaves[at], at + 1, count, path) != root);
      path.push_back(root);
      CHECK_FALSE(merkle_climb(leaves[at], at, count, path));
      path.pop_back();
      if (path.empty()) continue;
      path.back()[5] ^= 1;
      CHECK(merkle_climb(leaves[at], at, count, path) != root);
      path.pop_back();
      CHECK_FALSE(merkle_climb(leaves[at], at, count, path));
    }
  }
}

TEST_CASE("the tree is that of RFC 6962") {
  // Its leaves 00, 01, ... hashed with 0x00 before them; roots as certificate transparency logs publish them for their
  // test vectors "", 00, 10, 2021.
  const std::vector<std::vector<uint8_t>> data = {{}, {0x00}, {0x10}, {0x20, 0x21}};
  const char* roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"};
  std::vector<Digest> leaves;
  for (std::size_t at = 0; at < data.size(); ++at) {
    leaves.push_back(merkle_leaf(data[at]));
    CHECK(hex_text(merkle_root(leaves)) == roots[at]);
  }
}

TEST_CASE("the manifest names every chunk with its rows, times and digest, and the root over them") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  for (const bool full : {true, false}) {
    const std::vector<Tick> ticks = made::ticks(kChunkRows + 300, {full, full});
    const Day day = made::kDay + full;
    const DayInfo info = made::write(store, ticks, day);
    const json manifest = json::parse(day_manifest(info.path));
    CHECK(manifest.at("schema") == 2);
    CHECK(manifest.at("instrument") == made::kId);
    CHECK(manifest.at("day") == to_text(day));
    CHECK(manifest.at("codec") == "packed");
    CHECK(manifest.at("rows") == ticks.size());
    CHECK(manifest.at("source_digest") == "abc");
    CHECK(manifest.at("content_digest") == info.content_digest);
    CHECK(manifest.at("merkle_root") == info.content_digest);
    REQUIRE(manifest.at("chunks").size() == 12);
    int64_t encoded = 0;
    for (std::size_t at = 0; at < 12; ++at) {
      const json& chunk = manifest.at("chunks")[at];
      const std::size_t first = at % 2 ? std::size_t(kChunkRows) : 0, rows = at % 2 ? 300 : std::size_t(kChunkRows);
      CHECK(chunk.at("column") == kColumnNames[at / 2]);
      CHECK(chunk.at("chunk") == at % 2);
      CHECK(chunk.at("first_row") == first);
      CHECK(chunk.at("rows") == rows);
      CHECK(chunk.at("first_ts") == ticks[first].exch_ts);
      CHECK(chunk.at("last_ts") == ticks[first + rows - 1].exch_ts);
      CHECK(chunk.at("least_ts") <= chunk.at("first_ts"));
      CHECK(chunk.at("largest_ts") >= chunk.at("last_ts"));
      const bool stored = full || (at / 2 != kLocalTs && at / 2 != kOrderId);
      CHECK(chunk.at("stored") == stored);
      if (stored) encoded += chunk.at("encoded_bytes").get<int64_t>();
      std::vector<uint64_t> ids(rows);
      for (std::size_t row = 0; row < rows; ++row) ids[row] = ticks[first + row].order_id;
      if (at / 2 == kOrderId) CHECK(chunk.at("sha256") == hex_text(sha256(ids.data(), rows * 8)));
    }
    CHECK(encoded > info.file_bytes - 10000);
    CHECK(encoded < info.file_bytes);
  }
}

TEST_CASE("a proof shows that a chunk belongs to the day's digest, and nothing else does") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const DayInfo info = made::write(store, made::ticks(2 * kChunkRows + 300, {true, false}));
  for (int column = 0; column < kColumns; ++column)
    for (int64_t chunk = 0; chunk < 3; ++chunk) {
      const InclusionProof proof = inclusion_proof(info.path, column, chunk);
      CHECK(hex_text(proof.root) == info.content_digest);
      CHECK(is_sound(proof));
      const auto is_unsound = [&](const auto& change) {
        InclusionProof changed = proof;
        change(changed);
        return !is_sound(changed);
      };
      CHECK(is_unsound([](InclusionProof& changed) { changed.column ^= 1; }));
      CHECK(is_unsound([](InclusionProof& changed) { changed.chunk = (changed.chunk + 1) % 3; }));
      CHECK(is_unsound([](InclusionProof& changed) { changed.rows += 1; }));
      CHECK(is_unsound([](InclusionProof& changed) { changed.decoded[0] ^= 1; }));
      CHECK(is_unsound([](InclusionProof& changed) { changed.root[0] ^= 1; }));
      CHECK(is_unsound([](InclusionProof& changed) { changed.path[1][0] ^= 1; }));
      CHECK(is_unsound([](InclusionProof& changed) { changed.at += 1; }));
      CHECK(is_unsound([](InclusionProof& changed) { changed.leaves += 1; }));
      const json text = json::parse(to_text(proof));
      CHECK(text.at("column") == kColumnNames[column]);
      CHECK(text.at("sha256") == hex_text(proof.decoded));
      CHECK(text.at("path").size() == proof.path.size());
    }
  ErrorKind kind{};
  CHECK_FALSE(made::error_of([&] { inclusion_proof(info.path, 6, 0); }, &kind).empty());
  CHECK(kind == ErrorKind::usage);
  CHECK_FALSE(made::error_of([&] { inclusion_proof(info.path, 0, 3); }, &kind).empty());
  made::put_bytes(info.path, made::bytes_of(info.path).substr(0, 1000));
  CHECK_FALSE(made::error_of([&] { day_manifest(info.path); }, &kind).empty());
  CHECK(kind == ErrorKind::bad_data);
}

TEST_CASE("the content digest depends on the ticks, not on the codec") {
  const made::Folder folder;
  const TickStore store = made::store(folder);
  const std::vector<Tick> ticks = made::ticks(5000);
  std::string first;
  for (const Codec codec : {Codec::packed, Codec::packed_zstd, Codec::zstd}) {
    WriteOptions options;
    options.codec = codec;
    const auto writer = store.write_day(made::kId, made::kDay + static_cast<int>(codec), false, options);
    writer->append(ticks);
    const DayInfo info = writer->commit({});
    if (first.empty()) first = info.content_digest;
    CHECK(info.content_digest == first);
    CHECK(store.verify_day(made::kId, info.day).empty());
    CHECK(made::read(store, {info.day}) == ticks);
  }
}
