#include "data/sources/parse/table_rows.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "cuda/base/error.hpp"
#include "data/sources/parse/csv_columns.hpp"
#include "data/sources/parse/words.hpp"

namespace tf::data {
namespace {

using P = TableParams;
constexpr std::string P::*kSpecs[] = {&P::time_column,     &P::local_time_column, &P::bid_column,    &P::ask_column,
                                      &P::bid_size_column, &P::ask_size_column,   &P::price_column,  &P::size_column,
                                      &P::side_column,     &P::id_column,         &P::symbol_column, &P::flags_column};
constexpr const char* kRoleNames[] = {"time",  "local_time", "bid",  "ask", "bid_size", "ask_size",
                                      "price", "size",       "side", "id",  "symbol",   "flags"};

// Usual names, most telling first.
constexpr const char* kUsual[] = {
    "exch_ts|exchange_timestamp|exchange_time|event_time|transact_time|transaction_time|ts_event|sip_timestamp|"
    "timestamp|timestamps|time|datetime|date_time|date|ts|t|time_exchange|index|__index_level_0__",
    "local_ts|local_timestamp|local_time|receive_time|received|recv_time|receipt_timestamp|ts_recv|time_coinapi",
    "bid|bid_price|bidprice|best_bid|best_bid_price|bid_px|bid_px_00|bid1|bidopen|bp|b",
    "ask|ask_price|askprice|best_ask|best_ask_price|ask_px|ask_px_00|ask1|offer|ap|a",
    "bid_size|bidsize|bid_qty|bid_amount|bid_volume|bidvolume|best_bid_size|best_bid_qty|bid_sz|bid_sz_00|bq|bs",
    "ask_size|asksize|ask_qty|ask_amount|ask_volume|askvolume|best_ask_size|best_ask_qty|ask_sz|ask_sz_00|offer_size|"
    "aq|as",
    "price|px|trade_price|last|last_price|rate|p",
    "qty|quantity|size|amount|volume|vol|trade_size|last_qty|q|v",
    "side|taker_side|aggressor|aggressor_side|trade_side|direction|is_buyer_maker|isbuyermaker|m",
    "trade_id|tradeid|id|agg_trade_id|trdmatchid|tid",
    "symbol|ticker|instrument|sym|pair",
    "flags"};
constexpr int64_t kMostEventRows = 1 << 16;  // of one event, when rows are single ticks

// The first of the alternatives that is a column; exact names win over names in another case.
std::optional<std::size_t> find(const std::vector<ForeignColumn>& columns, std::string_view spec) {
  std::optional<std::size_t> place;
  any_word(spec, [&](std::string_view word) {
    for (const bool exact : {true, false})
      for (std::size_t at = 0; at < columns.size() && !place; ++at)
        if (exact ? columns[at].name == word : same_word(columns[at].name, word)) place = at;
    return place.has_value();
  });
  return place;
}

std::string text_of(double value) {
  char text[64];
  return {text, std::to_chars(text, text + sizeof(text), value).ptr};
}

}  // namespace

std::span<const Field> TableParams::fields() {
  static const Field table[] = {
      TF_TEXT_FIELD(P, table, nullptr, "path of the table inside the file; empty: the only one there is"),
      TF_TEXT_FIELD(P, time_column, nullptr, "column of the exchange time; empty: by usual names"),
      TF_TEXT_FIELD(P, time_unit, "auto|s|ms|us|ns", "of times that are numbers; auto: by magnitude, row by row"),
      TF_TEXT_FIELD(P, zone, nullptr, "of times that are texts: UTC, a fixed offset such as -05:00, or an IANA name"),
      TF_TEXT_FIELD(P, date_order, "ymd|dmy|mdy", "of dates in texts that do not begin with the year"),
      TF_TEXT_FIELD(P, local_time_column, nullptr, "column of the receiver's time"),
      TF_TEXT_FIELD(P, local_time_unit, "auto|s|ms|us|ns", "of the receiver's time"),
      TF_TEXT_FIELD(P, bid_column, nullptr, "column of the bid price; with ask_column: rows are quotes"),
      TF_TEXT_FIELD(P, ask_column, nullptr, "column of the ask price"),
      TF_TEXT_FIELD(P, bid_size_column, nullptr, "column of the bid size; none: sizes are unknown"),
      TF_TEXT_FIELD(P, ask_size_column, nullptr, "column of the ask size"),
      TF_TEXT_FIELD(P, price_column, nullptr, "column of the trade price: rows are trades"),
      TF_TEXT_FIELD(P, size_column, nullptr, "column of the trade size; none: sizes are unknown"),
      TF_TEXT_FIELD(P, side_column, nullptr, "column of the trade's side"),
      TF_TEXT_FIELD(P, side_means, "auto|aggressor|maker|buyer_is_maker",
                    "whose side it is, or a true/false flag; auto: by the column's name, else the aggressor's"),
      TF_TEXT_FIELD(P, buy_words, nullptr, "words for buy, separated by |; upper and lower case are one"),
      TF_TEXT_FIELD(P, sell_words, nullptr, "words for sell"),
      TF_TEXT_FIELD(P, id_column, nullptr, "column of the trade id; a row whose id was seen shortly before is refused"),
      TF_TEXT_FIELD(
          P, flags_column, nullptr,
          "column of tickfold's own flags, as export writes them: each row is that tick, its id the order id"),
      TF_TEXT_FIELD(P, symbol_column, nullptr, "column of the symbol, with `symbol`"),
      TF_TEXT_FIELD(P, symbol, nullptr, "take only rows of this symbol; empty: all rows"),
      TF_TEXT_FIELD(P, one_sided, "no|empty|zero", "a quote side without news is a null, or a price of 0"),
      TF_FIELD(P, price_scale, 0, kAny, "", "prices are multiplied by this"),
      TF_FIELD(P, size_scale, 0, kAny, "", "sizes are multiplied by this"),
      TF_TEXT_FIELD(P, off_grid, "refuse|round", "rows whose price or size is no multiple of the tick or lot size"),
  };
  return table;
}

TableRows::TableRows(const char* name, TableOpener opener, const SourceInput& input, const TableParams& params)
    : name_(name), opener_(std::move(opener)), files_(input.files), params_(params) {
  const auto demand = [&](bool holds, const char* what) {
    if (!holds) throw Error(ErrorKind::config, name_ + " source: " + what);
  };
  demand(!files_.empty(), "no files given");
  demand(input.instrument.tick_size > 0, "the instrument needs a tick_size above 0");
  demand(params_.price_scale > 0 && params_.size_scale > 0, "price_scale and size_scale must be above 0");
  const bool quotes = !params_.bid_column.empty() || !params_.ask_column.empty();
  demand(!(quotes && !params_.price_column.empty()),
         "a row is a quote or a trade: bid_column or ask_column beside price_column");
  demand(!quotes || (!params_.bid_column.empty() && !params_.ask_column.empty()),
         "quotes need bid_column and ask_column");
  demand(params_.bid_size_column.empty() == params_.ask_size_column.empty(),
         "name both bid_size_column and ask_size_column");
  price_grid_ = DoubleGrid(input.instrument.tick_size, params_.price_scale);
  lot_size_ = input.instrument.lot_size;
  if (lot_size_ > 0) size_grid_ = DoubleGrid(lot_size_, params_.size_scale);
  time_.unit = time_unit_named(params_.time_unit);
  local_time_.unit = time_unit_named(params_.local_time_unit);
  for (TimeColumn* column : {&time_, &local_time_}) {
    column->zone = Zone(params_.zone);
    column->order = date_order_named(params_.date_order);
  }
  round_ = params_.off_grid == "round";
}

std::size_t TableRows::next_batch(std::span<Tick> out) {
  const std::size_t count = queue_.next_batch(out, [&] { return next_row(); });
  counts_.ticks += static_cast<int64_t>(count);
  return count;
}

double TableRows::share() const {
  if (!table_) return next_file_ == 0 ? 0 : 1;
  const double rows = static_cast<double>(std::max<int64_t>(1, table_->rows()));
  const double done = static_cast<double>(batch_.first_row + row_) / rows;
  return (static_cast<double>(next_file_ - 1) + done) / static_cast<double>(files_.size());
}

bool TableRows::next_row() {
  for (;;) {
    if (!table_ && !open_table()) return !queue_.empty();  // an event that the last file breaks off
    if (row_ == batch_.rows) {
      row_ = 0;
      batch_.rows = 0;
      if (!table_->next(batch_)) {
        batch_.rows = 0;
        damage_ = table_->damage();
        table_.reset();
      }
      continue;
    }
    ++counts_.rows_read;
    const Reason reason = parse_row();
    if (reason) {
      if (!has(kFlags)) queue_.ticks().clear();
      count_row(counts_.refused, reason, files_[next_file_ - 1], batch_.first_row + row_, example());
    }
    ++row_;
    if (reason) continue;
    ++counts_.rows_stored;
    queue_.ticks().back().flags |= has(kFlags) ? kRowEnd : kFlagLast | kRowEnd;
    // Rows that are single ticks: an event goes on to its last one.
    if (has(kFlags) && !(queue_.ticks().back().flags & kFlagLast) &&
        static_cast<int64_t>(queue_.size()) < kMostEventRows)
      continue;
    return true;
  }
}

bool TableRows::open_table() {
  if (next_file_ == files_.size() || !damage_.empty()) return false;
  table_ = opener_(files_[next_file_++], params_.table);
  batch_ = {};
  row_ = 0;
  find_columns();
  return true;
}

// Fills in the columns by their usual names; says what was taken.
std::string TableRows::guess_columns() {
  const std::vector<ForeignColumn>& there = table_->columns();
  std::string taken;
  const auto guess = [&](Role role) {
    Column& column = columns_[role];
    if (column.used || !(params_.*kSpecs[role]).empty()) return;
    const auto place = find(there, kUsual[role]);
    if (!place) return;
    column.used = true;
    column.place = *place;
    taken += (taken.empty() ? "" : ", ") + std::string(kRoleNames[role]) + " = " + there[*place].name;
  };
  guess(kTime);
  const bool said = !params_.bid_column.empty() || !params_.price_column.empty();
  if (said) return taken;
  guess(kLocalTime);
  if (find(there, "exch_ts") && find(there, "local_ts") && find(there, "px") && find(there, "flags")) {
    for (const Role role : {kPrice, kSize, kFlags}) guess(role);
    if (const auto id = find(there, "order_id")) {
      columns_[kId].used = true;
      columns_[kId].place = *id;
      taken += ", id = order_id";
    }
    return taken;
  }
  const bool quotes = find(there, kUsual[kBid]) && find(there, kUsual[kAsk]);
  if (quotes) {
    for (const Role role : {kBid, kAsk, kBidSize, kAskSize}) guess(role);
    if (columns_[kBidSize].used != columns_[kAskSize].used) columns_[kBidSize].used = columns_[kAskSize].used = false;
  } else {
    for (const Role role : {kPrice, kSize, kSide, kId}) guess(role);
  }
  return taken;
}

void TableRows::find_columns() {
  const std::vector<ForeignColumn>& there = table_->columns();
  const std::string& file = files_[next_file_ - 1];
  std::string list;
  for (const ForeignColumn& column : there) list += (list.empty() ? "" : ", ") + printable(column.name, 40);
  for (int role = 0; role < kRoles; ++role) {
    Column& column = columns_[role];
    column = {};
    const std::string& spec = params_.*kSpecs[role];
    if (spec.empty() || spec == "-" || (role == kSymbol && params_.symbol.empty())) continue;
    const auto place = find(there, spec);
    if (!place) throw Error(ErrorKind::config, file + ": no column '" + spec + "'; there is: " + list);
    column.used = true;
    column.place = *place;
  }
  if (!params_.symbol.empty() && !has(kSymbol)) {
    const auto place = find(there, kUsual[kSymbol]);
    if (!place) throw Error(ErrorKind::config, file + ": symbol needs symbol_column; there is: " + list);
    columns_[kSymbol].used = true;
    columns_[kSymbol].place = *place;
  }
  const std::string guessed = guess_columns();
  if (!guessed.empty()) count_row(counts_.noted, "columns by their usual names: " + guessed, file, 0, list);
  if (!has(kTime))
    throw Error(ErrorKind::config, file + ": no column of usual name has the time: say time_column; there is: " + list);
  if (!has(kPrice) && !(has(kBid) && has(kAsk)))
    throw Error(ErrorKind::config,
                file + ": say bid_column and ask_column (quotes) or price_column (trades); " + "there is: " + list);
  if ((has(kSize) || has(kBidSize)) && !(lot_size_ > 0))
    throw Error(ErrorKind::config, name_ + " source: the table has sizes, so the instrument needs a lot_size above 0");

  std::vector<std::size_t> selected;
  for (Column& column : columns_) {
    if (!column.used) continue;
    column.about = there[column.place];
    const auto at = std::find(selected.begin(), selected.end(), column.place);
    const auto place = static_cast<std::size_t>(at - selected.begin());
    if (at == selected.end()) selected.push_back(column.place);
    column.place = place;
  }
  if (params_.side_means == "auto" && has(kSide)) {
    const bool flag = any_word("is_buyer_maker|isbuyermaker|m|buyer_maker",
                               [&](std::string_view word) { return same_word(columns_[kSide].about.name, word); });
    if (flag) count_row(counts_.noted, "side column is a flag: buyer is maker", file, 0, columns_[kSide].about.name);
    params_.side_means = flag ? "buyer_is_maker" : "aggressor";
  }
  table_->select(selected);
}

bool TableRows::missing(Role role) const {
  const ForeignValues& column = values(role);
  const auto row = static_cast<std::size_t>(row_);
  if (!column.missing.empty() && column.missing[row]) return true;
  if (const auto* texts = std::get_if<std::vector<std::string>>(&column.values)) return (*texts)[row].empty();
  if (const auto* reals = std::get_if<std::vector<double>>(&column.values)) return std::isnan((*reals)[row]);
  return false;
}

std::string TableRows::text(Role role) const {
  const auto row = static_cast<std::size_t>(row_);
  if (missing(role)) return {};
  return std::visit(
      [&](const auto& column) -> std::string {
        using T = typename std::decay_t<decltype(column)>::value_type;
        if constexpr (std::is_same_v<T, std::string>) return column[row];
        if constexpr (std::is_same_v<T, double>) return text_of(column[row]);
        if constexpr (std::is_integral_v<T>) return std::to_string(column[row]);
      },
      values(role).values);
}

std::string TableRows::example() const {
  std::string all;
  for (int role = 0; role < kRoles && all.size() < 120; ++role)
    if (columns_[role].used)
      all += (all.empty() ? "" : " ") + std::string(kRoleNames[role]) + "=" + text(static_cast<Role>(role));
  return printable(all, 120);
}

TableRows::Reason TableRows::parse_row() {
  if (has(kSymbol) && text(kSymbol) != params_.symbol) return "other symbol";
  Tick tick;
  if (const Reason reason = time(kTime, time_, tick.exch_ts)) return reason;
  tick.local_ts = tick.exch_ts;
  if (has(kLocalTime))
    if (const Reason reason = time(kLocalTime, local_time_, tick.local_ts)) return reason;
  if (has(kFlags)) return parse_tick(tick);
  return has(kPrice) ? parse_trade(tick) : parse_quote(tick);
}

TableRows::Reason TableRows::parse_tick(Tick tick) {
  if (missing(kFlags)) return "empty cell";
  const std::string flags = text(kFlags), id = has(kId) ? text(kId) : std::string();
  const auto whole = [](const std::string& digits, auto& value) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size();
  };
  if (!whole(flags, tick.flags) || (tick.flags & kRowEnd)) return "bad flags";
  if (!id.empty() && !whole(id, tick.order_id)) return "bad order id";
  if (const Reason reason = steps(kPrice, price_grid_, "price off the tick grid", tick.px)) return reason;
  if (const Reason reason = size_of(kSize, tick.qty)) return reason;
  queue_.push(tick);
  return nullptr;
}

TableRows::Reason TableRows::time(Role role, TimeColumn& how, int64_t& ns) {
  if (missing(role)) return "no time";
  const auto row = static_cast<std::size_t>(row_);
  const ForeignColumn& about = columns_[role].about;
  if (about.type == ForeignColumn::Type::time_ns) {
    ns = std::get<std::vector<int64_t>>(values(role).values)[row];
    return ns < 0 || ns > kLatest ? "time out of range" : nullptr;
  }
  std::string written;
  if (const auto* whole = std::get_if<std::vector<int64_t>>(&values(role).values); whole && about.decimal_places <= 0) {
    // Nanoseconds, the usual thing, the short way.
    const int64_t value = (*whole)[row];
    if (how.unit == TimeUnit::ns || (how.unit == TimeUnit::automatic && value >= 100'000'000'000'000'000)) {
      ns = value;
      return ns < 0 || ns > kLatest ? "time out of range" : nullptr;
    }
  }
  written = text(role);
  if (about.decimal_places > 0) written += "e-" + std::to_string(about.decimal_places);
  Decimal number;
  how.format = about.type == ForeignColumn::Type::text && parse_decimal(written, number) == ParseState::bad
                   ? TimeFormat::datetime
                   : TimeFormat::epoch;
  return reason_of(how.parse(written, {}, ns));
}

TableRows::Reason TableRows::steps(Role role, const DoubleGrid& grid, Reason off, int64_t& steps) {
  if (missing(role)) return "empty cell";
  const auto row = static_cast<std::size_t>(row_);
  const ForeignValues& column = values(role);
  const int places = std::max(0, columns_[role].about.decimal_places);
  GridState state = GridState::off;
  if (const auto* reals = std::get_if<std::vector<double>>(&column.values)) {
    state = grid.steps((*reals)[row], steps);
  } else if (const auto* whole = std::get_if<std::vector<int64_t>>(&column.values)) {
    state = grid.grid().steps({(*whole)[row], -places}, steps);
  } else if (const auto* natural = std::get_if<std::vector<uint64_t>>(&column.values)) {
    if ((*natural)[row] > INT64_MAX) return "number out of range";
    state = grid.grid().steps({static_cast<int64_t>((*natural)[row]), -places}, steps);
  } else {
    Decimal value;
    const ParseState parsed = parse_decimal(std::get<std::vector<std::string>>(column.values)[row], value);
    if (parsed != ParseState::good) return parsed == ParseState::bad ? "bad number" : "number out of range";
    state = grid.grid().steps(value, steps);
  }
  return reason_of(state, round_, off);
}

TableRows::Reason TableRows::size_of(Role role, int64_t& qty) {
  if (!has(role)) return nullptr;
  if (const Reason reason = steps(role, size_grid_, "size off the lot grid", qty)) return reason;
  return qty < 0 ? "negative size" : nullptr;
}

TableRows::Reason TableRows::parse_side(Role price, Role size, QuoteSide& side) {
  if (params_.one_sided != "no" && missing(price)) {
    side.news = false;
    return nullptr;
  }
  if (const Reason reason = steps(price, price_grid_, "price off the tick grid", side.px)) return reason;
  if (params_.one_sided == "zero" && side.px == 0) {
    side.news = false;
    return nullptr;
  }
  return size_of(size, side.qty);
}

TableRows::Reason TableRows::parse_quote(Tick tick) {
  QuoteSide bid, ask;
  if (const Reason reason = parse_side(kBid, kBidSize, bid)) return reason;
  if (const Reason reason = parse_side(kAsk, kAskSize, ask)) return reason;
  if (!bid.news && !ask.news) return "no price on either side";
  const uint32_t size_flag = has(kBidSize) ? 0 : kFlagNoSize;
  for (const auto& [side, kind] : {std::pair(bid, TickKind::best_bid), std::pair(ask, TickKind::best_ask)}) {
    if (!side.news) continue;
    tick.px = side.px;
    tick.qty = side.qty;
    tick.flags = static_cast<uint32_t>(kind) | size_flag;
    queue_.push(tick);
  }
  return nullptr;
}

TableRows::Reason TableRows::parse_trade(Tick tick) {
  tick.flags = static_cast<uint32_t>(TickKind::trade) | (has(kSize) ? 0 : kFlagNoSize);
  if (const Reason reason = steps(kPrice, price_grid_, "price off the tick grid", tick.px)) return reason;
  if (const Reason reason = size_of(kSize, tick.qty)) return reason;
  if (has(kSide))
    if (const Reason reason = aggressor(tick.flags)) return reason;
  if (has(kId) && !missing(kId)) {
    const std::string id = text(kId);
    if (ids_.seen(id)) return "repeated trade id";
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), tick.order_id);
    if (error != std::errc() || end != id.data() + id.size()) tick.order_id = 0;
  }
  queue_.push(tick);
  return nullptr;
}

TableRows::Reason TableRows::aggressor(uint32_t& flags) {
  std::string word = text(kSide);
  if (word.ends_with(".0")) word.resize(word.size() - 2);
  // A flag that is not about the maker says that the buyer was the aggressor.
  if (columns_[kSide].about.type == ForeignColumn::Type::boolean && word == "0") word = "-1";
  const auto is = [&](std::string_view words) {
    return any_word(words, [&](std::string_view one) { return same_word(word, one); });
  };
  if (params_.side_means == "buyer_is_maker") {
    if (!is("true|1|t|false|0|f|-1")) return "bad side";
    flags |= is("true|1|t") ? kFlagSell : kFlagBuy;
    return nullptr;
  }
  const bool maker = params_.side_means == "maker";
  if (is(params_.buy_words)) {
    flags |= maker ? kFlagSell : kFlagBuy;
  } else if (is(params_.sell_words)) {
    flags |= maker ? kFlagBuy : kFlagSell;
  } else if (!is("|unknown|none|n|null|0")) {
    return "bad side";
  }
  return nullptr;
}

}  // namespace tf::data
