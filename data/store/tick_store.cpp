#include "data/store/tick_store.hpp"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <set>

#include "cuda/base/error.hpp"
#include "data/store/day_file.hpp"
#include "data/store/day_writer.hpp"
#include "data/store/hdf5_file.hpp"
#include "data/store/instrument_file.hpp"
#include "data/store/merge_reader.hpp"
#include "data/store/ring_reader.hpp"
#include "data/store/verify.hpp"
#include "data/store/versions.hpp"

namespace tf::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFooterGuess = 8 * 1024;  ///< most footers fit; larger ones cost a second read

/// Names in a folder, sorted; empty when it cannot be listed.
std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string read_text(const std::string& path) {
  const FileHandle file = open_to_read(path);
  std::string text(static_cast<std::size_t>(file_bytes(file, path)), '\0');
  text.resize(read_at(file, text.data(), text.size(), 0, path));
  return text;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

/// "venue/symbol", as instruments() names them, and nothing that leads elsewhere.
bool is_id(const std::string& id) {
  const std::size_t slash = id.find('/');
  if (slash == std::string::npos || slash == 0 || id[0] == '.') return false;
  const std::string symbol = id.substr(slash + 1);
  return !symbol.empty() && symbol != "." && symbol != ".." && symbol.find('/') == std::string::npos;
}

}  // namespace

/// A sweep lists the whole folder: once for each that is written to, not once a day. For several threads.
class TickStore::SweptFolders {
 public:
  void sweep_once(const std::string& folder) {
    const std::lock_guard lock(mutex_);
    if (!swept_.contains(folder)) sweep_stale(folder);
    swept_.insert(folder);
  }

 private:
  std::mutex mutex_;
  std::set<std::string> swept_;
};

TickStore TickStore::open(const std::string& root, bool create) {
  std::error_code ignored;
  if (create && !root.empty() && !fs::exists(root, ignored))
    make_folders(fs::absolute(root).lexically_normal().string());
  if (!fs::is_directory(root, ignored)) throw Error(ErrorKind::no_input, "tick store '" + root + "': no such folder");
  TickStore store;
  store.root_ = root;
  store.swept_ = std::make_shared<SweptFolders>();
  return store;
}

std::vector<std::string> TickStore::instruments() const {
  std::vector<std::string> ids;
  for (const std::string& venue : names_in(root_))
    for (const std::string& symbol : names_in(fs::path(root_) / venue))
      if (venue[0] != '.' && fs::is_regular_file(fs::path(root_) / venue / symbol / kInstrumentFile))
        ids.push_back(venue + "/" + symbol);
  std::sort(ids.begin(), ids.end());
  return ids;
}

Instrument TickStore::instrument(const std::string& id) const {
  const std::string path = (fs::path(root_) / id / kInstrumentFile).string();
  std::error_code ignored;
  if (!is_id(id) || !fs::is_regular_file(path, ignored))
    throw Error(ErrorKind::no_input,
                "tick store '" + root_ + "' has no instrument '" + id + "'; there are: " + joined(instruments()));
  Instrument instrument = parse_instrument(read_text(path), path);
  if (instrument.id() != id)
    throw Error(ErrorKind::bad_data, path + ": it describes '" + instrument.id() + "', expected '" + id + "'");
  return instrument;
}

void TickStore::add_instrument(const Instrument& instrument) const {
  if (const std::string wrong = wrong_with(instrument); !wrong.empty())
    throw Error(ErrorKind::usage, "instrument '" + instrument.id() + "': " + wrong);
  const fs::path folder = fs::absolute(fs::path(root_) / instrument.id()).lexically_normal();
  make_folders(folder.string());
  const std::string path = (folder / kInstrumentFile).string();
  if (!fs::exists(path)) {
    // Folders that were there may be another writer's, killed before it synced them.
    sync_folder(folder.parent_path().string());
    sync_folder(folder.parent_path().parent_path().string());
    const std::string temporary = (folder / ".instrument.toml.tmp").string();
    const FileHandle file = lock_temporary(temporary);
    try {
      const std::string text = instrument_text(instrument);
      write_at(file, text.data(), text.size(), 0, temporary);
      sync_file(file, temporary);
      if (publish(temporary, path, false)) return;
    } catch (...) {
      remove_held(file, temporary);
      throw;
    }
    remove_held(file, temporary);
  }
  const std::string there = instrument_text(this->instrument(instrument.id())), given = instrument_text(instrument);
  if (there != given)
    throw Error(ErrorKind::usage,
                path + ": the instrument is recorded differently; there:\n" + there + "given:\n" + given);
}

std::vector<Day> TickStore::day_names(const std::string& id) const {
  instrument(id);
  std::vector<Day> days;
  for (const std::string& name : names_in(fs::path(root_) / id))
    if (const std::optional<Day> day = parse_day(name.substr(0, 10)); day && name == day_file_name(*day))
      days.push_back(*day);
  return days;
}

std::vector<DayInfo> TickStore::days(const std::string& id) const {
  std::vector<DayInfo> infos;
  for (const Day day : day_names(id)) infos.push_back(open_sound_day(day_path(id, day), id, day, kFooterGuess).info());
  return infos;
}

bool TickStore::has_day(const std::string& id, Day day) const { return fs::exists(day_path(id, day)); }

std::string TickStore::day_path(const std::string& id, Day day) const {
  return (fs::path(root_) / id / day_file_name(day)).string();
}

std::vector<std::pair<Day, std::string>> TickStore::paths_of(const std::string& id,
                                                             const std::vector<Day>& days) const {
  instrument(id);
  std::vector<std::pair<Day, std::string>> wanted;
  for (const Day day : days) {
    wanted.emplace_back(day, day_path(id, day));
    if (has_day(id, day)) continue;
    const std::vector<Day> known = day_names(id);
    throw Error(ErrorKind::no_input,
                day_path(id, day) + ": no such day; " + id + " has " + std::to_string(known.size()) + " days" +
                    (known.empty() ? "" : " from " + to_text(known.front()) + " to " + to_text(known.back())));
  }
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  return wanted;
}

std::unique_ptr<TickReader> TickStore::read(const std::string& id, const std::vector<Day>& days,
                                            const ReadOptions& options) const {
  return read_days(id, paths_of(id, days), options);
}

TickColumns TickStore::read_day(const std::string& id, Day day, const ReadOptions& options) const {
  ReadOptions stopping = options;
  stopping.on_damage = OnDamage::stop;
  const std::unique_ptr<TickReader> reader = read(id, {day}, stopping);
  TickColumns all;
  const auto add = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  while (const TickBlock* block = reader->next()) {
    const TickSpan& ticks = block->ticks;
    add(all.exch_ts, ticks.exch_ts);
    add(all.local_ts, ticks.local_ts);
    add(all.px, ticks.px);
    add(all.qty, ticks.qty);
    add(all.order_id, ticks.order_id);
    add(all.flags, ticks.flags);
  }
  if (options.columns & static_cast<uint32_t>(Column::order_id)) all.order_id.resize(all.size());
  return all;
}

std::unique_ptr<DayWriter> TickStore::write_day(const std::string& id, Day day, bool replace,
                                                const WriteOptions& options) const {
  const Instrument known = instrument(id);
  if (!replace && has_day(id, day))
    throw Error(ErrorKind::usage, day_path(id, day) + ": the day exists already; day files are never changed");
  const fs::path path = fs::absolute(day_path(id, day)).lexically_normal();
  swept_->sweep_once(path.parent_path().string());
  return std::make_unique<DayFileWriter>(known, day, path.string(), replace, options);
}

std::vector<DayInfo> TickStore::day_versions(const std::string& id, Day day) const {
  instrument(id);
  std::vector<DayInfo> infos;
  for (const VersionFile& version : version_files((fs::path(root_) / id).string(), day)) try {
      infos.push_back(open_sound_day(version.path, id, day, kFooterGuess).info());
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::no_input) throw;  // pruned since it was listed
    }
  return infos;
}

std::vector<std::string> TickStore::prune(const std::string& id, int keep, bool dry_run) const {
  instrument(id);
  return prune_versions((fs::path(root_) / id).string(), keep, dry_run);
}

std::unique_ptr<MergeReader> TickStore::merge(const std::vector<std::pair<std::string, std::vector<Day>>>& instruments,
                                              MergeReader::Clock clock, const ReadOptions& options) const {
  ReadOptions with_clock = options;
  if (clock == MergeReader::Clock::local) with_clock.columns |= static_cast<uint32_t>(Column::local_ts);
  std::vector<std::unique_ptr<TickReader>> readers;
  for (const auto& [id, days] : instruments) readers.push_back(read(id, days, with_clock));
  return merge_readers(std::move(readers), clock, options.columns);
}

std::vector<Damage> TickStore::verify_day(const std::string& id, Day day) const {
  return verify_day_file(day_path(id, day), id, day);
}

std::vector<std::pair<std::string, std::string>> TickStore::day_attributes(const std::string& id, Day day) const {
  const std::string path = day_path(id, day);
  const OpenDay opened = open_sound_day(path, id, day, kFooterGuess);
  if (non_chunk_digest_of(opened.file, path, opened.footer) != opened.footer.non_chunk_digest)
    throw Error(ErrorKind::bad_data,
                "damaged day file " + path + ": metadata: the bytes outside the chunks do not match their SHA-256");
  return read_attributes(path);
}

}  // namespace tf::data
