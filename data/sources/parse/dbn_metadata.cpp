#include "data/sources/parse/dbn_metadata.hpp"

#include <algorithm>
#include <charconv>

#include "cuda/base/time.hpp"
#include "data/sources/parse/dbn_layout.hpp"

namespace tf::data::dbn {
namespace {

constexpr std::size_t kOldSymbolBytes = 22;
constexpr std::size_t kMostNamed = 400;  // characters of the list of names

std::string_view cut_at_nul(std::string_view text) { return text.substr(0, text.find('\0')); }

bool parse_number(std::string_view text, uint32_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

/// UTC midnight of YYYYMMDD; false for what is no date.
bool day_ns(uint32_t date, uint64_t& ns) {
  const std::string text = std::to_string(date);
  const auto day = text.size() == 8 ? parse_day(text) : std::nullopt;
  if (!day || day->days < 0) return false;
  ns = static_cast<uint64_t>(day->start_ns());
  return true;
}

/// What is left of the metadata, by its own length.
class Rest {
 public:
  Rest(ByteWindow& window, uint64_t bytes) : window_(window), left_(bytes) {}
  /// The next bytes, valid until the next call; false when the metadata or the file ends before.
  bool take(std::size_t count, std::string_view& out) {
    if (count > left_) return false;
    out = window_.need(count);
    if (out.size() < count) {
      cut_ = true;
      return false;
    }
    out = out.substr(0, count);
    window_.skip(count);
    left_ -= count;
    return true;
  }
  bool take_count(uint32_t& count) {
    std::string_view bytes;
    if (!take(4, bytes)) return false;
    count = load<uint32_t>(bytes.data());
    return true;
  }
  bool skip(uint64_t count) {
    if (count > left_) return false;
    std::string_view bytes;
    while (count > 0) {
      const std::size_t step = static_cast<std::size_t>(std::min<uint64_t>(count, 1 << 16));
      if (!take(step, bytes)) return false;
      count -= step;
    }
    return true;
  }
  uint64_t left() const { return left_; }
  bool cut() const { return cut_; }

 private:
  ByteWindow& window_;
  uint64_t left_;
  bool cut_ = false;
};

// Definition, the three lists of names, then the mappings. False when the lengths do not fit together.
bool read_tables(Rest& rest, std::size_t symbol_bytes, bool mapped_is_number, Symbols& symbols) {
  uint32_t count;
  if (!rest.take_count(count) || !rest.skip(count)) return false;
  for (int list = 0; list < 3; ++list)
    if (!rest.take_count(count) || !rest.skip(uint64_t{count} * symbol_bytes)) return false;
  uint32_t mappings;
  if (!rest.take_count(mappings)) return false;
  std::string raw;
  for (uint32_t mapping = 0; mapping < mappings; ++mapping) {
    std::string_view bytes;
    if (!rest.take(symbol_bytes, bytes)) return false;
    raw = cut_at_nul(bytes);
    if (!rest.take_count(count)) return false;
    for (uint32_t interval = 0; interval < count; ++interval) {
      if (!rest.take(8 + symbol_bytes, bytes)) return false;
      symbols.map(raw, cut_at_nul(bytes.substr(8)), mapped_is_number, load<uint32_t>(bytes.data()),
                  load<uint32_t>(bytes.data() + 4));
    }
  }
  return true;
}

}  // namespace

const char* schema_name(uint16_t schema) {
  constexpr const char* kNames[] = {"mbo",        "mbp-1",    "mbp-10",    "tbbo",      "trades",
                                    "ohlcv-1s",   "ohlcv-1m", "ohlcv-1h",  "ohlcv-1d",  "definition",
                                    "statistics", "status",   "imbalance", "ohlcv-eod", "cmbp-1",
                                    "cbbo-1s",    "cbbo-1m",  "tcbbo",     "bbo-1s",    "bbo-1m"};
  if (schema == UINT16_MAX) return "mixed";
  return schema < std::size(kNames) ? kNames[schema] : "unknown";
}

bool read_fixed_metadata(std::string_view bytes, Metadata& out) {
  if (bytes.size() < kFixedMetadata || !bytes.starts_with("DBN")) return false;
  out.version = static_cast<unsigned char>(bytes[3]);
  if (out.version < 1 || out.version > kNewestVersion) return false;
  out.dataset = cut_at_nul(bytes.substr(8, 16));
  out.schema = load<uint16_t>(bytes.data() + 24);
  // Version 1 has a record count before the kinds of symbols.
  out.symbols_out = static_cast<uint8_t>(bytes[out.version == 1 ? 59 : 51]);
  return true;
}

const char* read_metadata(ByteWindow& window, Metadata& out, Symbols& symbols, bool& cut) {
  const std::string_view bytes = window.need(kFixedMetadata);
  cut = bytes.size() < kFixedMetadata;
  if (cut || !read_fixed_metadata(bytes, out)) return "metadata cut short";
  const uint32_t length = load<uint32_t>(bytes.data() + 4);
  const std::size_t symbol_bytes = out.version == 1 ? kOldSymbolBytes : load<uint16_t>(bytes.data() + 53);
  symbols.start();
  const char* wrong = nullptr;
  if (length < kFixedMetadata - 8 || symbol_bytes == 0 || symbol_bytes > 4096) {
    window.skip(8);
    Rest rest(window, length);
    rest.skip(length);
    cut = rest.cut();
    wrong = "metadata of a length that is not known";
  } else {
    window.skip(kFixedMetadata);
    Rest rest(window, length - (kFixedMetadata - 8));
    if (!read_tables(rest, symbol_bytes, out.symbols_out != 1, symbols)) wrong = "metadata whose lengths do not fit";
    if (!rest.cut()) rest.skip(rest.left());
    cut = rest.cut();
  }
  symbols.finish_mappings();
  return cut ? "metadata cut short" : wrong;
}

void Symbols::start() {
  wanted_.clear();
  names_ = 0;
  name_list_.clear();
  last_name_.clear();
  forget_last();
}

void Symbols::add_name(std::string_view name) {
  if (name == last_name_) return;
  last_name_ = name;
  ++names_;
  if (name_list_.size() + name.size() > kMostNamed) {
    if (!name_list_.ends_with("...")) name_list_ += ", ...";
    return;
  }
  name_list_ += (name_list_.empty() ? "" : ", ") + std::string(name);
}

void Symbols::map(std::string_view raw, std::string_view mapped, bool mapped_is_number, uint32_t from_day,
                  uint32_t until_day) {
  add_name(mapped_is_number ? raw : mapped);
  if (raw != want_ && mapped != want_) return;
  Wanted wanted{0, 0, UINT64_MAX};
  if (!parse_number(mapped_is_number ? mapped : raw, wanted.instrument)) return;
  if (from_day > 0 && !day_ns(from_day, wanted.from_ns)) wanted.from_ns = 0;
  if (until_day > 0 && !day_ns(until_day, wanted.until_ns)) wanted.until_ns = UINT64_MAX;
  wanted_.push_back(wanted);
}

void Symbols::map_live(uint32_t instrument, std::string_view in, std::string_view out) {
  add_name(out.empty() ? in : out);
  const bool by_in = in == want_, by_out = out == want_;
  std::erase_if(wanted_, [&](const Wanted& known) {
    return known.live && (by_in && !by_out ? true : known.instrument == instrument);
  });
  if (by_in || by_out) wanted_.push_back({instrument, 0, UINT64_MAX, true});
  sort_wanted();
}

void Symbols::finish_mappings() {
  uint32_t number;
  if (wanted_.empty() && parse_number(want_, number)) wanted_.push_back({number, 0, UINT64_MAX});
  sort_wanted();
}

void Symbols::sort_wanted() {
  std::sort(wanted_.begin(), wanted_.end(), [](const Wanted& one, const Wanted& other) {
    return one.instrument != other.instrument ? one.instrument < other.instrument : one.from_ns < other.from_ns;
  });
  forget_last();
}

bool Symbols::look_up(uint32_t instrument, uint64_t ts_ns) {
  last_ = instrument;
  last_from_ = 0;
  last_until_ = UINT64_MAX;
  last_chosen_ = all_;
  if (all_) return true;
  auto at = std::lower_bound(wanted_.begin(), wanted_.end(), instrument,
                             [](const Wanted& known, uint32_t number) { return known.instrument < number; });
  for (; at != wanted_.end() && at->instrument == instrument; ++at) {
    const Wanted& known = *at;
    if ((ts_ns >= known.from_ns && ts_ns < known.until_ns) || ts_ns == kNoTime) {
      last_from_ = known.from_ns;
      last_until_ = known.until_ns;
      return last_chosen_ = true;
    }
    // The answer holds up to the nearest border of another interval of this number.
    if (known.from_ns > ts_ns) last_until_ = std::min(last_until_, known.from_ns);
    if (known.until_ns <= ts_ns) last_from_ = std::max(last_from_, known.until_ns);
  }
  return false;
}

}  // namespace tf::data::dbn
