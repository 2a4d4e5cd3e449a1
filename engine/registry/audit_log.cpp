#include "engine/registry/audit_log.hpp"

#include "cuda/base/error.hpp"

namespace tf::registry {
namespace {

Json or_null(const std::optional<std::string>& text) { return text ? Json(*text) : Json(nullptr); }

std::optional<std::string> text_or_none(const Json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<std::string>());
}

}  // namespace

std::string audit_entry(const AuditEvent& event, const std::vector<AliasMove>& moves,
                        const std::optional<ChainMark>& ledger) {
  const std::string detail = event.detail_json.empty() ? "{}" : event.detail_json;
  Json entry = {{"kind", event.kind},       {"actor", event.actor},
                {"subject", event.subject}, {"reason", event.reason},
                {"time_ns", event.time_ns}, {"detail", parse_json(detail, "detail of audit event " + event.kind)}};
  for (const AliasMove& move : moves)
    entry["moves"][move.alias] = {{"from", or_null(move.from)}, {"to", or_null(move.to)}};
  if (ledger) entry["ledger"] = {{"lines", ledger->lines}, {"head", hex(ledger->head)}};
  return canonical_json(entry);
}

AuditEntry parse_audit_entry(std::string_view text) {
  const Json json = Json::parse(text);
  AuditEntry entry;
  entry.event = {
      json.at("kind"),   json.at("actor"), json.at("subject"), json.at("reason"), canonical_json(json.at("detail")),
      json.at("time_ns")};
  if (json.contains("moves"))
    for (const auto& [alias, move] : json.at("moves").items())
      entry.moves.push_back({alias, text_or_none(move.at("from")), text_or_none(move.at("to"))});
  if (json.contains("ledger"))
    entry.ledger = ChainMark{json.at("ledger").at("lines"), unhex(json.at("ledger").at("head").get<std::string>())};
  return entry;
}

std::optional<std::string> apply_moves(AliasTargets& targets, const std::vector<AliasMove>& moves) {
  for (const AliasMove& move : moves) {
    const auto at = targets.find(move.alias);
    const std::optional<std::string> now = at == targets.end() ? std::nullopt : std::optional(at->second);
    if (now != move.from)
      return "moves " + move.alias + " from " + move.from.value_or("nothing") + ", but it stood at " +
             now.value_or("nothing");
    if (move.to)
      targets[move.alias] = *move.to;
    else
      targets.erase(move.alias);
  }
  return {};
}

}  // namespace tf::registry
