#include "engine/registry/catalogue.hpp"

#include <algorithm>
#include <filesystem>
#include <mutex>

#include "cuda/base/error.hpp"
#include "engine/registry/layout.hpp"
#include "engine/registry/sqlite.hpp"

namespace tf::registry {
namespace {

constexpr const char* kSchema[] = {
    "CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS logs(name TEXT PRIMARY KEY, lines INTEGER, head TEXT) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS objects(name TEXT PRIMARY KEY, bytes INTEGER) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS models(id TEXT PRIMARY KEY, parent TEXT, run TEXT, weights TEXT, schema_digest TEXT,"
    " created_ns INTEGER) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS model_data(model TEXT, instrument TEXT, day TEXT, content_digest TEXT)",
    "CREATE INDEX IF NOT EXISTS model_data_by_digest ON model_data(content_digest)",
    "CREATE TABLE IF NOT EXISTS aliases(name TEXT PRIMARY KEY, model TEXT) WITHOUT ROWID",
};
constexpr const char* kTables[] = {"meta", "logs", "objects", "models", "model_data", "aliases"};

SqlValue text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? SqlValue(found->get<std::string>()) : SqlValue(nullptr);
}

/// A whole log, or Error{ledger} naming file:line.
ChainScan sound_scan(const std::string& path, std::string_view log_name) {
  ChainScan scan = scan_chain(path, log_name);
  if (scan.fault_line) throw Error(ErrorKind::ledger, path + ":" + std::to_string(scan.fault_line) + ": " + scan.fault);
  return scan;
}

ChainMark mark_of(const ChainScan& scan) { return {static_cast<int64_t>(scan.entries.size()), scan.hashes.back()}; }

}  // namespace

struct Catalogue::Body {
  explicit Body(std::string folder) : root(std::move(folder)) {}

  Sqlite& open() {
    if (!sqlite) {
      auto opened = std::make_unique<Sqlite>(catalogue_path(root));
      opened->transaction([&] {
        for (const char* table : kSchema) opened->run(table);
      });
      sqlite = std::move(opened);
    }
    return *sqlite;
  }

  bool is_filled() { return !open().texts("SELECT value FROM meta WHERE key='filled'").empty(); }

  /// Open, filled, and knowing the models that a killed process stored but did not list.
  Sqlite& ready() {
    open();
    if (!current) {
      sqlite->transaction([&] {
        if (is_filled())
          add_missing_models();
        else
          fill();
      });
      current = true;
    }
    return *sqlite;
  }

  void add_missing_models() {
    std::vector<std::string> listed = sqlite->texts("SELECT id FROM models ORDER BY id");
    for (const StoredFile& file : stored_models(root))
      if (!file.name.empty() && !std::binary_search(listed.begin(), listed.end(), file.name)) add_model_file(file);
  }

  /// A damaged manifest is left out here: verify names it, and a rebuild must not need every file to be sound.
  void add_model_file(const StoredFile& file) {
    const std::string bytes = read_file(file.path);
    if (sha256_hex(bytes) == file.name) add_model(file.name, parse_json(bytes, file.path));
  }

  void add_model(const std::string& id, const Json& manifest) {
    const auto created = manifest.find("created_ns");
    const bool known = created != manifest.end() && created->is_number_integer();
    if (!sqlite->texts("SELECT id FROM models WHERE id=?", {id}).empty()) return;
    sqlite->run("INSERT INTO models VALUES(?,?,?,?,?,?)",
                {id, text_of(manifest, "parent"), text_of(manifest, "run"), text_of(manifest, "weights"),
                 text_of(manifest, "schema_digest"), known ? SqlValue(created->get<int64_t>()) : SqlValue(int64_t{0})});
    const auto data = manifest.find("data");
    if (data == manifest.end() || !data->is_array()) return;
    for (const Json& set : *data)
      if (set.is_object())
        sqlite->run("INSERT INTO model_data VALUES(?,?,?,?)",
                    {id, text_of(set, "instrument"), text_of(set, "day"), text_of(set, "content_digest")});
  }

  void set_mark(std::string_view log_name, const ChainMark& mark) {
    sqlite->run(
        "INSERT INTO logs VALUES(?,?,?) ON CONFLICT(name) DO UPDATE SET lines=excluded.lines, head=excluded.head"
        " WHERE excluded.lines>=lines",
        {std::string(log_name), mark.lines, hex(mark.head)});
  }

  void set_aliases(const AliasTargets& aliases) {
    sqlite->run("DELETE FROM aliases");
    for (const auto& [alias, model] : aliases) sqlite->run("INSERT INTO aliases VALUES(?,?)", {alias, model});
  }

  /// Reads the files into empty tables, inside a transaction.
  void fill() {
    for (const StoredFile& file : stored_objects(root))
      if (!file.name.empty())
        sqlite->run("INSERT INTO objects VALUES(?,?)",
                    {file.name, static_cast<int64_t>(std::filesystem::file_size(file.path))});
    for (const StoredFile& file : stored_models(root))
      if (!file.name.empty()) add_model_file(file);
    set_mark(kLedgerName, mark_of(sound_scan(ledger_path(root), kLedgerName)));
    const ChainScan audit = sound_scan(audit_path(root), kAuditName);
    AliasTargets aliases;
    for (std::size_t at = 0; at < audit.entries.size(); ++at)
      if (const auto fault = apply_moves(aliases, parse_audit_entry(audit.entries[at]).moves))
        throw Error(ErrorKind::ledger, audit_path(root) + ":" + std::to_string(at + 1) + ": " + *fault);
    set_mark(kAuditName, mark_of(audit));
    set_aliases(aliases);
    sqlite->run("INSERT INTO meta VALUES('filled','1')");
  }

  std::optional<ChainMark> mark(std::string_view log_name) {
    std::optional<ChainMark> mark;
    open().each_row("SELECT lines, head FROM logs WHERE name=?", {std::string(log_name)},
                    [&](const std::vector<std::string>& columns) {
                      mark = ChainMark{std::stoll(columns[0]), unhex(columns[1])};
                    });
    return mark;
  }

  std::string root;
  std::recursive_mutex mutex;  ///< filling reads marks on the way
  std::unique_ptr<Sqlite> sqlite;
  bool current = false;
};

Catalogue::Catalogue(std::string root) : body_(std::make_unique<Body>(std::move(root))) {}
Catalogue::~Catalogue() = default;

std::optional<ChainMark> Catalogue::mark(std::string_view log_name) {
  const std::scoped_lock hold(body_->mutex);
  return body_->mark(log_name);
}

void Catalogue::put_mark(std::string_view log_name, const ChainMark& mark) {
  const std::scoped_lock hold(body_->mutex);
  body_->ready();
  body_->set_mark(log_name, mark);
}

void Catalogue::put_audit(const ChainMark& mark, const AliasTargets& aliases) {
  const std::scoped_lock hold(body_->mutex);
  body_->ready().transaction([&] {
    body_->set_mark(kAuditName, mark);
    body_->set_aliases(aliases);
  });
}

void Catalogue::put_object(const std::string& name, int64_t bytes) {
  const std::scoped_lock hold(body_->mutex);
  body_->ready().run("INSERT OR IGNORE INTO objects VALUES(?,?)", {name, bytes});
}

void Catalogue::put_model(const std::string& model_id, const Json& manifest) {
  const std::scoped_lock hold(body_->mutex);
  body_->ready().transaction([&] { body_->add_model(model_id, manifest); });
}

std::vector<std::string> Catalogue::models() {
  const std::scoped_lock hold(body_->mutex);
  return body_->ready().texts("SELECT id FROM models ORDER BY created_ns, id");
}

std::vector<std::string> Catalogue::models_starting(const std::string& prefix) {
  const std::scoped_lock hold(body_->mutex);
  return body_->ready().texts("SELECT id FROM models WHERE substr(id, 1, ?) = ? ORDER BY id",
                              {static_cast<int64_t>(prefix.size()), prefix});
}

std::vector<std::string> Catalogue::models_reading(const std::string& text) {
  const std::scoped_lock hold(body_->mutex);
  return body_->ready().texts(
      "SELECT DISTINCT model FROM model_data WHERE content_digest=?1 OR instrument=?1 OR day=?1 ORDER BY model",
      {text});
}

std::optional<Catalogue::Contents> Catalogue::contents() {
  const std::scoped_lock hold(body_->mutex);
  if (!body_->is_filled()) return {};
  std::optional<Contents> contents;
  body_->sqlite->transaction([&] {
    for (const std::string& fault : body_->sqlite->texts("PRAGMA quick_check"))
      if (fault != "ok") throw Error(ErrorKind::ledger, catalogue_path(body_->root) + ": " + fault);
    contents.emplace();
    contents->ledger = body_->mark(kLedgerName);
    contents->audit = body_->mark(kAuditName);
    contents->objects = body_->sqlite->texts("SELECT name FROM objects ORDER BY name");
    contents->models = body_->sqlite->texts("SELECT id FROM models ORDER BY id");
    body_->sqlite->each_row("SELECT name, model FROM aliases", {}, [&](const std::vector<std::string>& columns) {
      contents->aliases[columns[0]] = columns[1];
    });
  });
  return contents;
}

void Catalogue::rebuild() {
  const std::scoped_lock hold(body_->mutex);
  // A damaged catalogue remembers nothing that can be trusted: it goes as a file.
  try {
    contents();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::ledger) throw;
    body_->sqlite.reset();
    for (const char* ending : {"", "-wal", "-shm"}) std::filesystem::remove(catalogue_path(body_->root) + ending);
  }
  body_->open().transaction([&] {
    for (const auto& [name, path] :
         {std::pair(kLedgerName, ledger_path(body_->root)), std::pair(kAuditName, audit_path(body_->root))})
      if (const auto recorded = body_->mark(name))
        if (const auto fault = mark_fault(sound_scan(path, name).hashes, *recorded))
          throw Error(ErrorKind::ledger, path + ": " + *fault);
    for (const char* table : kTables) body_->sqlite->run(std::string("DELETE FROM ") + table);
    body_->fill();
  });
  body_->current = true;
}

}  // namespace tf::registry
