#include "engine/registry/registry.hpp"

#include <algorithm>
#include <set>

#include "cuda/base/error.hpp"
#include "engine/registry/layout.hpp"
#include "engine/registry/registry_body.hpp"

namespace tf::registry {
namespace {

std::string whole_path(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  make_folder(path);
  make_folder(path + "/objects");
  make_folder(path + "/models");
  return path;
}

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 10;
  std::string text;
  for (std::size_t at = 0; at < std::min(names.size(), kMost); ++at) text += (at ? ", " : "") + names[at];
  if (names.size() > kMost) text += " and " + std::to_string(names.size() - kMost) + " more";
  return names.empty() ? "none" : text;
}

constexpr const char* kAliasNames[] = {"champion", "challenger", "previous", "shadow"};

bool is_alias_name(const std::string& name) {
  return std::find(std::begin(kAliasNames), std::end(kAliasNames), name) != std::end(kAliasNames);
}

}  // namespace

Registry::Body::Body(std::string folder)
    : root(whole_path(std::move(folder))),
      catalogue(root),
      audit(audit_path(root), kAuditName,
            {[this] { return catalogue.mark(kAuditName); },
             [this](const ChainMark& mark) { catalogue.put_audit(mark, aliases); }},
            [this](int64_t line, std::string_view entry) { apply(line, entry); }),
      ledger(ledger_path(root), {[this] { return catalogue.mark(kLedgerName); },
                                 [this](const ChainMark& mark) { catalogue.put_mark(kLedgerName, mark); }}) {}

void Registry::Body::apply(int64_t line, std::string_view text) {
  try {
    AuditEntry entry = parse_audit_entry(text);
    if (const auto fault = apply_moves(aliases, entry.moves)) audit.fail(line, *fault);
    lines.push_back({line, std::move(entry.event), hex(audit.hashes().back())});
  } catch (const Json::exception& fault) {
    audit.fail(line, std::string("not an entry of the audit log: ") + fault.what());
  }
}

std::optional<std::string> Registry::Body::target(const std::string& alias) const {
  const auto found = aliases.find(alias);
  return found == aliases.end() ? std::nullopt : std::optional(found->second);
}

void Registry::Body::append(ChainWriter& writer, const AuditEvent& event, const std::vector<AliasMove>& moves,
                            const std::optional<ChainMark>& ledger_mark) {
  const std::string entry = audit_entry(event, moves, ledger_mark);
  writer.append(std::span(&entry, 1));
}

Registry::Registry(std::string root) : body_(std::make_unique<Body>(std::move(root))) {}
Registry::~Registry() = default;
Registry::Registry(Registry&&) noexcept = default;

const std::string& Registry::root() const { return body_->root; }
TrialLedger& Registry::ledger() { return body_->ledger; }

// ---- objects and models --------------------------------------------------------------------------------------------

std::string Registry::put_object(const std::string& bytes) {
  const std::string name = sha256_hex(bytes), path = object_path(name);
  if (!file_exists(path) || read_file(path) != bytes) {
    make_folder(path.substr(0, path.rfind('/')));
    write_durably(path, bytes);
  }
  body_->catalogue.put_object(name, static_cast<int64_t>(bytes.size()));
  return name;
}

std::string Registry::object_path(const std::string& name) const { return object_path_of(body_->root, name); }

std::string Registry::object(const std::string& name) const {
  const std::string path = object_path(name);
  std::string bytes = read_file(path);
  if (const std::string digest = sha256_hex(bytes); digest != name)
    throw Error(ErrorKind::bad_data, path + ": damaged: its SHA-256 is " + digest);
  return bytes;
}

std::string Registry::put_model(const std::string& manifest_json) {
  const Json manifest = parse_json(manifest_json, "model manifest");
  if (!manifest.is_object()) throw Error(ErrorKind::bad_data, "model manifest: a JSON object was expected");
  const std::string bytes = canonical_json(manifest), id = sha256_hex(bytes), path = model_path_of(body_->root, id);
  if (!file_exists(path) || read_file(path) != bytes) write_durably(path, bytes);
  body_->catalogue.put_model(id, manifest);
  return id;
}

std::string Registry::model_manifest(const std::string& model_id) const {
  const std::string path = model_path_of(body_->root, model_id);
  std::string bytes = read_file(path);
  if (const std::string digest = sha256_hex(bytes); digest != model_id)
    throw Error(ErrorKind::bad_data, path + ": damaged: its SHA-256 is " + digest);
  return bytes;
}

std::vector<std::string> Registry::models() const { return body_->catalogue.models(); }

std::vector<std::string> Registry::impact(const std::string& data) const {
  return body_->catalogue.models_reading(data);
}

std::string Registry::resolve(const std::string& alias_or_prefix) const {
  if (is_alias_name(alias_or_prefix)) {
    if (const auto target = alias(alias_or_prefix)) return *target;
    throw Error(ErrorKind::no_input, body_->root + ": there is no " + alias_or_prefix + " yet");
  }
  const std::vector<std::string> found = body_->catalogue.models_starting(alias_or_prefix);
  if (found.size() == 1 && !alias_or_prefix.empty()) return found.front();
  if (found.empty())
    throw Error(ErrorKind::no_input, body_->root + ": no model or alias \"" + alias_or_prefix +
                                         "\"; there are champion, " +
                                         "challenger, previous, shadow and the models: " + listed(models()));
  throw Error(ErrorKind::no_input,
              body_->root + ": \"" + alias_or_prefix + "\" is the beginning of several models: " + listed(found));
}

std::string Registry::lineage_json(const std::string& model_id) const {
  Json chain = Json::array();
  std::set<std::string> seen;
  for (std::optional<std::string> next = model_id; next && seen.insert(*next).second;) {
    const std::string id = *next;
    next.reset();
    if (!is_hash_name(id) || !file_exists(model_path_of(body_->root, id))) {
      if (id == model_id) throw Error(ErrorKind::no_input, body_->root + ": there is no model " + id);
      chain.push_back({{"model", id}, {"missing", true}});
      break;
    }
    const std::string text = model_manifest(id);
    const Json manifest = parse_json(text, id);
    Json link = {{"model", id}, {"data", manifest.value("data", Json::array())}};
    for (const char* key : {"parent", "run", "weights", "schema_digest", "created_ns"})
      if (manifest.contains(key)) link[key] = manifest[key];
    if (link.contains("parent") && link["parent"].is_string() && link["parent"] != "")
      next = link["parent"].get<std::string>();
    chain.push_back(std::move(link));
  }
  return canonical_json({{"schema", "tickfold-lineage-v1"}, {"model", model_id}, {"chain", chain}});
}

// ---- audit log and aliases -----------------------------------------------------------------------------------------

std::optional<std::string> Registry::alias(const std::string& name) const {
  const std::scoped_lock hold(body_->mutex);
  body_->audit.refresh();
  return body_->target(name);
}

bool Registry::promote(const std::string& model, const std::optional<std::string>& expected, const AuditEvent& event) {
  model_manifest(model);
  const ChainMark trials = body_->ledger.mark();
  const std::scoped_lock hold(body_->mutex);
  ChainWriter writer(body_->audit);
  const std::optional<std::string> champion = body_->target("champion");
  if (champion != expected || champion == model) return false;
  std::vector<AliasMove> moves = {{"champion", champion, model}};
  if (champion) moves.push_back({"previous", body_->target("previous"), champion});
  if (body_->target("challenger") == model) moves.push_back({"challenger", model, std::nullopt});
  AuditEvent promotion = event;
  promotion.kind = "promote";
  promotion.subject = model;
  body_->append(writer, promotion, moves, trials);
  return true;
}

bool Registry::assign(const std::string& alias, const std::string& model, const std::optional<std::string>& expected,
                      const AuditEvent& event) {
  expect(alias == "challenger" || alias == "shadow", "only challenger and shadow are assigned; champions are promoted");
  model_manifest(model);
  const std::scoped_lock hold(body_->mutex);
  ChainWriter writer(body_->audit);
  if (body_->target(alias) != expected) return false;
  AuditEvent assignment = event;
  assignment.kind = "assign";
  assignment.subject = model;
  body_->append(writer, assignment, {{alias, expected, model}}, std::nullopt);
  return true;
}

std::string Registry::rollback(const AuditEvent& event) {
  const std::scoped_lock hold(body_->mutex);
  ChainWriter writer(body_->audit);
  const std::optional<std::string> champion = body_->target("champion"), previous = body_->target("previous");
  if (!previous) throw Error(ErrorKind::no_input, body_->root + ": there is no previous champion to go back to");
  model_manifest(*previous);
  AuditEvent back = event;
  back.kind = "rollback";
  back.subject = *previous;
  // No mark of the trial ledger: a way back must not depend on it.
  body_->append(writer, back, {{"champion", champion, previous}, {"previous", previous, champion}}, std::nullopt);
  return *previous;
}

void Registry::append_audit(const AuditEvent& event) {
  expect(event.kind != "promote" && event.kind != "rollback" && event.kind != "assign",
         "aliases move by promote(), rollback() and assign() alone");
  const std::scoped_lock hold(body_->mutex);
  ChainWriter writer(body_->audit);
  body_->append(writer, event, {}, std::nullopt);
}

std::vector<Registry::AuditLine> Registry::audit() const {
  const std::scoped_lock hold(body_->mutex);
  body_->audit.refresh();
  return body_->lines;
}

std::string Registry::audit_root_hex() const {
  const std::scoped_lock hold(body_->mutex);
  body_->audit.refresh();
  return body_->audit.root_hex();
}

void Registry::rebuild() { body_->catalogue.rebuild(); }

}  // namespace tf::registry
