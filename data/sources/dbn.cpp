// dbn: Databento Binary Encoding of versions 1, 2 and 3, plain or packed (several zstd frames are common), historical
// or live (mixed records), several files joined end to end, and fragments without metadata. Which ticks a record gives
// stands in parse/dbn_ticks.hpp; records of other kinds (definitions, statistics, ...) are refused by name.
#include <algorithm>
#include <optional>

#include "cuda/base/error.hpp"
#include "data/sources/catalogue.hpp"
#include "data/sources/parse/byte_window.hpp"
#include "data/sources/parse/dbn_metadata.hpp"
#include "data/sources/parse/dbn_ticks.hpp"
#include "data/sources/parse/event_queue.hpp"

namespace tf::data {
namespace {

using namespace dbn;

struct DbnParams {
  std::string symbol;
  int publisher = 0;
  std::string schema = "all", fragment = "auto";
  bool touch = true;
  std::string unsided_trades = "auction", snapshot_time = "receive", off_grid = "refuse";

  static std::span<const Field> fields() {
    using P = DbnParams;
    static const Field table[] = {
        TF_TEXT_FIELD(
            P, symbol, nullptr,
            "a symbol of the file's mappings, or an instrument number; empty: the instrument's symbol; *: all"),
        TF_FIELD(P, publisher, 0, 65535, "", "take only records of this publisher number; 0: of all"),
        TF_TEXT_FIELD(P, schema, "all|mbo|mbp-1|mbp-10|tbbo|trades|ohlcv|status|cmbp-1|cbbo|tcbbo|bbo",
                      "take only these records of a mixed file, whose trades may come in several schemas"),
        TF_TEXT_FIELD(P, fragment, "auto|yes|no",
                      "the file has records without metadata before them; auto: by its name (.frag) and first record"),
        TF_FIELD(P, touch, 0, 1, "", "best quotes derived from the orders of mbo records"),
        TF_TEXT_FIELD(P, unsided_trades, "auction|plain",
                      "what a trade of one venue without a side is: an auction or implied print, or nothing special"),
        TF_TEXT_FIELD(P, snapshot_time, "receive|event",
                      "time of the orders of an mbo snapshot: when it was made, or their own, perhaps days before"),
        TF_TEXT_FIELD(P, off_grid, "refuse|round", "rows whose price or size is no multiple of the tick or lot size"),
    };
    return table;
  }
};

const char* not_a_tick(uint8_t type) {
  switch (type) {
    case kDefinition:
      return "not a tick record: definition";
    case kImbalance:
      return "not a tick record: imbalance";
    case kError:
      return "not a tick record: error";
    case kSymbolMapping:
      return "not a tick record: symbol mapping";
    case kSystem:
      return "not a tick record: system";
    case kStatistics:
      return "not a tick record: statistics";
    case kOldBar:
      return "not a tick record: bar of unknown length";
    default:
      return record_bytes(type) ? nullptr : "not a tick record: unknown type";
  }
}

/// As in `schema`; types of one record layout that differ in their sampling are one.
const char* kind_of(uint8_t type) {
  switch (type) {
    case kTrades:
      return "trades";
    case kMbp1:
      return "mbp-1";
    case kMbp10:
      return "mbp-10";
    case kMbo:
      return "mbo";
    case kCmbp1:
      return "cmbp-1";
    case kTcbbo:
      return "tcbbo";
    case kCbbo1s:
    case kCbbo1m:
      return "cbbo";
    case kBbo1s:
    case kBbo1m:
      return "bbo";
    case kStatus:
      return "status";
    default:
      return "ohlcv";
  }
}

/// Could these be the first bytes of a record, one whose length and type fit each other?
bool is_record(std::string_view bytes) {
  if (bytes.size() < kHeader) return false;
  const std::size_t length = 4 * std::size_t{static_cast<unsigned char>(bytes[0])};
  const auto type = static_cast<uint8_t>(bytes[kType]);
  if (length < kHeader || length > bytes.size()) return false;
  if (const std::size_t needed = record_bytes(type))
    return length >= needed && (length <= needed + 8 || type == kSymbolMapping);
  return type >= kStatus && type <= kStatistics;
}

bool is_old_container(std::string_view raw) { return raw.size() > 10 && raw.substr(8, 3) == "DBZ"; }

bool named_fragment(std::string_view path) {
  return path.substr(path.find_last_of('/') + 1).find(".frag") != path.npos;
}

class DbnSource : public Source {
 public:
  DbnSource(const SourceInput& input, const DbnParams& params)
      : files_(input.files),
        params_(params),
        symbols_(params.symbol.empty() ? input.instrument.symbol : params.symbol),
        maker_(checked(input, params)),
        publisher_(static_cast<uint16_t>(params.publisher)) {}

  std::size_t next_batch(std::span<Tick> out) override {
    std::size_t filled = pending_.take(out);
    if (!pending_.empty()) return filled;
    bool more = true;
    while (more && out.size() - filled >= TickMaker::kMostTicks) {
      int count = 0;
      more = next_row(out.data() + filled, count);
      filled += static_cast<std::size_t>(count);
    }
    if (more && out.size() >= TickMaker::kMostTicks) return keep_whole_events(out.first(filled));
    // What is left of `out` is less than a record may give.
    return filled + (filled > 0 ? 0 : pending_.next_batch(out, [&] { return queue_row(); }));
  }

  const SourceCounts& counts() const override { return counts_; }
  std::string damage() const override { return damage_; }
  double share() const override { return share_of(file_, next_file_, files_.size()); }

 private:
  static TickSettings checked(const SourceInput& input, const DbnParams& params) {
    const auto demand = [](bool holds, const std::string& what) {
      if (!holds) throw Error(ErrorKind::config, "dbn source: " + what);
    };
    demand(!input.files.empty(), "no files given");
    demand(input.instrument.tick_size > 0, "the instrument needs a tick_size above 0");
    demand(input.instrument.lot_size > 0, "the instrument needs a lot_size above 0");
    demand(!params.symbol.empty() || !input.instrument.symbol.empty(), "no symbol given");
    for (const Field& field : DbnParams::fields()) {
      if (field.type != FieldType::text || !field.choices) continue;
      const auto& text = *reinterpret_cast<const std::string*>(reinterpret_cast<const char*>(&params) + field.offset);
      demand(!text.empty() && ("|" + std::string(field.choices) + "|").find("|" + text + "|") != std::string::npos,
             std::string(field.name) + " = '" + text + "'; expected one of " + field.choices);
    }
    TickSettings settings;
    settings.tick_size = input.instrument.tick_size;
    settings.lot_size = input.instrument.lot_size;
    settings.round = params.off_grid == "round";
    settings.touch = params.touch;
    settings.unsided_is_auction = params.unsided_trades == "auction";
    settings.snapshot_event_time = params.snapshot_time == "event";
    return settings;
  }

  // The start of an event whose end is not in the batch waits for the next one, unless it is all there is.
  std::size_t keep_whole_events(std::span<Tick> ticks) {
    std::size_t whole = ticks.size();
    while (whole > 0 && !(ticks[whole - 1].flags & kFlagLast)) --whole;
    if (whole == 0) return ticks.size();
    for (const Tick& tick : ticks.subspan(whole)) pending_.push(tick);
    return whole;
  }
  bool queue_row() {
    int count = 0;
    if (!next_row(row_.data(), count)) return false;
    for (int at = 0; at < count; ++at) pending_.push(row_[static_cast<std::size_t>(at)]);
    return true;
  }

  // The ticks of the next record; none if it is refused. False at the end.
  bool next_row(Tick* out, int& count) {
    for (;;) {
      if (!file_) {
        if (next_file_ == files_.size() || !damage_.empty()) return false;
        start_file();
        continue;
      }
      const std::string_view view = window_.need(kLongestRecord);
      if (view.empty()) {
        end_member();
        continue;
      }
      if (view.starts_with("DBN") && is_metadata(view)) {
        start_metadata();
        continue;
      }
      const std::size_t bytes = 4 * std::size_t{static_cast<unsigned char>(view[0])};
      ++counts_.rows_read;
      if (bytes < kHeader || bytes > view.size()) {
        fail(bytes, view);
        return false;
      }
      const char* const reason = take(view.data(), bytes, out, count);
      if (reason) {
        refuse(reason, view.data());
      } else {
        ++counts_.rows_stored;
        counts_.ticks += count;
        out[count - 1].flags |= kRowEnd;
      }
      window_.skip(bytes);
      return true;
    }
  }

  const char* take(const char* record, std::size_t bytes, Tick* out, int& count) {
    const auto type = static_cast<uint8_t>(record[kType]);
    const std::size_t needed = record_bytes(type);
    if (needed == 0 || type == kSymbolMapping || type == kOldBar) {
      if (type == kSymbolMapping) learn_symbol(record, bytes);
      return not_a_tick(type);
    }
    if (bytes < needed) return "record too short";
    const uint32_t instrument = load<uint32_t>(record + kInstrument);
    if (!symbols_.chosen(instrument, index_time(record, type))) return "other symbol";
    const uint16_t publisher = load<uint16_t>(record + kPublisher);
    if (publisher_ != 0 && publisher != publisher_) return "other publisher";
    if (type != last_type_ || publisher != last_publisher_ || instrument != last_instrument_)
      if (const char* reason = change(type, publisher, instrument)) return reason;
    const char* const reason = maker_.make(record, out, count);
    if (maker_.seen() != 0) note_seen(record);
    return reason;
  }

  // The receive time orders the records; bars have none.
  static uint64_t index_time(const char* record, uint8_t type) {
    uint64_t time = kNoTime;
    if (type == kMbo) {
      time = load<uint64_t>(record + kOrderReceiveTime);
    } else if (type == kStatus) {
      time = load<uint64_t>(record + kStatusReceiveTime);
    } else if (type < kStatus || type >= kCmbp1) {
      time = load<uint64_t>(record + kReceiveTime);
    }
    return time == kNoTime ? load<uint64_t>(record + kEventTime) : time;
  }

  const char* change(uint8_t type, uint16_t publisher, uint32_t instrument) {
    if (params_.schema != "all" && kind_of(type) != params_.schema && !(type == kMbp1 && params_.schema == "tbbo"))
      return "other schema";
    if (any_taken_) {
      if (instrument != last_instrument_) {
        maker_.change_instrument();
        note("instrument number changed: books begin anew", std::to_string(instrument));
      }
      if (publisher != last_publisher_ && instrument == last_instrument_)
        note("several publishers: their quotes alternate; `publisher` takes one", std::to_string(publisher));
      if (type != last_type_ && type != kStatus && last_type_ != kStatus)
        note("several schemas: a trade may come in each; `schema` takes one", kind_of(type));
    }
    any_taken_ = true;
    last_type_ = type;
    last_publisher_ = publisher;
    last_instrument_ = instrument;
    return nullptr;
  }

  void learn_symbol(const char* record, std::size_t bytes) {
    // 80 bytes in version 1, with names of 22; 176 after it, with the kinds of the names before them.
    const bool old = bytes < 176;
    const std::size_t name_bytes = old ? 22 : 71, in_at = old ? 16 : 17, out_at = old ? 38 : 89;
    if (bytes < 80) return;
    const auto name = [&](std::size_t at) {
      const std::string_view text(record + at, name_bytes);
      return text.substr(0, text.find('\0'));
    };
    symbols_.map_live(load<uint32_t>(record + kInstrument), name(in_at), name(out_at));
  }

  void start_file() {
    const std::string& path = files_[next_file_++];
    file_.emplace(path);
    char start[16];
    if (is_old_container({start, RawFile(path).read(start)}))
      throw Error(ErrorKind::bad_data,
                  path +
                      ": is a .dbz file, an older container of Databento that is not read; convert it with the "
                      "vendor's tool (dbn FILE.dbz --dbn --zstd -o FILE.dbn.zst)");
    start_member();
  }

  // Goes to the first record of the next member; without one, or with damage, the file is over.
  void start_member() {
    if (!next_member_of(file_, damage_)) return;
    window_.start(*file_);
    stored_before_ = counts_.rows_stored;
    const std::string_view view = window_.need(kLongestRecord);
    if (view.starts_with("DBN")) {
      if (!is_metadata(view)) {
        if (view.size() < kFixedMetadata) return cut_metadata();
        throw Error(ErrorKind::bad_data, file_->where() + ": DBN of version " +
                                             std::to_string(static_cast<unsigned char>(view[3])) +
                                             ", or damaged metadata; versions 1 to 3 are read");
      }
      return start_metadata();
    }
    symbols_.start();
    symbols_.finish_mappings();
    if (view.empty() || params_.fragment == "yes") return;
    const bool named = named_fragment(file_->member().empty() ? file_->path() : file_->member());
    if (params_.fragment == "auto" && named && is_record(view)) return;
    const char* const format = known_format(view);
    throw Error(ErrorKind::bad_data,
                file_->where() + ": " + (format ? "is " + std::string(format) : "does not begin with DBN metadata") +
                    "; a Databento DBN file was expected (fragment = \"yes\" for records without metadata)");
  }

  static bool is_metadata(std::string_view view) {
    Metadata fixed;
    return read_fixed_metadata(view, fixed);
  }

  void start_metadata() {
    Metadata metadata;
    bool cut = false;
    if (const char* wrong = read_metadata(window_, metadata, symbols_, cut)) {
      if (cut) return cut_metadata();
      note(wrong, metadata.dataset);
    }
  }
  void cut_metadata() {
    damage_ = file_->damage().empty() ? file_->where() + ": ends within the metadata" : file_->damage();
    file_.reset();
  }

  void end_member() {
    if (counts_.rows_stored == stored_before_ && symbols_.names() > 0 && !symbols_.found()) {
      Refusal& names = counts_.noted["symbols in the file"];
      if (names.rows == 0) {
        names.file = file_->where();
        names.example = symbols_.name_list();
      }
      names.rows += symbols_.names();
    }
    start_member();
  }

  void fail(std::size_t bytes, std::string_view view) {
    const std::string at = std::to_string(window_.offset());
    if (bytes > view.size()) {
      refuse("truncated input", view.size() > kHeader ? view.data() : nullptr);
      damage_ = file_->damage().empty() ? file_->where() + ": ends within the record at byte " + at : file_->damage();
    } else {
      refuse("record without a header", nullptr);
      damage_ = file_->where() + ": the record at byte " + at + " says it is " + std::to_string(bytes) +
                " bytes long, less than its header; what follows cannot be read";
    }
    file_.reset();
  }

  std::string example(const char* record) const {
    if (!record) return "";
    const auto type = static_cast<uint8_t>(record[kType]);
    return "record type " + std::to_string(type) + ", publisher " +
           std::to_string(load<uint16_t>(record + kPublisher)) + ", instrument " +
           std::to_string(load<uint32_t>(record + kInstrument)) + ", event time " +
           std::to_string(load<uint64_t>(record + kEventTime));
  }
  void refuse(const char* reason, const char* record) {
    if (reason == last_reason_) {
      ++last_refusal_->rows;
      return;
    }
    last_reason_ = reason;
    last_refusal_ = &counts_.refused[reason];
    if (last_refusal_->rows++ > 0) return;
    last_refusal_->file = file_->where();
    last_refusal_->line = window_.offset();
    last_refusal_->example = example(record);
  }
  void note(const char* name, const std::string& text) {
    count_row(counts_.noted, name, file_->where(), window_.offset(), text);
  }
  void note_seen(const char* record) {
    for (std::size_t bit = 0; bit < Seen::kNames.size(); ++bit) {
      if (!(maker_.seen() >> bit & 1)) continue;
      if (noted_[bit]) {
        ++noted_[bit]->rows;
      } else {
        note(Seen::kNames[bit], example(record));
        noted_[bit] = &counts_.noted[Seen::kNames[bit]];
      }
    }
  }

  std::vector<std::string> files_;
  DbnParams params_;
  Symbols symbols_;
  TickMaker maker_;
  uint16_t publisher_;

  std::size_t next_file_ = 0;
  std::optional<InputFile> file_;
  ByteWindow window_;
  int64_t stored_before_ = 0;
  bool any_taken_ = false;
  uint8_t last_type_ = 0;
  uint16_t last_publisher_ = 0;
  uint32_t last_instrument_ = 0;

  EventQueue pending_;
  std::array<Tick, TickMaker::kMostTicks> row_;
  SourceCounts counts_;
  const char* last_reason_ = nullptr;
  Refusal* last_refusal_ = nullptr;
  std::array<Refusal*, Seen::kNames.size()> noted_{};
  std::string damage_;
};

std::unique_ptr<Source> open(const SourceInput& input, const void* params) {
  return std::make_unique<DbnSource>(input, *static_cast<const DbnParams*>(params));
}

Guess guess(const InputHead& head) {
  Metadata metadata;
  if (read_fixed_metadata(head.bytes, metadata))
    return {Guess::Sure::yes,
            "magic DBN, version " + std::to_string(metadata.version) + ", schema " + schema_name(metadata.schema) +
                ", dataset " + metadata.dataset,
            {}};
  if (is_old_container(head.raw)) return {Guess::Sure::yes, "magic DBZ: an older container that is not read", {}};
  if (named_fragment(head.member.empty() ? head.path : head.member) && is_record(head.bytes))
    return {Guess::Sure::yes, "named .frag and begins with a DBN record", {{"fragment", "yes"}}};
  return {};
}

}  // namespace
}  // namespace tf::data

namespace tf::source_catalogue {

const Entry& tf_source_dbn() {
  static const Entry entry{"Databento DBN (.dbn, .dbn.zst): trades, quotes, depth, orders, bars, status",
                           params_type<data::DbnParams>(), data::open, data::guess};
  return entry;
}

}  // namespace tf::source_catalogue
