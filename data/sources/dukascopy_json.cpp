// dukascopy_json: ticks as Dukascopy's newer server and its downloaders write them. Two forms, told by the first byte:
//   {"timestamp":ms,"multiplier":m,"ask":a,"bid":b,"times":[...],"asks":[...],"bids":[...],"askVolumes":[...],
//    "bidVolumes":[...]}   times, asks and bids are differences, from the base and from each other; prices in units of
//    m;
//                          volumes in units of the base currency
//   [[ms,ask,bid,ask volume,bid volume], ...]   volumes in millions
// Times are ms since 1970 UTC. One row is a quote: best bid, then best ask. A file is held in memory: at most 256 MiB
// unpacked. Numbers are read as decimals; volumes are rounded to the lot and noted, unless off_grid_size says
// otherwise.
#include <algorithm>
#include <array>
#include <optional>

#include "cuda/base/error.hpp"
#include "data/sources/catalogue.hpp"
#include "data/sources/parse/csv_columns.hpp"
#include "data/sources/parse/decimal.hpp"
#include "data/sources/parse/event_queue.hpp"
#include "data/sources/parse/input_file.hpp"
#include "data/sources/parse/json_scan.hpp"
#include "data/sources/parse/time_column.hpp"

namespace tf::data {
namespace {

constexpr std::size_t kMostBytes = std::size_t{256} << 20;
constexpr int64_t kMsNs = 1'000'000;

struct DukascopyJsonParams {
  double size_scale = 0;
  std::string off_grid = "refuse", off_grid_size = "round";

  static std::span<const Field> fields() {
    using P = DukascopyJsonParams;
    static const Field table[] = {
        TF_FIELD(P, size_scale, 0, kAny, "", "volumes are multiplied by this; 0: 1, or 1e6 in the form of rows"),
        TF_TEXT_FIELD(P, off_grid, "refuse|round", "rows whose price is no multiple of the tick size"),
        TF_TEXT_FIELD(P, off_grid_size, "round|refuse", "rows whose volume is no multiple of the lot size"),
    };
    return table;
  }
};

class DukascopyJsonSource : public Source {
 public:
  DukascopyJsonSource(const SourceInput& input, const DukascopyJsonParams& params)
      : files_(input.files),
        tick_size_(input.instrument.tick_size),
        lot_size_(input.instrument.lot_size),
        size_scale_(params.size_scale),
        round_(params.off_grid == "round"),
        round_size_(params.off_grid_size == "round") {
    const auto demand = [](bool holds, const char* what) {
      if (!holds) throw Error(ErrorKind::config, std::string("dukascopy_json source: ") + what);
    };
    demand(!files_.empty(), "no files given");
    demand(tick_size_ > 0, "the instrument needs a tick_size above 0");
    demand(lot_size_ > 0, "the instrument needs a lot_size above 0");
    demand(round_ || params.off_grid == "refuse", "off_grid is refuse or round");
    demand(round_size_ || params.off_grid_size == "refuse", "off_grid_size is round or refuse");
  }

  std::size_t next_batch(std::span<Tick> out) override {
    return queue_.next_batch(out, [&] { return next_row(); });
  }
  const SourceCounts& counts() const override { return counts_; }
  std::string damage() const override { return damage_; }
  double share() const override {
    const double whole = static_cast<double>(files_.size());
    const double within = text_.empty() ? 0 : static_cast<double>(rows_.at()) / static_cast<double>(text_.size());
    return next_file_ == 0 ? 0 : (static_cast<double>(next_file_ - 1) + std::min(1.0, within)) / whole;
  }

 private:
  enum class Form { none, differences, rows };
  /// A row as it stands in the file.
  struct Row {
    std::string_view time, ask, bid, ask_volume, bid_volume;
  };

  bool next_row() {
    for (;;) {
      if (form_ == Form::none) {
        if (!next_text()) return false;
        continue;
      }
      const std::size_t at = rows_.at();
      Row row;
      const bool more = form_ == Form::rows ? next_of_rows(row) : next_of_differences(row);
      if (!more) {
        form_ = Form::none;
        continue;
      }
      ++counts_.rows_read;
      if (const char* reason = take(row)) {
        count_row(counts_.refused, reason, file_->where(), static_cast<int64_t>(at),
                  printable(std::string_view(text_).substr(at, 120), 120));
        if (form_ == Form::differences && broken_) {
          damage(at, "a difference that is no whole number: what follows hangs on it");
          form_ = Form::none;
        }
      } else {
        ++counts_.rows_stored;
        counts_.ticks += 2;
      }
      return true;
    }
  }

  // Reads the next member whole; false at the end.
  bool next_text() {
    text_.clear();
    for (;;) {
      if (!damage_.empty()) return false;
      if (!file_) {
        if (next_file_ == files_.size()) return false;
        file_.emplace(files_[next_file_++]);
      }
      if (!file_->next_member()) {
        damage_ = file_->damage();
        file_.reset();
        continue;
      }
      expect_text(*file_);
      std::size_t filled = 0;
      for (;;) {
        text_.resize(filled + (std::size_t{1} << 18));
        const std::size_t got = file_->read(std::span(text_).subspan(filled));
        filled += got;
        text_.resize(filled);
        if (got == 0) break;
        if (filled > kMostBytes)
          throw Error(ErrorKind::bad_data, file_->where() + ": is larger than 256 MiB; split it");
      }
      packing_damage_ = file_->damage();
      start_text();
      return true;
    }
  }

  void start_text() {
    std::size_t from = text_.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    JsonScan scan(text_, from);
    if (scan.ended()) {
      damage_ = packing_damage_;
      form_ = Form::none;
      return;
    }
    if (scan.take('[')) {
      form_ = Form::rows;
      rows_ = scan;
      first_ = true;
      price_grid_ = Grid(tick_size_, 1);
      size_grid_ = Grid(lot_size_, size_scale_ > 0 ? size_scale_ : 1e6);
      return;
    }
    if (!scan.take('{'))
      throw Error(ErrorKind::bad_data,
                  file_->where() + ": is no JSON of Dukascopy ticks: it begins with neither { nor [");
    start_differences(scan);
  }

  void damage(std::size_t at, const std::string& what) {
    damage_ =
        !packing_damage_.empty() ? packing_damage_ : file_->where() + ": byte " + std::to_string(at) + ": " + what;
  }

  // [ms,ask,bid,ask volume,bid volume]
  bool next_of_rows(Row& row) {
    if (rows_.take(']')) {
      if (rows_.ended()) {
        damage_ = packing_damage_;
      } else {
        damage(rows_.at(), "more after the end of the rows");
      }
      return false;
    }
    const bool comma = first_ || rows_.take(',');
    first_ = false;
    const std::size_t at = rows_.at();
    std::string_view* const cells[] = {&row.time, &row.ask, &row.bid, &row.ask_volume, &row.bid_volume};
    bool good = comma && rows_.take('[');
    for (std::size_t cell = 0; good && cell < std::size(cells); ++cell) {
      if (cell > 0) good = rows_.take(',');
      if (good) *cells[cell] = rows_.word();
    }
    good = good && rows_.take(']');
    if (good) return true;
    // What is no row of five is passed over as a value, if it is one.
    rows_ = JsonScan(text_, at);
    row = {};
    const bool whole = comma && rows_.skip_value();
    if (!whole) {
      if (rows_.ended() && !JsonScan(text_, at).ended()) {
        ++counts_.rows_read;
        count_row(counts_.refused, "truncated input", file_->where(), static_cast<int64_t>(at),
                  printable(std::string_view(text_).substr(at, 120), 120));
      }
      damage(at, "the list of rows ends early or is no JSON");
      return false;
    }
    row.time = "?";
    return true;
  }

  void start_differences(JsonScan scan) {
    std::array<std::string_view, 4> base;  // timestamp, multiplier, ask, bid
    std::array<bool, 5> found{};
    constexpr std::string_view kBase[] = {"timestamp", "multiplier", "ask", "bid"};
    constexpr std::string_view kLists[] = {"times", "asks", "bids", "askVolumes", "bidVolumes"};
    bool good = true, more = !scan.take('}');
    while (good && more) {
      std::string_view key;
      good = scan.string(key) && scan.take(':');
      const auto number = std::find(std::begin(kBase), std::end(kBase), key) - std::begin(kBase);
      const auto list = std::find(std::begin(kLists), std::end(kLists), key) - std::begin(kLists);
      if (!good) break;
      if (number < 4) {
        base[static_cast<std::size_t>(number)] = scan.word();
      } else {
        if (list < 5 && scan.next_is('[')) {
          JsonScan values = scan;
          values.take('[');
          lists_[static_cast<std::size_t>(list)] = values;
          found[static_cast<std::size_t>(list)] = true;
        }
        // A list that runs to the end of a cut file still gives the rows that all lists have.
        if (!scan.skip_value()) good = false;
      }
      if (good && !scan.take(',')) {
        good = scan.take('}');
        more = false;
      }
    }
    if (!good) {
      damage(scan.at(), "the object ends early or is no JSON");
    } else if (!scan.ended()) {
      damage(scan.at(), "more after the end of the object");
    } else {
      damage_ = packing_damage_;
    }
    Decimal multiplier;
    const bool known = parse_whole(base[0], time_ms_) && parse_decimal(base[1], multiplier) == ParseState::good &&
                       multiplier.mantissa > 0 && multiplier.exponent > -20 && multiplier.exponent < 20;
    if (!known || std::find(found.begin(), found.end(), false) != found.end()) {
      form_ = Form::none;
      if (damage_.empty())
        throw Error(ErrorKind::bad_data,
                    file_->where() +
                        ": is no JSON of Dukascopy ticks; expected the members timestamp, multiplier, ask, "
                        "bid, times, asks, bids, askVolumes, bidVolumes");
      return;
    }
    unit_ = as_double(multiplier);
    const Grid units(unit_, 1);
    Decimal ask, bid;
    if (parse_decimal(base[2], ask) != ParseState::good || parse_decimal(base[3], bid) != ParseState::good ||
        units.steps(ask, ask_) != GridState::on || units.steps(bid, bid_) != GridState::on)
      throw Error(ErrorKind::bad_data, file_->where() + ": ask and bid are no whole numbers of the multiplier");
    price_grid_ = Grid(tick_size_, unit_);
    size_grid_ = Grid(lot_size_, size_scale_ > 0 ? size_scale_ : 1);
    form_ = Form::differences;
    rows_ = lists_[0];
    first_ = true;
    broken_ = false;
  }

  static double as_double(const Decimal& value) {
    double number = static_cast<double>(value.mantissa);
    // Small powers of ten are exact, so a mantissa below 2^53 gives the double nearest to the decimal.
    for (int power = value.exponent; power < 0; power += 15)
      number /= static_cast<double>(kPowersOfTen[static_cast<std::size_t>(std::min(15, -power))]);
    for (int power = value.exponent; power > 0; power -= 15)
      number *= static_cast<double>(kPowersOfTen[static_cast<std::size_t>(std::min(15, power))]);
    return number;
  }

  bool next_of_differences(Row& row) {
    std::string_view* const cells[] = {&row.time, &row.ask, &row.bid, &row.ask_volume, &row.bid_volume};
    std::size_t have = 0;
    for (std::size_t list = 0; list < lists_.size(); ++list) {
      JsonScan& scan = lists_[list];
      if (scan.next_is(']') || (!first_ && !scan.take(','))) continue;
      *cells[list] = scan.word();
      have += !cells[list]->empty();
    }
    first_ = false;
    rows_ = lists_[0];
    return have > 0;
  }

  const char* take(const Row& row) {
    int64_t time_ms, qty;
    Tick bid, ask;
    if (form_ == Form::rows) {
      if (row.time == "?") return "not a row of five numbers";
      if (!parse_whole(row.time, time_ms)) return "bad time";
      if (const char* reason = price(row.ask, ask.px)) return reason;
      if (const char* reason = price(row.bid, bid.px)) return reason;
    } else {
      int64_t steps[3];
      const std::string_view cells[] = {row.time, row.ask, row.bid};
      int64_t* const sums[] = {&time_ms_, &ask_, &bid_};
      for (std::size_t cell = 0; cell < 3; ++cell)
        if (!parse_whole(cells[cell], steps[cell])) {
          broken_ = true;
          return cells[cell].empty() ? "missing value" : "bad number";
        }
      for (std::size_t cell = 0; cell < 3; ++cell)
        if (__builtin_add_overflow(*sums[cell], steps[cell], sums[cell])) {
          broken_ = true;
          return "number out of range";
        }
      time_ms = time_ms_;
      if (const char* reason = on_grid(price_grid_.steps({ask_, 0}, ask.px))) return reason;
      if (const char* reason = on_grid(price_grid_.steps({bid_, 0}, bid.px))) return reason;
    }
    if (time_ms < 0 || time_ms > kLatest / kMsNs) return "time out of range";
    if (const char* reason = size(row.ask_volume, qty)) return reason;
    ask.qty = qty;
    if (const char* reason = size(row.bid_volume, qty)) return reason;
    bid.qty = qty;
    bid.exch_ts = bid.local_ts = ask.exch_ts = ask.local_ts = time_ms * kMsNs;
    bid.flags = static_cast<uint32_t>(TickKind::best_bid);
    ask.flags = static_cast<uint32_t>(TickKind::best_ask) | kFlagLast | kRowEnd;
    queue_.push(bid);
    queue_.push(ask);
    return nullptr;
  }

  static bool parse_whole(std::string_view text, int64_t& value) {
    Decimal decimal;
    if (parse_decimal(text, decimal) != ParseState::good) return false;
    static const Grid kWhole(1, 1);
    return kWhole.steps(decimal, value) == GridState::on;
  }
  const char* on_grid(GridState state) const { return reason_of(state, round_, "price off the tick grid"); }
  const char* price(std::string_view text, int64_t& ticks) const {
    Decimal value;
    if (parse_decimal(text, value) != ParseState::good) return text.empty() ? "missing value" : "bad number";
    return on_grid(price_grid_.steps(value, ticks));
  }
  const char* size(std::string_view text, int64_t& lots) {
    Decimal value;
    if (parse_decimal(text, value) != ParseState::good) return text.empty() ? "missing value" : "bad number";
    const GridState state = size_grid_.steps(value, lots);
    if (state == GridState::out_of_range) return "number out of range";
    if (lots < 0 || value.mantissa < 0) return "negative size";
    if (state == GridState::on) return nullptr;
    if (!round_size_) return "size off the lot grid";
    count_row(counts_.noted, "size rounded to the lot grid", file_->where(), static_cast<int64_t>(rows_.at()), text);
    return nullptr;
  }

  std::vector<std::string> files_;
  double tick_size_, lot_size_, size_scale_;
  bool round_, round_size_;
  Grid price_grid_, size_grid_;

  std::size_t next_file_ = 0;
  std::optional<InputFile> file_;
  std::string text_, packing_damage_;
  Form form_ = Form::none;
  JsonScan rows_;  // the list of rows, or of times
  bool first_ = true, broken_ = false;
  std::array<JsonScan, 5> lists_;
  double unit_ = 1;
  int64_t time_ms_ = 0, ask_ = 0, bid_ = 0;  // sums of the differences

  EventQueue queue_;
  SourceCounts counts_;
  std::string damage_;
};

std::unique_ptr<Source> open(const SourceInput& input, const void* params) {
  return std::make_unique<DukascopyJsonSource>(input, *static_cast<const DukascopyJsonParams*>(params));
}

Guess guess(const InputHead& head) {
  JsonScan scan(head.bytes);
  if (scan.next_is('{')) {
    const auto has = [&](std::string_view key) { return head.bytes.find(key) != head.bytes.npos; };
    if (has("\"multiplier\"") && has("\"times\"") && has("\"timestamp\""))
      return {Guess::Sure::yes, "an object of tick differences with a multiplier", {}};
    return {};
  }
  if (!scan.take('[') || !scan.take('[')) return {};
  int64_t cells = 0;
  for (std::string_view cell = scan.word(); !cell.empty(); cell = scan.word()) {
    Decimal value;
    if (parse_decimal(cell, value) != ParseState::good) return {};
    if (cells == 0 && (value.exponent != 0 || cell.size() != 13)) return {};
    ++cells;
    if (!scan.take(',')) break;
  }
  if (cells != 5 || !scan.take(']')) return {};
  return {Guess::Sure::yes, "rows of five numbers of which the first is a time in ms", {}};
}

}  // namespace
}  // namespace tf::data

namespace tf::source_catalogue {

const Entry& tf_source_dukascopy_json() {
  static const Entry entry{"Dukascopy quotes as JSON: differences with a multiplier, or rows of five numbers",
                           params_type<data::DukascopyJsonParams>(), data::open, data::guess};
  return entry;
}

}  // namespace tf::source_catalogue
