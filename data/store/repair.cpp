#include "data/store/repair.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <filesystem>
#include <map>
#include <thread>

#include "cuda/base/error.hpp"
#include "data/store/day_file.hpp"
#include "data/store/hdf5_file.hpp"
#include "data/store/verify.hpp"
#include "data/store/versions.hpp"

namespace tf::data {
namespace {

constexpr std::size_t kFooterGuess = 8 * 1024;
constexpr unsigned kSalvageSeconds = 10;
constexpr const char* kSourceAttributes[] = {"source", "source_params", "policy", "source_files", "source_digest"};

using Attributes = std::vector<std::pair<std::string, std::string>>;

Attributes named_as_source(const Attributes& all) {
  Attributes chosen;
  for (const char* wanted : kSourceAttributes)
    for (const auto& [name, text] : all)
      if (name == wanted) chosen.emplace_back(name, text);
  return chosen;
}

/// Attributes of a file whose metadata failed its checks. libhdf5 may fail in any way on it, so a child reads them.
Attributes salvage_attributes(const std::string& path) {
  int ends[2];
  if (::pipe(ends) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::alarm(kSalvageSeconds);
    int code = 1;
    try {
      std::string text;
      for (const auto& [name, value] : read_attributes(path)) {
        text.append(name).push_back('\0');
        text.append(value).push_back('\0');
      }
      std::size_t done = 0;
      while (done < text.size()) {
        const ssize_t part = ::write(ends[1], text.data() + done, text.size() - done);
        if (part <= 0) break;
        done += static_cast<std::size_t>(part);
      }
      code = done == text.size() ? 0 : 1;
    } catch (...) { code = 1; }
    ::_exit(code);
  }
  ::close(ends[1]);
  std::string text;
  char part[4096];
  for (ssize_t got; child > 0 && (got = ::read(ends[0], part, sizeof part)) > 0;)
    text.append(part, static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 1;
  if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0) return {};
  Attributes attributes;
  for (std::size_t at = 0; at < text.size();) {
    const std::string name = text.c_str() + at;
    at += name.size() + 1;
    const std::string value = at < text.size() ? text.c_str() + at : "";
    at += value.size() + 1;
    attributes.emplace_back(name, value);
  }
  return attributes;
}

/// Chunks that are damaged in several columns count once.
void add_lost(const std::vector<Damage>& damages, Repair& repair) {
  std::map<int64_t, LostRows> chunks;
  for (const Damage& damage : damages) {
    if (damage.rows == 0) continue;
    LostRows& lost = chunks.try_emplace(damage.first_row).first->second;
    const std::string columns = lost.columns.empty() ? damage.column : lost.columns + ", " + damage.column;
    lost = {damage.first_row, damage.rows, damage.first_ts, damage.last_ts, columns};
  }
  for (const auto& [row, lost] : chunks) {
    repair.lost.push_back(lost);
    repair.lost_rows += lost.rows;
  }
}

void add_source(const TickStore& store, const FileState& state, Repair& repair) {
  const bool metadata_sound =
      std::all_of(state.damages.begin(), state.damages.end(), [](const Damage& damage) { return damage.rows > 0; });
  if (metadata_sound) {
    repair.source = named_as_source(store.day_attributes(repair.instrument, state.day));
    repair.source_from = state.path;
    return;
  }
  repair.source = named_as_source(salvage_attributes(state.path));
  repair.source_from = state.path + " (its metadata is damaged too: compare the digests before you trust the names)";
  if (!repair.source.empty() || !repair.sound_version) return;
  repair.source = named_as_source(read_attributes(repair.sound_version->path));
  repair.source_from = repair.sound_version->path + " (the older version; the damaged one tells nothing any more)";
}

}  // namespace

FileState file_state(const std::string& path, const std::string& id, Day day, bool deep) {
  FileState state;
  state.day = day;
  state.path = path;
  OpenDay opened;
  const std::string wrong = open_day(path, id, day, kFooterGuess, opened);
  if (!wrong.empty()) {
    state.damages = {damage_of_footer(path, wrong)};
    return state;
  }
  state.info = opened.info();
  state.schema = opened.footer.version;
  state.codec = opened.footer.codec;
  if (deep) state.damages = verify_day_file(path, id, day);
  return state;
}

std::optional<std::pair<std::string, Day>> named_in_footer(const std::string& path) {
  OpenDay opened;
  open_day(path, "", Day{}, kFooterGuess, opened);  // it always minds the empty name
  if (opened.footer.venue.empty()) return {};
  return std::pair{opened.footer.venue + "/" + opened.footer.symbol, opened.footer.day};
}

std::vector<FileState> file_states(const TickStore& store, const std::string& id, std::optional<Day> only, bool deep,
                                   int threads) {
  std::vector<VersionFile> files;
  for (const Day day : store.day_names(id)) files.push_back({day, 0, store.day_path(id, day)});
  const std::string folder = (std::filesystem::path(store.root()) / id).string();
  for (const VersionFile& version : version_files(folder)) files.push_back(version);
  if (only) std::erase_if(files, [&](const VersionFile& file) { return file.day != *only; });
  std::sort(files.begin(), files.end(), [](const VersionFile& one, const VersionFile& other) {
    return one.day != other.day ? one.day < other.day : one.number < other.number;
  });

  std::vector<FileState> states(files.size());
  std::vector<std::exception_ptr> failures(files.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t at = next++; at < files.size(); at = next++) try {
        states[at] = file_state(files[at].path, id, files[at].day, deep);
        states[at].version = files[at].number;
      } catch (...) { failures[at] = std::current_exception(); }
  };
  {
    std::vector<std::jthread> others;
    const auto useful = std::min(static_cast<std::size_t>(std::max(threads, 1)), files.size());
    for (std::size_t thread = 1; thread < useful; ++thread) others.emplace_back(work);
    work();
  }
  for (std::size_t at = files.size(); at-- > 0;) {
    if (!failures[at]) continue;
    try {
      std::rethrow_exception(failures[at]);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::no_input || files[at].number == 0) throw;
      states.erase(states.begin() + static_cast<std::ptrdiff_t>(at));  // an old version pruned since it was listed
    }
  }
  return states;
}

std::vector<Repair> plan_repairs(const TickStore& store, const std::string& id, const std::vector<FileState>& states) {
  std::vector<Repair> repairs;
  for (const FileState& state : states) {
    if (state.version != 0 || state.damages.empty()) continue;
    Repair repair;
    repair.instrument = id;
    repair.path = state.path;
    repair.day = state.day;
    repair.all_lost = !state.info || std::any_of(state.damages.begin(), state.damages.end(), [](const Damage& damage) {
      return damage.rows == 0 && damage.column != "metadata";
    });
    if (state.info) repair.rows = state.info->rows;
    if (!repair.all_lost) add_lost(state.damages, repair);
    for (const FileState& older : states)
      if (older.day == state.day && older.version > 0 && older.damages.empty()) repair.sound_version = older;
    add_source(store, state, repair);
    repairs.push_back(std::move(repair));
  }
  return repairs;
}

}  // namespace tf::data
