// csv: quotes or trades as text, plain, gzip or zip; any layout by its columns, known layouts by a preset.
// A quote row becomes two ticks (bid, then ask with kFlagLast), a one-sided quote row or a trade one.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <optional>

#include "cuda/base/error.hpp"
#include "data/sources/catalogue.hpp"
#include "data/sources/parse/csv_columns.hpp"
#include "data/sources/parse/csv_params.hpp"
#include "data/sources/parse/decimal.hpp"
#include "data/sources/parse/input_file.hpp"
#include "data/sources/parse/line_reader.hpp"
#include "data/sources/parse/recent_ids.hpp"
#include "data/sources/parse/time_column.hpp"

namespace tf::data {
namespace {

enum class SideMeans { aggressor, maker, buyer_is_maker };
enum class OneSided { no, empty, zero };

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool is_word(std::string_view cell, std::string_view words) {
  for (;;) {
    const std::size_t bar = words.find('|');
    const std::string_view word = words.substr(0, bar);
    if (std::equal(cell.begin(), cell.end(), word.begin(), word.end(), [](char a, char b) {
          return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
        }))
      return true;
    if (bar == words.npos) return false;
    words.remove_prefix(bar + 1);
  }
}

/// One step of reading a row: nullptr = fine, else the reason why the row is refused.
using Reason = const char*;

class CsvSource : public Source {
 public:
  CsvSource(const SourceInput& input, const CsvParams& params) : files_(input.files), full_(complete(params)) {
    if (files_.empty()) throw Error(ErrorKind::config, "csv source: no files given");
    if (!(input.instrument.tick_size > 0))
      throw Error(ErrorKind::config, "csv source: the instrument needs a tick_size above 0");
    price_grid_ = Grid(input.instrument.tick_size, full_.price_scale);
    const bool sizes = !full_.bid_size_column.empty() || !full_.size_column.empty();
    if (sizes && !(input.instrument.lot_size > 0))
      throw Error(ErrorKind::config, "csv source: the file has sizes, so the instrument needs a lot_size above 0");
    if (sizes) size_grid_ = Grid(input.instrument.lot_size, full_.size_scale);
    size_flag_ = sizes ? 0 : kFlagNoSize;

    time_.format = full_.time_format == "epoch"            ? TimeFormat::epoch
                   : full_.time_format == "ms_of_day"      ? TimeFormat::ms_of_day
                   : full_.time_format == "seconds_of_day" ? TimeFormat::seconds_of_day
                   : full_.time_format == "clock"          ? TimeFormat::clock
                                                           : TimeFormat::datetime;
    const auto unit = [](const std::string& name) {
      return name == "s"    ? TimeUnit::s
             : name == "ms" ? TimeUnit::ms
             : name == "us" ? TimeUnit::us
             : name == "ns" ? TimeUnit::ns
                            : TimeUnit::automatic;
    };
    time_.unit = unit(full_.time_unit);
    time_.order = full_.date_order == "dmy"   ? DateOrder::dmy
                  : full_.date_order == "mdy" ? DateOrder::mdy
                                              : DateOrder::ymd;
    time_.zone = Zone(full_.zone);
    local_time_.unit = unit(full_.local_time_unit);
    needs_day_ = full_.date_column.empty() && time_.format != TimeFormat::epoch && time_.format != TimeFormat::datetime;
    side_means_ = full_.side_means == "maker"            ? SideMeans::maker
                  : full_.side_means == "buyer_is_maker" ? SideMeans::buyer_is_maker
                                                         : SideMeans::aggressor;
    one_sided_ = full_.one_sided == "empty"  ? OneSided::empty
                 : full_.one_sided == "zero" ? OneSided::zero
                                             : OneSided::no;
    round_ = full_.off_grid == "round";
    quotes_ = full_.price_column.empty();
  }

  std::size_t next_batch(std::span<Tick> out) override {
    std::size_t filled = 0;
    if (pending_ && !out.empty()) {
      out[filled++] = *pending_;
      pending_.reset();
    }
    std::string_view line;
    while (filled + 2 <= out.size() || (filled == 0 && !out.empty())) {
      if (!next_row(line)) break;
      Tick* ticks = out.data() + filled;
      const bool fits = filled + 2 <= out.size();
      int count = 0;
      if (const Reason reason = parse_row(line, fits ? ticks : alone_.data(), count)) {
        refuse(reason, line);
        continue;
      }
      ++counts_.rows_stored;
      counts_.ticks += count;
      (fits ? ticks : alone_.data())[count - 1].flags |= kRowEnd;
      if (!fits) {
        *ticks = alone_[0];
        if (count == 2) pending_ = alone_[1];
        return filled + 1;
      }
      filled += static_cast<std::size_t>(count);
    }
    return filled;
  }

  const SourceCounts& counts() const override { return counts_; }
  std::string damage() const override { return damage_; }
  double share() const override {
    const double whole = static_cast<double>(files_.size());
    return file_ ? (static_cast<double>(next_file_ - 1) + file_->share()) / whole : next_file_ == 0 ? 0 : 1;
  }

 private:
  // The next line that is a row, over the ends of members and files. Damage ends the input.
  bool next_row(std::string_view& line) {
    for (;;) {
      if (!file_) {
        if (next_file_ == files_.size() || !damage_.empty()) return false;
        file_.emplace(files_[next_file_++]);
        if (!start_member()) continue;
      }
      if (!lines_.next(line)) {
        start_member();
        continue;
      }
      if (line.empty() || lines_.number() <= full_.skip_lines) continue;
      if (!full_.comment.empty() && line.starts_with(full_.comment)) continue;
      if (!columns_) {
        columns_ = find_columns(full_, line, file_->where());
        if (columns_->has_header) continue;
      }
      ++counts_.rows_read;
      return true;
    }
  }

  bool start_member() {
    damage_ = file_->damage();
    if (!damage_.empty() || !file_->next_member()) {
      damage_ = file_->damage();
      file_.reset();
      return false;
    }
    expect_text(*file_);
    lines_.start(*file_);
    columns_.reset();
    if (needs_day_) {
      const std::string_view path = file_->path();
      const std::string_view name = path.substr(path.find_last_of('/') + 1);
      const std::string_view member = file_->member();
      auto day = date_in_name(member.substr(member.find_last_of('/') + 1));
      if (!day) day = date_in_name(name);
      if (!day)
        throw Error(ErrorKind::config, file_->where() + ": times of day need a date: eight digits (YYYYMMDD) in the " +
                                           "name of the file or zip entry, or a date_column");
      time_.set_day(*day);
    }
    return true;
  }

  void refuse(Reason reason, std::string_view line) {
    Refusal& refusal = counts_.refused[reason];
    if (refusal.rows++ > 0) return;
    refusal.file = file_->where();
    refusal.line = lines_.number();
    refusal.example = printable(line, 120);
  }

  std::string_view cell(Cell which) const {
    const int number = (*columns_)[which];
    if (number < 0) return {};
    const std::string_view text = cells_[static_cast<std::size_t>(number)];
    return text.empty() || (text.front() != ' ' && text.back() != ' ') ? text : trim(text);
  }

  Reason parse_row(std::string_view line, Tick* ticks, int& count) {
    if (lines_.too_long()) return "line too long";
    if (lines_.unfinished() && !file_->damage().empty()) return "truncated input";
    const int needed = columns_->needed;
    int have;
    if (std::memchr(line.data(), '"', line.size())) {
      have = split_quoted(line, columns_->delimiter, cells_.data(), needed, scratch_);
    } else {
      have = split_plain(line, columns_->delimiter, cells_.data(), needed);
    }
    if (have < needed) return "missing column";
    if (columns_->has(Cell::symbol) && cell(Cell::symbol) != full_.symbol) return "other symbol";

    int64_t exch_ts, local_ts;
    if (const Reason reason = time_reason(time_.parse(cell(Cell::time), cell(Cell::date), exch_ts))) return reason;
    local_ts = exch_ts;
    if (columns_->has(Cell::local_time))
      if (const Reason reason = time_reason(local_time_.parse(cell(Cell::local_time), {}, local_ts))) return reason;
    return quotes_ ? parse_quote(exch_ts, local_ts, ticks, count) : parse_trade(exch_ts, local_ts, ticks, count);
  }

  static Reason time_reason(TimeState state) {
    switch (state) {
      case TimeState::good:
        return nullptr;
      case TimeState::bad:
        return "bad time";
      case TimeState::out_of_range:
        return "time out of range";
      case TimeState::skipped_by_zone:
        return "time skipped by the zone's clock change";
    }
    return "bad time";
  }

  // A decimal cell in steps of a grid.
  Reason parse_steps(std::string_view text, const Grid& grid, Reason off, int64_t& steps) const {
    Decimal value;
    switch (parse_decimal(text, value)) {
      case ParseState::good:
        break;
      case ParseState::bad:
        return text.empty() ? "empty cell" : "bad number";
      case ParseState::out_of_range:
        return "number out of range";
    }
    switch (grid.steps(value, steps)) {
      case GridState::on:
        return nullptr;
      case GridState::off:
        return round_ ? nullptr : off;
      case GridState::out_of_range:
        return "number out of range";
    }
    return nullptr;
  }
  Reason parse_price(std::string_view text, int64_t& px) const {
    return parse_steps(text, price_grid_, "price off the tick grid", px);
  }
  Reason parse_size(Cell which, int64_t& qty) const {
    qty = 0;
    if (size_flag_ || !columns_->has(which)) return nullptr;
    if (const Reason reason = parse_steps(cell(which), size_grid_, "size off the lot grid", qty)) return reason;
    return qty < 0 ? "negative size" : nullptr;
  }

  struct QuoteSide {
    int64_t px = 0, qty = 0;
    bool news = true;  // false when the row says nothing about this side
  };
  Reason parse_side(Cell price, Cell size, QuoteSide& side) const {
    const std::string_view text = cell(price);
    if (one_sided_ != OneSided::no && text.empty()) {
      side.news = false;
      return nullptr;
    }
    if (const Reason reason = parse_price(text, side.px)) return reason;
    if (one_sided_ == OneSided::zero && side.px == 0) {
      side.news = false;
      return nullptr;
    }
    return parse_size(size, side.qty);
  }

  Reason parse_quote(int64_t exch_ts, int64_t local_ts, Tick* ticks, int& count) const {
    QuoteSide bid, ask;
    if (const Reason reason = parse_side(Cell::bid, Cell::bid_size, bid)) return reason;
    if (const Reason reason = parse_side(Cell::ask, Cell::ask_size, ask)) return reason;
    if (bid.news)
      ticks[count++] = {exch_ts, local_ts,
                        bid.px,  bid.qty,
                        0,       static_cast<uint32_t>(TickKind::best_bid) | size_flag_ | (ask.news ? 0 : kFlagLast)};
    if (ask.news)
      ticks[count++] = {exch_ts, local_ts, ask.px,
                        ask.qty, 0,        static_cast<uint32_t>(TickKind::best_ask) | size_flag_ | kFlagLast};
    return count == 0 ? "no price on either side" : nullptr;
  }

  Reason parse_trade(int64_t exch_ts, int64_t local_ts, Tick* ticks, int& count) {
    Tick& tick = ticks[0];
    tick = {exch_ts, local_ts, 0, 0, 0, static_cast<uint32_t>(TickKind::trade) | kFlagLast | size_flag_};
    if (const Reason reason = parse_price(cell(Cell::price), tick.px)) return reason;
    if (const Reason reason = parse_size(Cell::size, tick.qty)) return reason;
    if (columns_->has(Cell::side))
      if (const Reason reason = parse_aggressor(cell(Cell::side), tick.flags)) return reason;
    if (columns_->has(Cell::id) && !cell(Cell::id).empty() && ids_.seen(cell(Cell::id))) return "repeated trade id";
    count = 1;
    return nullptr;
  }

  Reason parse_aggressor(std::string_view word, uint32_t& flags) const {
    if (side_means_ == SideMeans::buyer_is_maker) {
      if (is_word(word, "true|1")) {
        flags |= kFlagSell;
      } else if (is_word(word, "false|0")) {
        flags |= kFlagBuy;
      } else {
        return "bad side";
      }
      return nullptr;
    }
    const bool maker = side_means_ == SideMeans::maker;
    if (is_word(word, full_.buy_words)) {
      flags |= maker ? kFlagSell : kFlagBuy;
    } else if (is_word(word, full_.sell_words)) {
      flags |= maker ? kFlagBuy : kFlagSell;
    } else if (!is_word(word, "|unknown|none|n|null")) {
      return "bad side";
    }
    return nullptr;
  }

  std::vector<std::string> files_;
  CsvParams full_;
  Grid price_grid_, size_grid_;
  TimeColumn time_, local_time_;
  SideMeans side_means_ = SideMeans::aggressor;
  OneSided one_sided_ = OneSided::no;
  uint32_t size_flag_ = 0;
  bool quotes_ = true, round_ = false, needs_day_ = false;

  std::size_t next_file_ = 0;
  std::optional<InputFile> file_;
  LineReader lines_;
  std::optional<CsvColumns> columns_;
  std::array<std::string_view, kMostColumns> cells_;
  std::string scratch_;
  std::array<Tick, 2> alone_;  // for batches smaller than a quote
  std::optional<Tick> pending_;
  RecentIds ids_;
  SourceCounts counts_;
  std::string damage_;
};

std::unique_ptr<Source> open(const SourceInput& input, const void* params) {
  return std::make_unique<CsvSource>(input, *static_cast<const CsvParams*>(params));
}

}  // namespace
}  // namespace tf::data

namespace tf::source_catalogue {

const Entry& tf_source_csv() {
  static const Entry entry{"quotes or trades as csv text (plain, gzip, zip), by column or by preset",
                           params_type<data::CsvParams>(), data::open};
  return entry;
}

}  // namespace tf::source_catalogue
