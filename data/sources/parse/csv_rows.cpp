#include "data/sources/parse/csv_rows.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>

#include "cuda/base/error.hpp"
#include "data/sources/parse/csv_passes.hpp"
#include "data/sources/parse/recent_ids.hpp"
#include "data/sources/source.hpp"

namespace tf::data {
namespace {

constexpr uint32_t flag(TickKind kind) { return static_cast<uint32_t>(kind); }

TimeFormat format_of(const std::string& name) {
  return name == "epoch"            ? TimeFormat::epoch
         : name == "ms_of_day"      ? TimeFormat::ms_of_day
         : name == "seconds_of_day" ? TimeFormat::seconds_of_day
         : name == "clock"          ? TimeFormat::clock
                                    : TimeFormat::datetime;
}

RowKind kind_of(const std::string& name) {
  return name == "trades"   ? RowKind::trades
         : name == "mixed"  ? RowKind::mixed
         : name == "levels" ? RowKind::levels
         : name == "book"   ? RowKind::book
         : name == "orders" ? RowKind::orders
         : name == "ticks"  ? RowKind::ticks
                            : RowKind::quotes;
}

}  // namespace

CsvPlan::CsvPlan(const CsvParams& params, const Instrument& instrument)
    : full(params), kind(kind_of(params.rows)), price_grid() {
  if (!(instrument.tick_size > 0))
    throw Error(ErrorKind::config, "csv source: the instrument needs a tick_size above 0");
  price_grid = Grid(instrument.tick_size, full.price_scale);
  sizes = !full.bid_size_column.empty() || !full.size_column.empty() || kind == RowKind::book;
  if (kind == RowKind::mixed && !(instrument.lot_size > 0)) sizes = false;
  if (sizes && !(instrument.lot_size > 0))
    throw Error(ErrorKind::config, "csv source: the file has sizes, so the instrument needs a lot_size above 0");
  if (sizes) size_grid = Grid(instrument.lot_size, full.size_scale);

  time.format = format_of(full.time_format);
  time.unit = time_unit_named(full.time_unit);
  time.order = date_order_named(full.date_order);
  time.zone = Zone(full.zone);
  local_time.unit = time_unit_named(full.local_time_unit);
  needs_keys = kind == RowKind::trades ? !full.id_column.empty() : kind != RowKind::quotes;
}

RowParser::RowParser(const CsvPlan& plan)
    : plan_(plan),
      time_(plan.time),
      local_time_(plan.local_time),
      conditions_(plan.full.auction_words, plan.full.irregular_words),
      side_means_(plan.full.side_means == "maker"            ? SideMeans::maker
                  : plan.full.side_means == "buyer_is_maker" ? SideMeans::buyer_is_maker
                                                             : SideMeans::aggressor),
      one_sided_(plan.full.one_sided == "empty"  ? OneSided::empty
                 : plan.full.one_sided == "zero" ? OneSided::zero
                 : plan.full.one_sided == "gone" ? OneSided::gone
                                                 : OneSided::no),
      round_(plan.full.off_grid == "round"),
      comma_(plan.full.decimal == "comma"),
      flagged_(!plan.full.irregular_column.empty() || !plan.full.condition_column.empty()) {
  const int buy = kFlagBuy, sell = kFlagSell;
  if (side_means_ == SideMeans::buyer_is_maker) {
    sides_.add("true|1", sell);
    sides_.add("false|0", buy);
  } else {
    const bool maker = side_means_ == SideMeans::maker;
    sides_.add(plan.full.buy_words, maker ? sell : buy);
    sides_.add(plan.full.sell_words, maker ? buy : sell);
    sides_.add("|unknown|none|n|null", 0);
  }
  snapshots_.add(plan.full.snapshot_words, kFlagSnapshot);
  actions_.add("created|add|new|insert", static_cast<int>(TickKind::order_add));
  actions_.add("changed|change|modify|update", static_cast<int>(TickKind::order_modify));
  actions_.add("deleted|delete|cancel|remove", static_cast<int>(TickKind::order_cancel));
}

void RowParser::parse(const CsvBlock& block, CsvTicks& out) {
  out.clear();
  if (!block.member) return;
  columns_ = &block.member->columns;
  if (block.member->day) time_.set_day(*block.member->day);
  switch (plan_.kind) {
    case RowKind::quotes:
      return parse_rows<RowKind::quotes>(block, out);
    case RowKind::trades:
      return parse_rows<RowKind::trades>(block, out);
    case RowKind::mixed:
      return parse_rows<RowKind::mixed>(block, out);
    case RowKind::levels:
      return parse_rows<RowKind::levels>(block, out);
    case RowKind::book:
      return parse_rows<RowKind::book>(block, out);
    case RowKind::orders:
      return parse_rows<RowKind::orders>(block, out);
    case RowKind::ticks:
      return parse_rows<RowKind::ticks>(block, out);
  }
}

template <RowKind kKind>
void RowParser::parse_rows(const CsvBlock& block, CsvTicks& out) {
  const std::string_view text = block.text();
  find_marks(text, columns_->delimiter, marks_);
  const std::string& comment = plan_.full.comment;
  const std::string& trailer = plan_.full.trailer;
  std::size_t first_mark = 0;
  uint32_t from = 0;
  const auto refuse = [&](Reason reason, uint32_t line, uint32_t offset) {
    for (CsvTicks::Refused& known : out.refused)
      if (std::strcmp(known.reason, reason) == 0) {
        ++known.rows;
        return;
      }
    out.refused.push_back({reason, 1, line, offset});
  };
  for (std::size_t number = 0; number < marks_.rows; ++number) {
    const std::size_t last = marks_.row_ends[number];
    const uint32_t newline = marks_.marks[last];
    const uint32_t end = newline > from && text[newline - 1] == '\r' ? newline - 1 : newline;
    marks_.marks[last] = end;
    CsvRow row{text.data(), marks_.marks.data() + first_mark, from, static_cast<int>(last - first_mark) + 1};
    const std::string_view line = text.substr(from, end - from);
    const uint32_t offset = from;
    first_mark = last + 1;
    from = newline + 1;
    if (line.empty() || (!comment.empty() && line.starts_with(comment)) ||
        (!trailer.empty() && line.starts_with(trailer)))
      continue;
    ++out.rows_read;
    key_.line = static_cast<uint32_t>(number);
    key_.offset = offset;
    if (marks_.quotes && std::memchr(line.data(), '"', line.size())) row = quoted_.split(line, columns_->delimiter);
    const std::size_t before = out.ticks.size();
    Reason reason = nullptr;
    if (block.too_long) {
      reason = "line too long";
    } else if (block.unfinished && !block.damage.empty() && number + 1 == marks_.rows) {
      reason = "truncated input";
    } else {
      reason = parse_row<kKind>(row, out);
    }
    if (reason) {
      out.ticks.resize(before);
      refuse(reason, key_.line, offset);
      continue;
    }
    ++out.rows_stored;
    out.ticks.back().flags |= kRowEnd;
    if (plan_.needs_keys) push_key(row, out.ticks.size() - before, out);
  }
  out.lines = static_cast<int64_t>(marks_.rows);
}

void RowParser::push_key(const CsvRow& row, std::size_t ticks, CsvTicks& out) {
  const std::string_view id = cell(row, plan_.kind == RowKind::levels ? Cell::event : Cell::id);
  key_.ticks = static_cast<uint32_t>(ticks);
  key_.has_id = !id.empty();
  key_.id = id.empty() ? 0 : id_key(id);
  if (plan_.kind == RowKind::levels) {
    const std::string_view previous = cell(row, Cell::previous);
    key_.has_previous = !previous.empty();
    key_.previous = previous.empty() ? 0 : id_key(previous);
  } else if (key_.has_id && !(key_.id & kNoNumber)) {
    for (std::size_t tick = out.ticks.size() - ticks; tick < out.ticks.size(); ++tick)
      out.ticks[tick].order_id = key_.id;
  } else if (plan_.kind == RowKind::orders) {
    out.ticks.back().order_id = key_.id;
  }
  out.keys.push_back(key_);
}

template <RowKind kKind>
Reason RowParser::parse_row(const CsvRow& row, CsvTicks& out) {
  if (row.cells < columns_->needed) return "missing column";
  if (has(Cell::symbol) && cell(row, Cell::symbol) != plan_.full.symbol) return "other symbol";
  Tick base;
  const std::string_view date = has(Cell::date) ? cell(row, Cell::date) : std::string_view();
  if (const Reason reason = time(time_, cell(row, Cell::time), date, base.exch_ts)) return reason;
  base.local_ts = base.exch_ts;
  if (has(Cell::local_time))
    if (const Reason reason = time(local_time_, cell(row, Cell::local_time), {}, base.local_ts)) return reason;
  switch (kKind) {
    case RowKind::quotes:
      return quote(row, base, out);
    case RowKind::trades:
      return trade(row, base, out);
    case RowKind::mixed:
      return mixed(row, base, out);
    case RowKind::levels:
      return level(row, base, out);
    case RowKind::book:
      return book(row, base, out);
    case RowKind::orders:
      return order(row, base, out);
    case RowKind::ticks:
      return own_tick(row, base, out);
  }
  return nullptr;
}

inline ParseState RowParser::decimal(std::string_view text, Decimal& value) {
  if (!comma_) return read_decimal(text, value);
  scratch_ = text;
  if (text.find('.') != text.npos) return ParseState::bad;
  std::replace(scratch_.begin(), scratch_.end(), ',', '.');
  return parse_any_decimal(scratch_, value);
}

inline Reason RowParser::time(TimeColumn& column, std::string_view text, std::string_view date, int64_t& ns) {
  TimeState state;
  if (column.format == TimeFormat::clock || column.format == TimeFormat::datetime) {
    state = column.parse(text, date, ns);
  } else {
    Decimal value;
    const ParseState read = decimal(text, value);
    state = read == ParseState::good  ? column.from_number(value, date, ns)
            : read == ParseState::bad ? TimeState::bad
                                      : TimeState::out_of_range;
  }
  return reason_of(state);
}

// A decimal cell in steps of a grid.
inline Reason RowParser::steps(std::string_view text, const Grid& grid, Reason off, int64_t& steps) {
  Decimal value;
  switch (decimal(text, value)) {
    case ParseState::good:
      break;
    case ParseState::bad:
      return text.empty() ? "empty cell" : "bad number";
    case ParseState::out_of_range:
      return "number out of range";
  }
  return reason_of(grid.steps(value, steps), round_, off);
}
inline Reason RowParser::price(std::string_view text, int64_t& px) {
  return steps(text, plan_.price_grid, "price off the tick grid", px);
}
inline Reason RowParser::size(std::string_view text, int64_t& qty) {
  if (const Reason reason = steps(text, plan_.size_grid, "size off the lot grid", qty)) return reason;
  return qty < 0 ? "negative size" : nullptr;
}

inline Reason RowParser::quote_side(const CsvRow& row, Cell price_cell, Cell size_cell, QuoteSide& side) {
  const std::string_view text = cell(row, price_cell);
  if (one_sided_ != OneSided::no && text.empty()) {
    side.news = side.gone = one_sided_ == OneSided::gone;
    return nullptr;
  }
  if (const Reason reason = price(text, side.px)) return reason;
  if (side.px == 0 && (one_sided_ == OneSided::zero || one_sided_ == OneSided::gone)) {
    side.news = side.gone = one_sided_ == OneSided::gone;
    return nullptr;
  }
  return plan_.sizes && has(size_cell) ? size(cell(row, size_cell), side.qty) : nullptr;
}

bool RowParser::irregular(const CsvRow& row) {
  const std::string_view text = cell(row, Cell::irregular);
  return !text.empty() && text != "0" && text != "false" && text != "False";
}

Reason RowParser::quote(const CsvRow& row, const Tick& base, CsvTicks& out) {
  QuoteSide bid, ask;
  if (const Reason reason = quote_side(row, Cell::bid, Cell::bid_size, bid)) return reason;
  if (const Reason reason = quote_side(row, Cell::ask, Cell::ask_size, ask)) return reason;
  if (!bid.news && !ask.news) return "no price on either side";
  const bool sized = plan_.sizes && has(Cell::bid_size);
  const uint32_t more = (sized ? 0 : kFlagNoSize) | (flagged_ && irregular(row) ? kFlagIrregular : 0);
  const auto push = [&](const QuoteSide& side, TickKind kind, uint32_t which, uint32_t last) {
    const uint32_t flags = side.gone ? flag(TickKind::clear) | which : flag(kind) | more;
    out.ticks.push_back({base.exch_ts, base.local_ts, side.px, side.qty, 0, flags | last});
  };
  if (bid.news) push(bid, TickKind::best_bid, kFlagBuy, ask.news ? 0 : kFlagLast);
  if (ask.news) push(ask, TickKind::best_ask, kFlagSell, kFlagLast);
  return nullptr;
}

Reason RowParser::aggressor(std::string_view word, uint32_t& flags) {
  const int means = sides_.find(word);
  if (means == WordTable::kUnknown) return "bad side";
  flags |= static_cast<uint32_t>(means);
  return nullptr;
}

// A tick as `export` wrote it.
Reason RowParser::own_tick(const CsvRow& row, const Tick& base, CsvTicks& out) {
  Tick tick = base;
  const auto whole = [](std::string_view digits, auto& value) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size();
  };
  if (!whole(cell(row, Cell::flags), tick.flags) || (tick.flags & kRowEnd)) return "bad flags";
  if (has(Cell::id) && !whole(cell(row, Cell::id), tick.order_id)) return "bad order id";
  if (const Reason reason = price(cell(row, Cell::price), tick.px)) return reason;
  if (has(Cell::size))
    if (const Reason reason = size(cell(row, Cell::size), tick.qty)) return reason;
  out.ticks.push_back(tick);
  return nullptr;
}

Reason RowParser::trade(const CsvRow& row, const Tick& base, CsvTicks& out) {
  Tick tick{base.exch_ts, base.local_ts, 0, 0, 0, flag(TickKind::trade) | kFlagLast};
  if (const Reason reason = price(cell(row, Cell::price), tick.px)) return reason;
  if (!plan_.sizes || !has(Cell::size)) {
    tick.flags |= kFlagNoSize;
  } else if (const Reason reason = size(cell(row, Cell::size), tick.qty)) {
    return reason;
  }
  if (has(Cell::side))
    if (const Reason reason = aggressor(cell(row, Cell::side), tick.flags)) return reason;
  if (flagged_) {
    tick.flags |= conditions_.flags(cell(row, Cell::condition));
    if (irregular(row)) tick.flags |= kFlagIrregular;
  }
  out.ticks.push_back(tick);
  return nullptr;
}

// MetaTrader: bid, ask and last price, each only where it has changed. A trade where the flags say so (8 last, 16
// volume, 32 buy, 64 sell); without flags where there is a last price. A trade without a price has that of the trade
// before: the pass fills it in.
Reason RowParser::mixed(const CsvRow& row, const Tick& base, CsvTicks& out) {
  constexpr int64_t kLast = 8, kVolume = 16, kBuy = 32, kSell = 64;
  int64_t flags = 0;
  const std::string_view flag_cell = cell(row, Cell::flags);
  if (!flag_cell.empty()) {
    Decimal value;
    if (decimal(flag_cell, value) != ParseState::good || value.exponent != 0) return "bad flags";
    flags = value.mantissa;
  }
  const auto side = [&](Cell which, TickKind kind, uint32_t more) -> Reason {
    const std::string_view text = cell(row, which);
    if (text.empty()) return nullptr;
    int64_t px;
    if (const Reason reason = price(text, px)) return reason;
    if (px != 0) out.ticks.push_back({base.exch_ts, base.local_ts, px, 0, 0, flag(kind) | kFlagNoSize | more});
    return nullptr;
  };
  const std::size_t before = out.ticks.size();
  if (const Reason reason = side(Cell::bid, TickKind::best_bid, 0)) return reason;
  if (const Reason reason = side(Cell::ask, TickKind::best_ask, 0)) return reason;
  if (out.ticks.size() > before) out.ticks.back().flags |= kFlagLast;

  Tick trade{base.exch_ts, base.local_ts, 0, 0, 0, flag(TickKind::trade) | kFlagLast};
  const std::string_view last = cell(row, Cell::price), volume = cell(row, Cell::size);
  if (!last.empty())
    if (const Reason reason = price(last, trade.px)) return reason;
  const bool traded = flag_cell.empty() ? trade.px != 0 : (flags & (kLast | kVolume | kBuy | kSell)) != 0;
  if (traded) {
    if (trade.px == 0) trade.px = MixedPass::kAsBefore;
    if (!plan_.sizes || volume.empty()) {
      trade.flags |= kFlagNoSize;
    } else if (const Reason reason = size(volume, trade.qty)) {
      return reason;
    }
    if ((flags & kBuy) && !(flags & kSell)) trade.flags |= kFlagBuy;
    if ((flags & kSell) && !(flags & kBuy)) trade.flags |= kFlagSell;
    out.ticks.push_back(trade);
  }
  return out.ticks.size() == before ? "no price on either side" : nullptr;
}

Reason RowParser::level(const CsvRow& row, const Tick& base, CsvTicks& out) {
  Tick tick{base.exch_ts, base.local_ts, 0, 0, 0, 0};
  if (const Reason reason = book_side(cell(row, Cell::side), tick.flags)) return reason;
  tick.flags = flag(tick.flags & kFlagBuy ? TickKind::depth_bid : TickKind::depth_ask);
  if (const Reason reason = price(cell(row, Cell::price), tick.px)) return reason;
  if (const Reason reason = size(cell(row, Cell::size), tick.qty)) return reason;
  if (has(Cell::snapshot) && snapshots_.find(cell(row, Cell::snapshot)) != WordTable::kUnknown)
    tick.flags |= kFlagSnapshot;
  out.ticks.push_back(tick);
  return nullptr;
}

Reason RowParser::book_side(std::string_view word, uint32_t& flags) {
  const Reason reason = aggressor(word, flags);
  return reason || (flags & (kFlagBuy | kFlagSell)) ? reason : "bad side";
}

// A clear that carries the times, then every level there is.
Reason RowParser::book(const CsvRow& row, const Tick& base, CsvTicks& out) {
  out.ticks.push_back({base.exch_ts, base.local_ts, 0, 0, 0, flag(TickKind::clear)});
  const auto one = [&](int price_column, int size_column, TickKind kind) -> Reason {
    Tick tick{base.exch_ts, base.local_ts, 0, 0, 0, flag(kind)};
    if (row[price_column].empty()) return nullptr;
    if (const Reason reason = price(row[price_column], tick.px)) return reason;
    if (const Reason reason = size(row[size_column], tick.qty)) return reason;
    if (tick.qty > 0) out.ticks.push_back(tick);
    return nullptr;
  };
  for (const LevelColumns& level : columns_->levels) {
    if (const Reason reason = one(level.bid, level.bid_size, TickKind::depth_bid)) return reason;
    if (const Reason reason = one(level.ask, level.ask_size, TickKind::depth_ask)) return reason;
  }
  return nullptr;
}

Reason RowParser::order(const CsvRow& row, const Tick& base, CsvTicks& out) {
  Tick tick{base.exch_ts, base.local_ts, 0, 0, 0, kFlagLast};
  const int action = actions_.find(cell(row, Cell::action));
  if (action == WordTable::kUnknown) return "bad action";
  tick.flags |= static_cast<uint32_t>(action);
  if (const Reason reason = book_side(cell(row, Cell::side), tick.flags)) return reason;
  if (const Reason reason = price(cell(row, Cell::price), tick.px)) return reason;
  if (const Reason reason = size(cell(row, Cell::size), tick.qty)) return reason;
  if (cell(row, Cell::id).empty()) return "empty cell";
  out.ticks.push_back(tick);
  return nullptr;
}

}  // namespace tf::data
