#include "engine/registry/chain_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "cuda/base/error.hpp"

namespace tf::registry {
namespace {

constexpr std::string_view kOpening = "{\"entry\":", kMiddle = ",\"hash\":\"", kClosing = "\"}";
constexpr std::size_t kHexDigits = 64;

std::string line_of(std::string_view entry, const Hash& hash) {
  std::string line(kOpening);
  line += entry;
  line += kMiddle;
  line += hex(hash);
  line += kClosing;
  return line;
}

}  // namespace

Hash chain_start(std::string_view log_name) {
  return sha256("tickfold-ledger-v1", "{\"format\":1,\"log\":\"" + std::string(log_name) + "\"}");
}

std::optional<std::string> line_fault(std::string_view line, const Hash& before, std::string_view& entry, Hash& hash) {
  const std::size_t frame = kOpening.size() + kMiddle.size() + kHexDigits + kClosing.size();
  if (line.size() <= frame || !line.starts_with(kOpening) || !line.ends_with(kClosing))
    return "this is not a line of the form {\"entry\":...,\"hash\":\"...\"}";
  entry = line.substr(kOpening.size(), line.size() - frame);
  const std::string_view rest = line.substr(kOpening.size() + entry.size());
  if (!rest.starts_with(kMiddle)) return "this is not a line of the form {\"entry\":...,\"hash\":\"...\"}";
  hash = sha256(bytes_of(before), entry);
  if (rest.substr(kMiddle.size(), kHexDigits) != hex(hash))
    return "the chain breaks here: the hash should be " + hex(hash) + " for this entry after the line before it";
  return {};
}

std::optional<std::string> mark_fault(std::span<const Hash> hashes, const ChainMark& mark) {
  const int64_t lines = static_cast<int64_t>(hashes.size()) - 1;
  if (mark.lines < 0 || mark.lines > lines)
    return "lines are missing at the end: " + std::to_string(mark.lines) + " were recorded, " + std::to_string(lines) +
           " are here";
  if (hashes[mark.lines] != mark.head)
    return "this is another history: the hash of line " + std::to_string(mark.lines) + " was recorded as " +
           hex(mark.head);
  return {};
}

ChainScan scan_chain(const std::string& path, std::string_view log_name) {
  ChainScan scan;
  scan.hashes.push_back(chain_start(log_name));
  if (!file_exists(path)) return scan;
  const std::string bytes = read_file(path);
  const std::string_view text = bytes;
  std::size_t at = 0;
  for (std::size_t end; (end = text.find('\n', at)) != std::string_view::npos; at = end + 1) {
    std::string_view entry;
    Hash hash;
    if (const auto fault = line_fault(text.substr(at, end - at), scan.hashes.back(), entry, hash)) {
      scan.fault_line = static_cast<int64_t>(scan.hashes.size());
      scan.fault = *fault;
      return scan;
    }
    scan.entries.emplace_back(entry);
    scan.hashes.push_back(hash);
  }
  return scan;
}

ChainLog::ChainLog(std::string path, std::string_view log_name, ChainHooks hooks, Visit visit)
    : path_(std::move(path)), hooks_(std::move(hooks)), visit_(std::move(visit)), hashes_{chain_start(log_name)} {}

void ChainLog::fail(int64_t line, const std::string& what) const {
  throw Error(ErrorKind::ledger, path_ + ":" + std::to_string(line) + ": " + what);
}

void ChainLog::take(std::string_view line) {
  std::string_view entry;
  Hash hash;
  if (const auto fault = line_fault(line, hashes_.back(), entry, hash)) fail(lines() + 1, *fault);
  hashes_.push_back(hash);
  leaves_.push_back(merkle_leaf(line));
  bytes_ += static_cast<int64_t>(line.size()) + 1;
  visit_(lines(), entry);
}

/// Takes the whole lines that are new and returns the bytes after them.
std::string ChainLog::read_on() {
  if (!file_.is_open()) {
    if (!file_exists(path_)) return {};
    file_ = FileHandle(path_, O_RDONLY);
  }
  struct stat state;
  if (::fstat(file_.number(), &state) != 0) throw Error(ErrorKind::io, path_ + ": cannot be read");
  if (state.st_size < bytes_) fail(lines(), "the file became shorter while it was in use");
  std::string bytes(static_cast<std::size_t>(state.st_size - bytes_), '\0');
  std::size_t used = 0;
  while (used < bytes.size()) {
    const ssize_t got =
        ::pread(file_.number(), bytes.data() + used, bytes.size() - used, bytes_ + static_cast<int64_t>(used));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(ErrorKind::io, path_ + ": cannot be read: " + std::strerror(errno));
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  bytes.resize(used);
  std::size_t at = 0;
  for (std::size_t end; (end = bytes.find('\n', at)) != std::string::npos; at = end + 1)
    take(std::string_view(bytes).substr(at, end - at));
  return bytes.substr(at);
}

void ChainLog::refresh() {
  // The record is read before the file: it is never ahead of what the file holds later.
  const std::optional<ChainMark> recorded = !compared_ && hooks_.recorded ? hooks_.recorded() : std::nullopt;
  read_on();
  if (recorded)
    if (const auto fault = mark_fault(hashes_, *recorded)) fail(std::min(recorded->lines, lines() + 1), *fault);
  compared_ = true;
}

namespace {

FileHandle open_for_append(const std::string& path) {
  const bool is_new = !file_exists(path);
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (is_new) make_folder(folder);
  FileHandle file(path, O_RDWR | O_CREAT | O_APPEND);
  if (is_new) sync_folder(folder.empty() ? "." : folder);
  return file;
}

}  // namespace

ChainWriter::ChainWriter(ChainLog& log) : log_(log), file_(open_for_append(log.path_)), lock_(file_, log.path_) {
  log_.refresh();
  const std::string tail = log_.read_on();
  if (tail.empty()) return;

  // A tail is dropped only if it can be a cut-off append, which nobody was told of.
  const int64_t line = log_.lines() + 1;
  if (log_.hooks_.recorded)
    if (const auto recorded = log_.hooks_.recorded(); recorded && recorded->lines >= line)
      log_.fail(line, "a line that was complete lost its end");
  std::string_view entry;
  Hash hash;
  if (!line_fault(tail, log_.hashes_.back(), entry, hash)) {
    write_all(file_, log_.path_, "\n");
    sync_file(file_, log_.path_);
    log_.read_on();
    return;
  }
  if (!line_fault(std::string_view(tail).substr(0, tail.size() - 1), log_.hashes_.back(), entry, hash))
    log_.fail(line, "the newline at the end of this line was changed");
  if (::ftruncate(file_.number(), log_.bytes_) != 0)
    throw Error(ErrorKind::io, log_.path_ + ": cannot be shortened: " + std::strerror(errno));
  sync_file(file_, log_.path_);
}

void ChainWriter::append(std::span<const std::string> entries) {
  if (entries.empty()) return;
  std::string bytes;
  Hash head = log_.hashes_.back();
  for (const std::string& entry : entries) {
    head = sha256(bytes_of(head), entry);
    bytes += line_of(entry, head) + "\n";
  }
  try {
    write_all(file_, log_.path_, bytes);
    sync_file(file_, log_.path_);
  } catch (...) {
    // Half an append must not stay where the next writer would take its whole lines for recorded ones.
    if (::ftruncate(file_.number(), log_.bytes_) == 0) ::fsync(file_.number());
    throw;
  }
  log_.read_on();
  if (log_.hooks_.record) log_.hooks_.record(log_.mark());
}

}  // namespace tf::registry
