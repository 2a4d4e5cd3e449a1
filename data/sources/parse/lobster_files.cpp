#include "data/sources/parse/lobster_files.hpp"

#include <algorithm>
#include <filesystem>

#include "cuda/base/error.hpp"
#include "data/sources/parse/decimal.hpp"
#include "data/sources/parse/line_reader.hpp"
#include "data/sources/parse/time_column.hpp"

namespace tf::data {
namespace {

constexpr std::string_view kMessage = "message", kBook = "orderbook";

std::string_view name_of(std::string_view path) { return path.substr(path.find_last_of('/') + 1); }

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The name with the one word in place of the other.
std::string other_name(std::string name, bool message) {
  const std::string_view from = message ? kMessage : kBook, to = message ? kBook : kMessage;
  const std::size_t at = name.rfind(from);
  return at == name.npos ? std::string() : name.replace(at, from.size(), to);
}

std::string first_line(const std::string& path, const std::string& member) {
  InputFile file(path);
  LineReader lines;
  while (file.next_member()) {
    if (file.member() != member) continue;
    lines.start(file);
    std::string_view line;
    while (lines.next(line))
      if (!line.empty()) return std::string(line);
  }
  return {};
}

struct Found {
  LobsterFile file;
  bool message = false;
  std::string key, ticker;
  std::optional<Day> day;
};

Found identify(const LobsterFile& file) {
  Found found{file, false, {}, {}, {}};
  const std::string name(name_of(file.member.empty() ? file.path : file.member));
  if (const auto known = parse_lobster_name(name)) {
    found.message = known->message;
    found.key = known->key;
    found.ticker = known->ticker;
    found.day = known->day;
    return found;
  }
  found.day = date_in_name(name);
  if (name.find(kMessage) != name.npos || name.find(kBook) != name.npos) {
    found.message = name.find(kBook) == name.npos;
    found.key = found.message ? name : other_name(name, false);
  } else {
    found.message = is_lobster_message(first_line(file.path, file.member));
  }
  return found;
}

// The members of a file that are tables: all there is unless it is an archive.
std::vector<LobsterFile> members_of(const std::string& path) {
  if (path.ends_with(".7z"))
    throw Error(ErrorKind::bad_data, path + ": is a 7-zip archive, as LOBSTER delivers: unpack it first (7z x " +
                                         std::string(name_of(path)) + ")");
  InputFile file(path);
  std::vector<LobsterFile> members;
  while (file.next_member()) {
    if (file.member().empty()) return {{path, {}}};
    if (file.member().ends_with(".csv")) members.push_back({path, file.member()});
  }
  return members;
}

std::optional<LobsterFile> partner_of(const Found& one) {
  if (!one.file.member.empty()) return {};
  const std::filesystem::path path(one.file.path);
  const std::string name = other_name(path.filename().string(), one.message);
  if (name.empty()) return {};
  const std::string bare = name.substr(0, name.rfind(".csv") == name.npos ? name.size() : name.rfind(".csv") + 4);
  for (const std::string& candidate : {name, bare, bare + ".gz", bare + ".zst", bare + ".xz"}) {
    const auto beside = path.parent_path() / candidate;
    if (std::filesystem::is_regular_file(beside)) return LobsterFile{beside.string(), {}};
  }
  return {};
}

}  // namespace

std::optional<LobsterName> parse_lobster_name(std::string_view name) {
  for (const std::string_view word : {kMessage, kBook}) {
    const std::size_t at = name.find("_" + std::string(word) + "_");
    if (at == name.npos) continue;
    LobsterName parsed;
    parsed.message = word == kMessage;
    std::string_view head = name.substr(0, at);
    std::string_view parts[3];  // end, start, date
    for (std::string_view& part : parts) {
      const std::size_t mark = head.rfind('_');
      if (mark == head.npos) return {};
      part = head.substr(mark + 1);
      head = head.substr(0, mark);
    }
    std::string_view levels = name.substr(at + word.size() + 2);
    const std::size_t dot = levels.find('.');
    if (dot == levels.npos || !levels.substr(dot).starts_with(".csv")) return {};
    levels = levels.substr(0, dot);
    const auto day = parse_date(parts[2], DateOrder::ymd);
    if (!day || head.empty() || !all_digits(parts[0]) || !all_digits(parts[1]) || !all_digits(levels)) return {};
    parsed.ticker = head;
    parsed.day = *day;
    for (const char c : levels.substr(0, 6)) parsed.levels = parsed.levels * 10 + (c - '0');
    parsed.key = std::string(name.substr(0, at)) + "_" + std::string(levels);
    return parsed;
  }
  return {};
}

bool is_lobster_message(std::string_view line) {
  const char delimiter = line.find(';') != line.npos ? ';' : ',';
  std::vector<std::string_view> cells;
  for (std::string_view rest = line;;) {
    const std::size_t at = rest.find(delimiter);
    cells.push_back(rest.substr(0, at));
    if (at == rest.npos || cells.size() > 8) break;
    rest.remove_prefix(at + 1);
  }
  if (cells.size() < 6 || cells.size() > 7) return false;
  if (cells[5].ends_with('\r')) cells[5].remove_suffix(1);
  Decimal time, price;
  return parse_decimal(cells[0], time) == ParseState::good && time.mantissa >= 0 && cells[1].size() == 1 &&
         cells[1][0] >= '1' && cells[1][0] <= '7' && parse_decimal(cells[4], price) == ParseState::good &&
         (cells[5] == "1" || cells[5] == "-1");
}

std::vector<LobsterDay> find_lobster_days(const std::vector<std::string>& files, const std::string& date) {
  std::vector<Found> found;
  for (const std::string& path : files) {
    const std::vector<LobsterFile> members = members_of(path);
    if (members.empty()) throw Error(ErrorKind::no_input, path + ": the archive has no .csv entry");
    for (const LobsterFile& member : members) found.push_back(identify(member));
  }
  std::optional<Day> day_given;
  if (!date.empty()) {
    day_given = parse_date(date, DateOrder::ymd);
    if (!day_given) throw Error(ErrorKind::config, "lobster source: date '" + date + "': expected YYYY-MM-DD");
  }

  std::vector<LobsterDay> days;
  for (std::size_t first = 0; first < found.size(); ++first) {
    const Found& one = found[first];
    const auto same = [&](const Found& other) { return other.key == one.key && other.message == one.message; };
    if (std::any_of(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(first), same))
      throw Error(ErrorKind::config, one.file.path + ": " + (one.message ? "message" : "orderbook") +
                                         " file given twice, or two that cannot be told apart by their names");
    const auto pair = std::find_if(found.begin(), found.end(), [&](const Found& other) {
      return other.key == one.key && other.message != one.message;
    });
    if (pair != found.end() && pair - found.begin() < static_cast<std::ptrdiff_t>(first)) continue;
    std::optional<LobsterFile> partner;
    partner = pair != found.end() ? std::optional(pair->file) : partner_of(one);
    if (!one.message && !partner)
      throw Error(ErrorKind::no_input, one.file.path + ": an orderbook file alone has no times: its message file (" +
                                           other_name(std::string(name_of(one.file.path)), false) +
                                           ") was expected beside it");
    LobsterDay day;
    day.ticker = one.ticker;
    const std::optional<Day> known = one.day ? one.day : day_given;
    if (!known)
      throw Error(ErrorKind::config, one.file.path + ": the date is only in the name (TICKER_YYYY-MM-DD_START_END_" +
                                         "message_LEVELS.csv) or in date = \"YYYY-MM-DD\"");
    day.day = *known;
    if (one.message) {
      day.messages = one.file;
      day.book = partner;
    } else {
      day.messages = *partner;
      day.book = one.file;
    }
    days.push_back(day);
  }
  return days;
}

}  // namespace tf::data
