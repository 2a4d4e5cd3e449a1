// Where things lie in a registry's folder.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace tf::registry {

inline constexpr std::string_view kLedgerName = "trials", kAuditName = "audit";

inline std::string ledger_path(const std::string& root) { return root + "/ledger.jsonl"; }
inline std::string audit_path(const std::string& root) { return root + "/audit.jsonl"; }
inline std::string catalogue_path(const std::string& root) { return root + "/catalogue.sqlite"; }

bool is_hash_name(std::string_view name);  ///< 64 lower-case hex digits
/// Both throw Error{no_input} for a name that is no SHA-256, so that no name leads out of the folder.
std::string object_path_of(const std::string& root, const std::string& name);
std::string model_path_of(const std::string& root, const std::string& model_id);

/// A file found under objects/ or models/, and the name its place gives it ("" = it belongs to nobody).
struct StoredFile {
  std::string path, name;
};
/// Sorted by path. Names that start with "." are unfinished writes of a killed process and are left out.
std::vector<StoredFile> stored_objects(const std::string& root);
std::vector<StoredFile> stored_models(const std::string& root);

}  // namespace tf::registry
