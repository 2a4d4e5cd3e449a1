// The contract of a source: it parses a format into ticks and does not judge them. `validate` judges, once for all
// sources.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cuda/base/fields.hpp"
#include "cuda/base/market.hpp"

namespace tf::data {

/// Set in Tick::flags on the last tick of every input row, message or record that yields ticks, by every source; ingest
/// counts rows by it and removes it. Not the same as kFlagLast: an event may span rows, a row may hold several events.
inline constexpr uint32_t kRowEnd = 0x8000'0000u;

/// One reason for which rows were refused, and where it happened first.
struct Refusal {
  int64_t rows = 0;
  std::string file;     ///< path, with "!entry" appended for an archive member
  int64_t line = 0;     ///< 1-based line (text) or byte offset (binary) of the first refused row
  std::string example;  ///< at most 120 characters of that row
};

/// What a source counted while parsing. rows_read = rows yielded as one event or more + rows refused, always.
struct SourceCounts {
  int64_t rows_read = 0;                   ///< rows of the file: lines that are not header, blank or comment
  int64_t rows_stored = 0;                 ///< rows that gave at least one tick
  int64_t ticks = 0;                       ///< ticks yielded; a two-sided quote row gives two
  std::map<std::string, Refusal> refused;  ///< by reason, e.g. "bad number", "missing column", "truncated input"
  /// Seen but not a reason to refuse, by name: "sequence gap", "book checksum equal", "book checksum differs", "book
  /// rebuilt from a snapshot", "delta before the first snapshot", ... `rows` counts occurrences; the place is the
  /// first.
  std::map<std::string, Refusal> noted;
};

/// Counts one more row under `name`; place and example are kept of the first.
inline void count_row(std::map<std::string, Refusal>& counts, const std::string& name, const std::string& file,
                      int64_t line, std::string_view example) {
  Refusal& counted = counts[name];
  if (counted.rows++ > 0) return;
  counted.file = file;
  counted.line = line;
  counted.example = std::string(example.substr(0, 120));
}

class Source {
 public:
  virtual ~Source() = default;
  /// Fills `out` from its start with the next ticks in the order of the input; 0 = end of data. Rows of one event are
  /// never split over two batches unless `out` is smaller than one event. Throws Error{no_input | bad_data | io}; bad
  /// rows are not errors but counted.
  virtual std::size_t next_batch(std::span<Tick> out) = 0;
  /// Counts so far; complete after next_batch returned 0.
  virtual const SourceCounts& counts() const = 0;
  /// The input was damaged after the rows yielded so far (truncated archive, bad checksum): where and what; empty =
  /// sound.
  virtual std::string damage() const { return {}; }
  /// How much of the input is read, 0..1, for progress; -1 = not known.
  virtual double share() const { return -1; }
};

/// What every source gets beside its own params.
struct SourceInput {
  std::vector<std::string> files;  ///< in the order to be read; empty for generators
  Instrument instrument;           ///< tick size and lot size scale decimal prices to integers; where an input holds
                          ///< several symbols, only rows of `symbol` (or of the source's own `symbol` parameter)
};

/// The start of an input, for a source to tell whether it is its own.
struct InputHead {
  std::string path;        ///< as given
  std::string member;      ///< name of the first entry of an archive, else empty
  std::string_view raw;    ///< first bytes of the file as they lie on the disk, at most 64 KiB
  std::string_view bytes;  ///< first bytes of the first member, unpacked, at most 64 KiB
};

/// What a source thinks of an input.
struct Guess {
  enum class Sure { no, maybe, yes };  ///< not mine; could be, the user has to say; nothing else writes this
  Sure sure = Sure::no;
  std::string why;                                          ///< in a few words, for the user: "magic DBN, version 3"
  std::vector<std::pair<std::string, std::string>> params;  ///< of the source, as in a config's [source]: {"preset", …}
};

/// A catalogue entry: file NAME.cpp of this folder defines
///   namespace tf::source_catalogue { const Entry& tf_source_NAME(); }
struct SourceEntry {
  const char* help;
  ParamsType params;
  std::unique_ptr<Source> (*open)(const SourceInput& input, const void* params);
  Guess (*guess)(const InputHead& head) = nullptr;  ///< null: never guessed
};

}  // namespace tf::data
