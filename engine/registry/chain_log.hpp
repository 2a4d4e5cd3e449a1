// An append-only file of JSON lines {"entry":E,"hash":"h_i"}, each hash over all before it (requirements page, G:
// chain):
//   h_0 = SHA256("tickfold-ledger-v1" || genesis)     genesis = canonical JSON {"format":1,"log":NAME}, not itself a
//   line h_i = SHA256(h_{i-1} || E)                        E = canonical JSON of entry i; i = line number, from 1
// Many processes read and append: a writer holds the file's flock, readers take whole lines only. Bytes after the last
// newline are an append that was cut off: the next writer completes the line if only its newline is missing, else drops
// it.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/registry/durable_file.hpp"
#include "engine/registry/hash.hpp"

namespace tf::registry {

/// How far a log had come: what the catalogue remembers so that a shortened file is noticed.
struct ChainMark {
  int64_t lines = 0;
  Hash head{};
};

/// How a log and the catalogue talk; either may be empty. The record is made after the append, so it is never ahead.
struct ChainHooks {
  std::function<std::optional<ChainMark>()> recorded;
  std::function<void(const ChainMark&)> record;
};

Hash chain_start(std::string_view log_name);
/// What is wrong with one line (no newline) that follows hash `before`; nothing if sound, then `entry` and `hash` are
/// set.
std::optional<std::string> line_fault(std::string_view line, const Hash& before, std::string_view& entry, Hash& hash);

/// A whole file read once, up to its first fault.
struct ChainScan {
  std::vector<std::string> entries;
  std::vector<Hash> hashes;  ///< h_0 first: hashes[i] belongs to line i
  int64_t fault_line = 0;    ///< 0 = none
  std::string fault;
};
ChainScan scan_chain(const std::string& path, std::string_view log_name);  ///< a missing file has no lines
/// What is wrong between a file's hashes (h_0 first) and an earlier mark; nothing if the file continues the mark.
std::optional<std::string> mark_fault(std::span<const Hash> hashes, const ChainMark& mark);

class ChainLog {
 public:
  using Visit = std::function<void(int64_t line, std::string_view entry)>;

  /// `visit` sees each line once, in order, whoever wrote it.
  ChainLog(std::string path, std::string_view log_name, ChainHooks hooks, Visit visit);

  void refresh();  ///< reads what was appended since; throws Error{ledger} naming file:line
  int64_t lines() const { return static_cast<int64_t>(leaves_.size()); }
  ChainMark mark() const { return {lines(), hashes_.back()}; }
  const std::vector<Hash>& hashes() const { return hashes_; }         ///< h_0 first
  std::string root_hex() const { return hex(merkle_root(leaves_)); }  ///< leaf = a line without its newline
  const std::string& path() const { return path_; }
  [[noreturn]] void fail(int64_t line, const std::string& what) const;

 private:
  friend class ChainWriter;
  void take(std::string_view line);
  std::string read_on();

  std::string path_;
  ChainHooks hooks_;
  Visit visit_;
  FileHandle file_;
  int64_t bytes_ = 0;  ///< of the whole lines taken
  bool compared_ = false;
  std::vector<Hash> hashes_, leaves_;
};

/// Holds the log's lock for its lifetime; the log is up to date and its tail mended once this is made.
class ChainWriter {
 public:
  explicit ChainWriter(ChainLog& log);
  void append(std::span<const std::string> entries);  ///< canonical JSON texts; all on disk when this returns

 private:
  ChainLog& log_;
  FileHandle file_;
  ExclusiveLock lock_;
};

}  // namespace tf::registry
