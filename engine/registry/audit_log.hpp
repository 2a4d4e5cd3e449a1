// Audit entries and what follows from them: who is champion now. An entry that moves aliases says from where to where,
// so that reading the log again gives the same aliases, and a move that does not start where the last one ended is
// found.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/registry/canonical_json.hpp"
#include "engine/registry/chain_log.hpp"
#include "engine/registry/registry.hpp"

namespace tf::registry {

using AliasTargets = std::map<std::string, std::string>;  ///< alias -> ModelId; an alias without target is absent

/// One alias from one target to another; nullopt = none.
struct AliasMove {
  std::string alias;
  std::optional<std::string> from, to;
};

/// Canonical text of an event; `ledger` = how far the trial ledger was, so that it cannot be shortened afterwards.
std::string audit_entry(const AuditEvent& event, const std::vector<AliasMove>& moves,
                        const std::optional<ChainMark>& ledger);

struct AuditEntry {
  AuditEvent event;
  std::vector<AliasMove> moves;
  std::optional<ChainMark> ledger;
};
AuditEntry parse_audit_entry(std::string_view text);  ///< throws Json::exception or Error{bad_data}

/// Moves the aliases; says what is wrong if a move does not start where its alias stands.
std::optional<std::string> apply_moves(AliasTargets& targets, const std::vector<AliasMove>& moves);

}  // namespace tf::registry
