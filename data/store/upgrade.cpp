#include "data/store/upgrade.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

#include "cuda/base/error.hpp"
#include "data/store/day_file.hpp"
#include "data/store/hdf5_file.hpp"
#include "data/store/ring_reader.hpp"
#include "data/store/verify.hpp"
#include "data/store/versions.hpp"

namespace tf::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTailBytes = 128 * 1024;
constexpr const char* kScratchFolder = ".upgrade";
constexpr const char* kScratchLock = ".upgrade.lock.tmp";
constexpr const char* kUpgradedFrom = "upgraded_from";
/// What schema 1 wrote of itself; what the current one writes is looked up in a file of its own.
constexpr const char* kOwnOfSchema1[] = {
    "schema_version", "venue",       "symbol",          "day",        "tick_size", "lot_size",       "currency",
    "zone",           "day_start_s", "has_local_clock", "multiplier", "rows",      "absent_columns", "content_digest"};

using Attributes = std::vector<std::pair<std::string, std::string>>;

bool equal_parts(const TickSpan& one, const TickSpan& other) {
  const auto equal = [](const auto& a, const auto& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); };
  const auto zeros = [](const auto& ids) {
    return std::all_of(ids.begin(), ids.end(), [](uint64_t id) { return !id; });
  };
  return equal(one.exch_ts, other.exch_ts) && equal(one.local_ts, other.local_ts) && equal(one.px, other.px) &&
         equal(one.qty, other.qty) && equal(one.flags, other.flags) &&
         (one.order_id.empty() || other.order_id.empty() ? zeros(one.order_id) && zeros(other.order_id)
                                                         : equal(one.order_id, other.order_id));
}

/// Reads two files side by side, whatever their chunks.
bool equal_files(const std::string& id, Day day, const std::string& one, const std::string& other, int threads) {
  ReadOptions options;
  options.decode_threads = threads;
  struct Side {
    std::unique_ptr<TickReader> reader;
    TickSpan left;
    bool fill() {
      while (left.size() == 0) {
        const TickBlock* block = reader->next();
        if (!block) return false;
        left = block->ticks;
      }
      return true;
    }
  };
  Side a{read_days(id, {{day, one}}, options), {}}, b{read_days(id, {{day, other}}, options), {}};
  for (;;) {
    const bool has_a = a.fill(), has_b = b.fill();
    if (!has_a || !has_b) return has_a == has_b;
    const std::size_t rows = std::min(a.left.size(), b.left.size());
    if (!equal_parts(a.left.part(0, rows), b.left.part(0, rows))) return false;
    a.left = a.left.part(rows, a.left.size() - rows);
    b.left = b.left.part(rows, b.left.size() - rows);
  }
}

void remove_folder(const fs::path& folder) {
  std::error_code failure;
  fs::remove_all(folder, failure);
  if (failure) throw Error(ErrorKind::io, folder.string() + ": cannot remove: " + failure.message());
}

std::vector<std::string> names_of(const Attributes& attributes) {
  std::vector<std::string> names;
  for (const auto& [name, text] : attributes) names.push_back(name);
  return names;
}

/// Attributes of a file of which the footer is sound.
Attributes sound_attributes(const OpenDay& opened) {
  if (non_chunk_digest_of(opened.file, opened.path, opened.footer) != opened.footer.non_chunk_digest)
    throw Error(ErrorKind::bad_data, "damaged day file " + opened.path +
                                         ": metadata: the bytes outside the chunks do not match their SHA-256");
  return read_attributes(opened.path);
}

Instrument instrument_of(const Attributes& attributes, const std::string& path) {
  Instrument made;
  const auto text = [&](const char* name) -> const std::string& {
    for (const auto& [key, value] : attributes)
      if (key == name) return value;
    throw Error(ErrorKind::bad_data, path + ": the attribute '" + name + "' is missing");
  };
  const auto number = [&](const char* name, auto& value) {
    const std::string& digits = text(name);
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (end.ec != std::errc() || end.ptr != digits.data() + digits.size())
      throw Error(ErrorKind::bad_data, path + ": the attribute '" + name + "' is no number: " + digits);
  };
  made.venue = text("venue");
  made.symbol = text("symbol");
  number("tick_size", made.tick_size);
  number("lot_size", made.lot_size);
  number("multiplier", made.multiplier);
  made.currency = text("currency");
  made.zone = text("zone");
  number("day_start_s", made.day_start_s);
  made.has_local_clock = text("has_local_clock") == "1";
  return made;
}

/// Writes files anew in a scratch store and lets them take their place.
class Upgrader {
 public:
  Upgrader(const TickStore& store, const UpgradeOptions& options)
      : store_(store), options_(options), scratch_(fs::path(store.root()) / kScratchFolder) {
    if (options.dry_run) return;
    const std::string lock = (fs::path(store.root()) / kScratchLock).string();
    try {
      lock_.emplace(lock, lock_temporary(lock));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::again) throw;
      throw Error(ErrorKind::again, store.root() + ": another upgrade is at work in this store");
    }
    remove_folder(scratch_);
  }
  ~Upgrader() {
    if (!lock_) return;
    std::error_code ignored;
    fs::remove_all(scratch_, ignored);
    remove_held(lock_->second, lock_->first);
  }
  Upgrader(const Upgrader&) = delete;

  /// `path` becomes the day of the store. Without `there` it is a file from elsewhere.
  UpgradedDay take(const std::string& id, Day day, const std::string& path, bool there) {
    UpgradedDay result;
    result.instrument = id;
    result.day = day;
    result.from = path;
    result.to = fs::absolute(store_.day_path(id, day)).lexically_normal().string();
    try {
      take_file(result, there);
    } catch (const Error& error) {
      const bool of_this_file = error.kind() == ErrorKind::bad_data || error.kind() == ErrorKind::no_input ||
                                error.kind() == ErrorKind::usage;
      if (!of_this_file) throw;
      result.end = UpgradedDay::End::refused;
      result.note = error.what();
    }
    return result;
  }

 private:
  using End = UpgradedDay::End;

  void take_file(UpgradedDay& result, bool there) {
    const OpenDay opened = open_sound_day(result.from, result.instrument, result.day, kTailBytes);
    const DayFooter& footer = opened.footer;
    result.schema_before = footer.version;
    result.codec_before = footer.codec;
    result.codec_after =
        options_.codec.value_or(footer.version == kSchemaVersion ? footer.codec : WriteOptions{}.codec);
    result.rows = footer.rows;
    result.bytes_before = result.bytes_after = opened.bytes;
    const bool is_current = footer.version == kSchemaVersion && footer.codec == result.codec_after;
    if (there && is_current) return;
    if (!there && is_there(result)) return;
    result.end = there ? End::would_rewrite : End::would_import;
    if (options_.dry_run) return;

    const Attributes attributes = sound_attributes(opened);
    const Instrument instrument = there ? store_.instrument(result.instrument) : instrument_of(attributes, opened.path);
    const DayInfo written = rewrite(opened, instrument, result, kept(attributes, opened));
    const auto refuse_if_replaced = [&] {
      if (there && open_sound_day(result.to, result.instrument, result.day, kTailBytes).identity != opened.identity)
        throw Error(ErrorKind::usage, result.to + ": it was replaced while it was rewritten");
    };
    if (const std::string wrong = wrong_with_new(result, footer, written); !wrong.empty()) {
      refuse_if_replaced();  // then both were compared with another file
      throw Error(ErrorKind::io, wrong);
    }
    if (!there) store_.add_instrument(instrument);
    const DayLock lock(fs::path(result.to).parent_path().string(), result.day);
    refuse_if_replaced();
    if (!publish_day(written.path, result.to, there))
      throw Error(ErrorKind::usage, result.to + ": the day exists already");
    result.bytes_after = written.file_bytes;
    result.end = there ? End::rewritten : End::imported;
  }

  /// A day from elsewhere that is there with the same ticks is left alone, one with others is refused.
  bool is_there(const UpgradedDay& result) const {
    if (!fs::exists(result.to)) return false;
    if (!equal_files(result.instrument, result.day, result.from, result.to, options_.threads))
      throw Error(ErrorKind::usage, result.to + ": the day is there with other ticks");
    return true;
  }

  DayInfo rewrite(const OpenDay& opened, const Instrument& instrument, const UpgradedDay& result,
                  const Attributes& attributes) {
    const TickStore scratch = TickStore::open(scratch_.string(), true);
    scratch.add_instrument(instrument);
    WriteOptions how;
    how.codec = result.codec_after;
    const auto writer = scratch.write_day(result.instrument, result.day, true, how);
    ReadOptions reading;
    reading.decode_threads = options_.threads;
    const auto reader = read_days(result.instrument, {{result.day, opened.path}}, reading);
    std::vector<Tick> rows;
    while (const TickBlock* block = reader->next()) {
      if (options_.cancel.stop_requested())
        throw Error(ErrorKind::again, "interrupted; the same command goes on from here");
      rows.resize(block->ticks.size());
      for (std::size_t row = 0; row < rows.size(); ++row) rows[row] = block->ticks[row];
      writer->append(rows);
    }
    return writer->commit(attributes);
  }

  /// The attributes that were given to commit, and where the file comes from.
  Attributes kept(const Attributes& all, const OpenDay& opened) {
    std::set<std::string> own(std::begin(kOwnOfSchema1), std::end(kOwnOfSchema1));
    for (const std::string& name : names_of_current()) own.insert(name);
    Attributes attributes;
    for (const auto& attribute : all)
      if (!own.contains(attribute.first) && attribute.first != kUpgradedFrom) attributes.push_back(attribute);
    attributes.emplace_back(kUpgradedFrom, "schema " + std::to_string(opened.footer.version) + ", codec " +
                                               name_of(opened.footer.codec) + ", content digest " +
                                               hex_text(opened.footer.content_digest));
    return attributes;
  }

  /// Attributes that a writer gives a file by itself: those of a file that was given none.
  const std::vector<std::string>& names_of_current() {
    if (!current_names_.empty()) return current_names_;
    Instrument probe;
    probe.venue = "probe";
    probe.symbol = "probe";
    probe.tick_size = probe.lot_size = 1;
    const TickStore scratch = TickStore::open(scratch_.string(), true);
    scratch.add_instrument(probe);
    const auto writer = scratch.write_day(probe.id(), Day{}, true);
    writer->append(std::vector<Tick>(1));
    writer->commit({});
    return current_names_ = names_of(scratch.day_attributes(probe.id(), Day{}));
  }

  /// Empty when the new file is sound and holds the ticks of the old one.
  std::string wrong_with_new(const UpgradedDay& result, const DayFooter& before, const DayInfo& written) const {
    const std::vector<Damage> damages = verify_day_file(written.path, result.instrument, result.day);
    if (!damages.empty()) return "the new file is damaged: " + to_text(damages.front());
    if (before.version == kSchemaVersion && written.content_digest != hex_text(before.content_digest))
      return result.from + ": the rewritten file has another content digest";
    if (!equal_files(result.instrument, result.day, result.from, written.path, options_.threads))
      return result.from + ": the rewritten ticks differ";
    return {};
  }

  const TickStore& store_;
  const UpgradeOptions& options_;
  const fs::path scratch_;
  std::optional<std::pair<std::string, FileHandle>> lock_;
  std::vector<std::string> current_names_;
};

/// Day files below a folder, sorted: what ends in .h5 but for old versions and hidden names.
std::vector<std::string> day_files_below(const std::string& folder) {
  std::vector<std::string> files;
  auto entries = fs::recursive_directory_iterator(folder);
  for (auto entry = fs::begin(entries); entry != fs::end(entries); ++entry) {
    const std::string name = entry->path().filename().string();
    if (name[0] == '.' && entry->is_directory()) entry.disable_recursion_pending();
    if (name[0] != '.' && entry->is_regular_file() && name.ends_with(".h5") && !is_version_name(name))
      files.push_back(entry->path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::vector<UpgradedDay> upgrade_store(const TickStore& store, const std::vector<std::string>& instruments,
                                       const UpgradeOptions& options) {
  std::vector<std::pair<std::string, Day>> days;
  for (const std::string& id : instruments)
    for (const Day day : store.day_names(id)) days.emplace_back(id, day);
  Upgrader upgrader(store, options);
  std::vector<UpgradedDay> results;
  for (const auto& [id, day] : days) {
    if (options.cancel.stop_requested())
      throw Error(ErrorKind::again, "interrupted; the same command goes on from here");
    if (options.progress)
      options.progress("upgrade " + id + " " + to_text(day), double(results.size()) / double(days.size()));
    results.push_back(upgrader.take(id, day, fs::absolute(store.day_path(id, day)).lexically_normal().string(), true));
  }
  return results;
}

std::vector<UpgradedDay> import_days(const std::string& folder, const TickStore& into, const UpgradeOptions& options) {
  if (!fs::is_directory(folder)) throw Error(ErrorKind::no_input, folder + ": no such folder");
  const std::vector<std::string> files = day_files_below(folder);
  Upgrader upgrader(into, options);
  std::vector<UpgradedDay> results;
  for (std::size_t at = 0; at < files.size(); ++at) {
    if (options.cancel.stop_requested())
      throw Error(ErrorKind::again, "interrupted; the same command goes on from here");
    if (options.progress) options.progress("import " + files[at], double(at) / double(files.size()));
    OpenDay opened;
    const std::string wrong = open_day(files[at], "", Day{}, kTailBytes, opened);
    const DayFooter& footer = opened.footer;
    if (!footer.venue.empty()) {
      results.push_back(upgrader.take(footer.venue + "/" + footer.symbol, footer.day, files[at], false));
    } else if (const auto day = parse_day(fs::path(files[at]).stem().string())) {
      // By its name it should be one.
      UpgradedDay result;
      result.from = files[at];
      result.day = *day;
      result.end = UpgradedDay::End::refused;
      result.note = to_text(damage_of_footer(files[at], wrong));
      results.push_back(result);
    }
  }
  return results;
}

bool sweep_upgrade(const TickStore& store, bool dry_run) {
  const fs::path scratch = fs::path(store.root()) / kScratchFolder;
  const std::string lock = (fs::path(store.root()) / kScratchLock).string();
  const bool was_there = fs::exists(scratch) || fs::exists(lock);
  if (!was_there || dry_run) return was_there;
  try {
    const FileHandle held = lock_temporary(lock);
    remove_folder(scratch);
    remove_held(held, lock);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::again) throw;
    return false;
  }
  return true;
}

}  // namespace tf::data
