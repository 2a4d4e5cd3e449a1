// bi5: Dukascopy's hour files of ticks, SYMBOL/YYYY/MM/DD/HHh_ticks.bi5 (months from 00 on): an LZMA-alone stream, or
// empty for an hour without ticks, of big-endian records of 20 bytes: ms of the hour u32, ask u32, bid u32 in points of
// the symbol, ask volume f32, bid volume f32 in millions. UTC. One row is a quote: best bid, then best ask.
// Volumes are the shortest decimals of their floats times size_scale, rounded to the nearest lot (halves up): floats of
// millions seldom are whole lots, so a size off the grid is noted, not refused, unless off_grid_size says so.
#include <algorithm>
#include <bit>
#include <cctype>
#include <optional>

#include "cuda/base/error.hpp"
#include "data/sources/catalogue.hpp"
#include "data/sources/parse/byte_window.hpp"
#include "data/sources/parse/dukascopy.hpp"
#include "data/sources/parse/event_queue.hpp"

namespace tf::data {
namespace {

constexpr std::size_t kRecord = 20;

struct Bi5Params {
  std::string symbol, hour;
  double point = 0, size_scale = 1e6;
  std::string off_grid = "refuse", off_grid_size = "round";

  static std::span<const Field> fields() {
    using P = Bi5Params;
    static const Field table[] = {
        TF_TEXT_FIELD(P, symbol, nullptr, "symbol that the files must be of; empty: the instrument's symbol"),
        TF_TEXT_FIELD(P, hour, nullptr,
                      "start of the hour of a single file (UTC), such as 2012-11-03T05; empty: in the path"),
        TF_FIELD(P, point, 0, kAny, "", "price of one unit in the file; 0: by the symbol (1e-5, or 1e-3 for JPY, ...)"),
        TF_FIELD(P, size_scale, 0, kAny, "", "volumes are multiplied by this: the files count millions"),
        TF_TEXT_FIELD(P, off_grid, "refuse|round", "rows whose price is no multiple of the tick size"),
        TF_TEXT_FIELD(P, off_grid_size, "round|refuse", "rows whose volume is no multiple of the lot size"),
    };
    return table;
  }
};

// Symbols compare by their letters and digits: EUR/USD is EURUSD.
std::string letters(std::string_view symbol) {
  std::string name;
  for (const char c : symbol)
    if (std::isalnum(static_cast<unsigned char>(c)))
      name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

class Bi5Source : public Source {
 public:
  Bi5Source(const SourceInput& input, const Bi5Params& params)
      : files_(input.files),
        symbol_(params.symbol.empty() ? input.instrument.symbol : params.symbol),
        round_(params.off_grid == "round"),
        round_size_(params.off_grid_size == "round") {
    const auto demand = [](bool holds, const std::string& what) {
      if (!holds) throw Error(ErrorKind::config, "bi5 source: " + what);
    };
    demand(!files_.empty(), "no files given");
    demand(input.instrument.tick_size > 0, "the instrument needs a tick_size above 0");
    demand(input.instrument.lot_size > 0, "the instrument needs a lot_size above 0");
    demand(round_ || params.off_grid == "refuse", "off_grid is refuse or round");
    demand(round_size_ || params.off_grid_size == "refuse", "off_grid_size is round or refuse");
    demand(params.size_scale > 0, "size_scale is above 0");
    if (!params.hour.empty()) {
      hour_ = dukascopy::parse_hour(params.hour);
      demand(hour_.has_value(), "hour = '" + params.hour + "'; expected such as 2012-11-03T05");
      demand(files_.size() == 1, "hour is of one file; the hours of several stand in their paths");
    }
    point_ = params.point;
    if (point_ == 0) {
      const auto known = dukascopy::point_of(symbol_);
      demand(known.has_value(), "the point of '" + symbol_ + "' is not known; set `point` to the price of one unit");
      point_ = *known;
    }
    price_grid_ = Grid(input.instrument.tick_size, point_);
    volumes_ = dukascopy::VolumeGrid(input.instrument.lot_size, params.size_scale);
  }

  std::size_t next_batch(std::span<Tick> out) override {
    return queue_.next_batch(out, [&] { return next_row(); });
  }
  const SourceCounts& counts() const override { return counts_; }
  std::string damage() const override { return damage_; }
  double share() const override { return static_cast<double>(next_file_) / static_cast<double>(files_.size()); }

 private:
  bool next_row() {
    for (;;) {
      if (!file_) {
        if (next_file_ == files_.size() || !damage_.empty()) return false;
        file_.emplace(files_[next_file_++]);
        start_member();
        continue;
      }
      const std::string_view view = window_.need(kRecord);
      if (view.size() < kRecord) {
        if (!view.empty()) cut(view);
        if (file_) start_member();
        continue;
      }
      ++counts_.rows_read;
      if (const char* reason = take(view.data())) {
        refuse(reason, view);
      } else {
        ++counts_.rows_stored;
        counts_.ticks += 2;
      }
      window_.skip(kRecord);
      return true;
    }
  }

  void start_member() {
    if (!next_member_of(file_, damage_)) return;
    window_.start(*file_);
    if (hour_) {
      start_ns_ = *hour_;
      return;
    }
    const bool own_path = file_->member().find('/') == std::string::npos;
    const auto hour = dukascopy::hour_of_path(own_path ? file_->path() : file_->member());
    if (!hour)
      throw Error(ErrorKind::config, file_->where() +
                                         ": the hour is told by a path SYMBOL/YYYY/MM/DD/HHh_ticks.bi5 (months from 00 "
                                         "on), or for one file by `hour`");
    if (letters(hour->symbol) != letters(symbol_))
      throw Error(ErrorKind::config,
                  file_->where() + ": the path says " + hour->symbol + ", the instrument " + symbol_);
    start_ns_ = hour->start_ns;
  }

  const char* take(const char* record) {
    const uint64_t ms = big_endian<4>(record);
    if (ms >= 3'600'000) return "time outside the hour";
    Tick bid, ask;
    bid.exch_ts = bid.local_ts = ask.exch_ts = ask.local_ts = start_ns_ + static_cast<int64_t>(ms) * 1'000'000;
    if (const char* reason = price(big_endian<4>(record + 4), ask.px)) return reason;
    if (const char* reason = price(big_endian<4>(record + 8), bid.px)) return reason;
    if (const char* reason = size(big_endian<4>(record + 12), ask.qty)) return reason;
    if (const char* reason = size(big_endian<4>(record + 16), bid.qty)) return reason;
    bid.flags = static_cast<uint32_t>(TickKind::best_bid);
    ask.flags = static_cast<uint32_t>(TickKind::best_ask) | kFlagLast | kRowEnd;
    queue_.push(bid);
    queue_.push(ask);
    return nullptr;
  }
  const char* price(uint64_t points, int64_t& ticks) const {
    const GridState state = price_grid_.steps({static_cast<int64_t>(points), 0}, ticks);
    return reason_of(state, round_, "price off the tick grid");
  }
  const char* size(uint64_t bits, int64_t& lots) {
    bool off = false;
    if (!volumes_.lots(std::bit_cast<float>(static_cast<uint32_t>(bits)), lots, off)) return "bad size";
    if (!off) return nullptr;
    if (!round_size_) return "size off the lot grid";
    if (!rounded_) {
      count_row(counts_.noted, "size rounded to the lot grid", file_->where(), window_.offset(), "");
      rounded_ = &counts_.noted["size rounded to the lot grid"];
    } else {
      ++rounded_->rows;
    }
    return nullptr;
  }

  void cut(std::string_view view) {
    ++counts_.rows_read;
    refuse("truncated input", view);
    damage_ = file_->damage().empty()
                  ? file_->where() + ": ends within the record at byte " + std::to_string(window_.offset())
                  : file_->damage();
    file_.reset();
  }
  void refuse(const char* reason, std::string_view view) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const char byte : view.substr(0, kRecord)) {
      text += kDigits[static_cast<unsigned char>(byte) >> 4];
      text += kDigits[byte & 15];
    }
    count_row(counts_.refused, reason, file_->where(), window_.offset(), text);
  }

  std::vector<std::string> files_;
  std::string symbol_;
  bool round_, round_size_;
  std::optional<int64_t> hour_;
  double point_ = 0;
  Grid price_grid_;
  dukascopy::VolumeGrid volumes_;

  std::size_t next_file_ = 0;
  std::optional<InputFile> file_;
  ByteWindow window_;
  int64_t start_ns_ = 0;
  EventQueue queue_;
  SourceCounts counts_;
  Refusal* rounded_ = nullptr;
  std::string damage_;
};

std::unique_ptr<Source> open(const SourceInput& input, const void* params) {
  return std::make_unique<Bi5Source>(input, *static_cast<const Bi5Params*>(params));
}

// Ascending milliseconds of an hour in 20-byte records, from an LZMA stream or an empty file by name.
Guess guess(const InputHead& head) {
  const std::string_view name = head.member.empty() ? head.path : head.member;
  const bool named = name.ends_with(".bi5");
  const auto hour = dukascopy::hour_of_path(head.member.find('/') == head.member.npos ? head.path : head.member);
  const std::size_t records = std::min<std::size_t>(head.bytes.size() / kRecord, 100);
  uint64_t last = 0;
  bool fits = true;
  for (std::size_t record = 0; record < records; ++record) {
    const uint64_t ms = big_endian<4>(head.bytes.data() + record * kRecord);
    fits &= ms >= last && ms < 3'600'000;
    last = ms;
  }
  if (named && fits && (records > 0 || head.raw.empty()))
    return {hour ? Guess::Sure::yes : Guess::Sure::maybe,
            hour ? "hour file of " + hour->symbol + ", " + time_text(hour->start_ns)
                 : "named .bi5, with the milliseconds of an hour; the hour is not in the path",
            {}};
  return {};
}

}  // namespace
}  // namespace tf::data

namespace tf::source_catalogue {

const Entry& tf_source_bi5() {
  static const Entry entry{"Dukascopy hour files of quotes (.bi5)", params_type<data::Bi5Params>(), data::open,
                           data::guess};
  return entry;
}

}  // namespace tf::source_catalogue
