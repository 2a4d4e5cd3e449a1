// What an open registry holds in memory.
#pragma once
#include <mutex>
#include <string>
#include <vector>

#include "engine/registry/audit_log.hpp"
#include "engine/registry/catalogue.hpp"
#include "engine/registry/chain_log.hpp"
#include "engine/registry/registry.hpp"

namespace tf::registry {

struct Registry::Body {
  explicit Body(std::string folder);

  /// One audit line read: the event, and the aliases after it.
  void apply(int64_t line, std::string_view entry);
  std::optional<std::string> target(const std::string& alias) const;
  /// Appends one event while the caller holds the log's lock.
  void append(ChainWriter& writer, const AuditEvent& event, const std::vector<AliasMove>& moves,
              const std::optional<ChainMark>& ledger_mark);

  std::string root;
  mutable Catalogue catalogue;
  mutable std::mutex mutex;  ///< guards what follows
  std::vector<AuditLine> lines;
  AliasTargets aliases;
  mutable ChainLog audit;
  TrialLedger ledger;  ///< guards itself
};

}  // namespace tf::registry
