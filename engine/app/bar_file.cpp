#include "engine/app/bar_file.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "cuda/base/error.hpp"

namespace tf::app {

using series::BarColumn;

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Letters and digits alone, in lower case: "Buy Volume" and <buy_volume> are one name.
std::string plain(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z')
      letters += static_cast<char>(c - 'A' + 'a');
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      letters += c;
  }
  return letters;
}

bool is_time_name(const std::string& name) {
  return name == "time" || name == "timestamp" || name == "datetime" || name == "opentime" || name == "knowntime";
}

/// Made of the time column where the file has no such column.
bool is_clock(BarColumn column) {
  return column == BarColumn::clock_ns || column == BarColumn::since_open_ns || column == BarColumn::to_close_ns ||
         column == BarColumn::weekday;
}

/// The close where the file has no such column.
bool is_price(BarColumn column) {
  return column == BarColumn::open || column == BarColumn::high || column == BarColumn::low;
}

double clock_value(BarColumn column, int64_t ns) {
  const Day day = day_of(ns);
  const int64_t since = ns - day.start_ns();
  if (column == BarColumn::weekday) return (day.days + 3) % 7;  // 1970-01-01 was a Thursday
  return static_cast<double>(column == BarColumn::to_close_ns ? kDay - since : since);
}

}  // namespace

series::BarRows BarPiece::view() const {
  series::BarRows view;
  for (int at = 0; at < series::kBarColumns; ++at)
    if (!column[at].empty()) view.column[at] = column[at].data();
  view.rows = rows;
  return view;
}

std::string_view BarPiece::time(int64_t row) const {
  const std::size_t from = row ? time_end[static_cast<std::size_t>(row - 1)] : 0;
  return std::string_view(time_text).substr(from, time_end[static_cast<std::size_t>(row)] - from);
}

BarFile::BarFile(const std::string& path) : file_(path) {
  std::fill(std::begin(at_), std::end(at_), -1);
  if (!file_.next_member()) throw Error(ErrorKind::bad_data, path + ": holds nothing: expected a header and rows");
  data::expect_text(file_);
  lines_.start(file_);
  std::string_view line;
  if (!next_line(line)) throw Error(ErrorKind::bad_data, path + ": is empty: expected a header and rows");
  read_header(line);
}

void BarFile::fail(const std::string& problem, int column) const {
  std::string place = file_.where() + ":" + std::to_string(lines_.number());
  if (column >= 0) place += ", column " + names_[static_cast<std::size_t>(column)];
  throw Error(ErrorKind::bad_data, place + ": " + problem);
}

bool BarFile::next_line(std::string_view& line) {
  if (ended_) return false;
  while (lines_.next(line)) {
    if (lines_.too_long()) fail("the line is longer than a mebibyte");
    if (!trimmed(line).empty()) return true;
  }
  if (const std::string damage = file_.damage(); !damage.empty()) throw Error(ErrorKind::bad_data, damage);
  ended_ = true;
  const std::string member = file_.where();
  if (file_.next_member())
    throw Error(ErrorKind::bad_data,
                file_.path() + ": holds more than one file (" + member + ", " + file_.where() + "): expected one");
  return false;
}

void BarFile::cut(std::string_view line) {
  const int room = static_cast<int>(cells_.size());
  cell_count_ = line.find('"') == std::string_view::npos
                    ? data::split_plain(line, delimiter_, cells_.data(), room)
                    : data::split_quoted(line, delimiter_, cells_.data(), room, unquoted_);
}

void BarFile::read_header(std::string_view line) {
  const auto marks = [&](char mark) { return std::count(line.begin(), line.end(), mark); };
  for (const char mark : {';', '\t'})
    if (marks(mark) > marks(delimiter_)) delimiter_ = mark;
  cells_.resize(static_cast<std::size_t>(marks(delimiter_)) + 1);
  cut(line);
  for (int cell = 0; cell < cell_count_; ++cell) names_.emplace_back(trimmed(cells_[static_cast<std::size_t>(cell)]));
  // One more cell than the header: a row that has it is too long.
  cells_.resize(names_.size() + 1);

  const auto take = [&](int& at, int cell) {
    if (at >= 0) fail("stands twice in the header", cell);
    at = cell;
  };
  for (int cell = 0; cell < static_cast<int>(names_.size()); ++cell) {
    const std::string name = plain(names_[static_cast<std::size_t>(cell)]);
    if (is_time_name(name)) take(time_at_, cell);
    if (name == "date") take(date_at_, cell);
    for (int column = 0; column < series::kBarColumns; ++column)
      if (name == plain(series::column_name(static_cast<BarColumn>(column)))) take(at_[column], cell);
  }
  if (at_[static_cast<int>(BarColumn::close)] < 0) {
    std::string known = "time or date";
    for (int column = 0; column < series::kBarColumns; ++column)
      known += std::string(", ") + series::column_name(static_cast<BarColumn>(column));
    fail("the header names no column `close`; it reads: " + header() + "; known are: " + known);
  }
  if (time_at_ < 0) std::swap(time_at_, date_at_);
}

bool BarFile::has(BarColumn column) const {
  return at_[static_cast<int>(column)] >= 0 || is_price(column) || (is_clock(column) && has_time());
}

std::string BarFile::header() const {
  std::string text;
  for (const std::string& name : names_) text += (text.empty() ? "" : ", ") + name;
  return text;
}

double BarFile::number(int column) const {
  const std::string_view cell = trimmed(cells_[static_cast<std::size_t>(column)]);
  const char* from = cell.data();
  const char* const end = from + cell.size();
  if (cell.size() > 1 && *from == '+' && from[1] != '-') ++from;
  double value = 0;
  const auto [stop, failure] = std::from_chars(from, end, value);
  if (stop != end || failure == std::errc::invalid_argument || from == end)
    fail(cell.empty() ? "the cell is empty: expected a number" : "\"" + std::string(cell) + "\" is no number", column);
  if (failure != std::errc{} || !std::isfinite(value))
    fail("\"" + std::string(cell) + "\" is no finite number", column);
  return value;
}

int64_t BarFile::time_ns(std::string_view text, std::string_view date) {
  using data::TimeFormat;
  int64_t ns = 0;
  data::TimeState state = data::TimeState::bad;
  if (!date.empty()) {
    time_column_.format = TimeFormat::clock;
    state = time_column_.parse(text, date, ns);
  } else if (text.size() == 8 || (text.size() == 10 && text.find_first_of("-./") != std::string_view::npos)) {
    // A date alone: also of eight digits, which as seconds would lie before 1973.
    if (const auto day = data::parse_date(text, data::DateOrder::ymd)) {
      ns = day->start_ns();
      state = ns < 0 ? data::TimeState::out_of_range : data::TimeState::good;
    }
  } else {
    const bool epoch = text.find_first_not_of("0123456789.") == std::string_view::npos;
    time_column_.format = epoch ? TimeFormat::epoch : TimeFormat::datetime;
    state = time_column_.parse(text, "", ns);
  }
  if (state != data::TimeState::good)
    fail("\"" + std::string(text) + "\": " + data::reason_of(state) +
             "; expected ISO 8601, or seconds, ms, us or ns since 1970 (between 1973 and 2200)",
         time_at_);
  return ns;
}

void BarFile::add_time(BarPiece& piece) {
  const std::string_view text = trimmed(cells_[static_cast<std::size_t>(time_at_)]);
  // Beside a date the time is that day's, unless it says more.
  if (!has_rows_ && date_at_ >= 0 && text.size() > 9 && text[2] != ':') date_at_ = -1;
  const std::string_view date =
      date_at_ >= 0 ? trimmed(cells_[static_cast<std::size_t>(date_at_)]) : std::string_view();
  if (date_at_ >= 0 && date.empty()) fail("the cell is empty: expected a date", date_at_);
  const int64_t ns = time_ns(text, date);
  if (has_rows_ && ns < last_ns_)
    fail("\"" + std::string(text) + "\" lies before the row above: bars must be in order of time", time_at_);
  last_ns_ = ns;
  if (date_at_ >= 0) piece.time_text.append(date).append(" ");
  piece.time_text.append(text);
  piece.time_end.push_back(piece.time_text.size());
  for (int column = 0; column < series::kBarColumns; ++column)
    if (wanted_[column] && at_[column] < 0 && is_clock(static_cast<BarColumn>(column)))
      piece.column[column].push_back(clock_value(static_cast<BarColumn>(column), ns));
}

void BarFile::read_row(BarPiece& piece) {
  const int expected = static_cast<int>(names_.size());
  if (cell_count_ != expected)
    fail(cell_count_ < expected
             ? "the row has " + std::to_string(cell_count_) + " cells, the header " + std::to_string(expected)
             : "the row has more cells than the header, which has " + std::to_string(expected));
  if (has_time()) add_time(piece);
  const double close = number(at_[static_cast<int>(BarColumn::close)]);
  for (int column = 0; column < series::kBarColumns; ++column) {
    if (!wanted_[column]) continue;
    if (column == static_cast<int>(BarColumn::close))
      piece.column[column].push_back(close);
    else if (at_[column] >= 0)
      piece.column[column].push_back(number(at_[column]));
    else if (is_price(static_cast<BarColumn>(column)))
      piece.column[column].push_back(close);
  }
  has_rows_ = true;
  ++piece.rows;
}

bool BarFile::read(int64_t most, BarPiece& piece) {
  for (auto& column : piece.column) column.clear();
  piece.time_text.clear();
  piece.time_end.clear();
  piece.rows = 0;
  std::string_view line;
  while (piece.rows < most && next_line(line)) {
    cut(line);
    read_row(piece);
  }
  return piece.rows > 0;
}

}  // namespace tf::app
