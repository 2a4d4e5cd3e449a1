// The metadata before the records of a DBN file, and which instrument number is the symbol that is wanted.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/sources/parse/byte_window.hpp"

namespace tf::data::dbn {

struct Metadata {
  int version = 0;
  std::string dataset;
  uint16_t schema = 0;        ///< 65535: mixed (live)
  uint8_t symbols_out = 255;  ///< what the mappings lead to: 0 instrument numbers, 1 raw symbols
};

inline constexpr std::size_t kFixedMetadata = 108;  ///< magic, version, length, and the part that all versions have

/// "mbp-1", ...; "mixed" for 65535, "unknown" for what is none.
const char* schema_name(uint16_t schema);

/// The fixed part; `bytes` are the first of a file, from the magic on. False when they are no DBN of a known version.
bool read_fixed_metadata(std::string_view bytes, Metadata& out);

/// Which records belong to the wanted symbol.
class Symbols {
 public:
  /// "*" = every instrument.
  explicit Symbols(const std::string& want) : want_(want), all_(want == "*") {}

  /// A new file begins: what the one before said of its numbers does not hold any more.
  void start();
  /// A name of the file for a number, from `from_day` on, before `until_day` (YYYYMMDD; 0 = always).
  void map(std::string_view raw, std::string_view mapped, bool mapped_is_number, uint32_t from_day, uint32_t until_day);
  /// A live mapping of a number, from now on.
  void map_live(uint32_t instrument, std::string_view in, std::string_view out);
  /// Call when the file's mappings are read: without one for the wanted symbol, a number is taken as the instrument's.
  void finish_mappings();

  bool chosen(uint32_t instrument, uint64_t ts_ns) {
    if (instrument == last_ && ts_ns >= last_from_ && ts_ns < last_until_) return last_chosen_;
    return look_up(instrument, ts_ns);
  }
  bool found() const { return all_ || !wanted_.empty(); }
  int64_t names() const { return names_; }
  /// The first names, separated by commas.
  const std::string& name_list() const { return name_list_; }

 private:
  struct Wanted {
    uint32_t instrument;
    uint64_t from_ns, until_ns;
    bool live = false;
  };
  bool look_up(uint32_t instrument, uint64_t ts_ns);
  void add_name(std::string_view name);
  void sort_wanted();
  void forget_last() { last_from_ = last_until_ = 0; }

  std::string want_;
  bool all_;
  std::vector<Wanted> wanted_;
  int64_t names_ = 0;
  std::string name_list_, last_name_;
  uint32_t last_ = 0;
  uint64_t last_from_ = 0, last_until_ = 0;
  bool last_chosen_ = false;
};

/// Reads the metadata at the window's position and its mappings into `symbols`, streaming: they may be many megabytes.
/// Returns what is wrong, nullptr = fine; the window stands behind the metadata unless `cut`.
const char* read_metadata(ByteWindow& window, Metadata& out, Symbols& symbols, bool& cut);

}  // namespace tf::data::dbn
