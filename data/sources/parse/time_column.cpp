#include "data/sources/parse/time_column.hpp"

#include "data/sources/parse/decimal.hpp"

namespace tf::data {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The number of `count` digits from `at` on; -1 if one is no digit.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (std::size_t place = at; place < at + count; ++place) {
    if (!is_digit(text[place])) return -1;
    value = value * 10 + (text[place] - '0');
  }
  return value;
}

// value * 10^(exponent + nine), to the nearest nanosecond (negative ones, which nobody accepts, towards zero).
bool to_ns(const Decimal& value, int nine, int64_t& ns) {
  const int power = value.exponent + nine;
  if (power >= 0)
    return power <= 18 && !__builtin_mul_overflow(value.mantissa, kPowersOfTen[static_cast<std::size_t>(power)], &ns);
  if (power < -18) {
    ns = 0;
    return true;
  }
  const int64_t divide = kPowersOfTen[static_cast<std::size_t>(-power)];
  const int64_t rest = value.mantissa % divide;
  ns = value.mantissa / divide + (rest > 0 && rest >= divide - rest ? 1 : 0);
  return true;
}

std::optional<Day> day_from(int year, int month, int day) {
  if (year < 1900 || year > 2200 || month < 0 || day < 0) return {};  // ns since 1970 end in 2262
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return {};
  return Day{static_cast<int32_t>(std::chrono::sys_days{date}.time_since_epoch().count())};
}

bool is_date_mark(char c) { return c == '-' || c == '.' || c == '/'; }

// Seconds east of UTC written at the end of a time: Z, +HH, +HHMM, +HH:MM. Cuts it off.
std::optional<int64_t> cut_offset(std::string_view& clock) {
  if (clock.ends_with('Z') || clock.ends_with('z')) {
    clock.remove_suffix(1);
    return 0;
  }
  const std::size_t at = clock.find_last_of("+-");
  if (at == clock.npos || at == 0) return {};
  const std::string_view text = clock.substr(at + 1);
  const int hours = digits(text, 0, 2);
  const int minutes = text.size() == 2 ? 0 : digits(text, text.size() == 5 && text[2] == ':' ? 3 : 2, 2);
  if (hours < 0 || minutes < 0 || (text.size() != 2 && text.size() != 4 && text.size() != 5)) return {};
  const int64_t seconds = (clock[at] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
  clock = clock.substr(0, at);
  for (const std::string_view word : {"GMT", "UTC"})
    if (clock.ends_with(word)) clock.remove_suffix(word.size());
  while (clock.ends_with(' ')) clock.remove_suffix(1);
  return seconds;
}

}  // namespace

std::optional<Day> parse_date(std::string_view text, DateOrder order) {
  if (text.size() == 8) return day_from(digits(text, 0, 4), digits(text, 4, 2), digits(text, 6, 2));
  if (text.size() != 10) return {};
  if (is_date_mark(text[4]) && text[7] == text[4])
    return day_from(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2));
  if (is_date_mark(text[2]) && text[5] == text[2] && order != DateOrder::ymd) {
    const int first = digits(text, 0, 2), second = digits(text, 3, 2), year = digits(text, 6, 4);
    return order == DateOrder::dmy ? day_from(year, second, first) : day_from(year, first, second);
  }
  return {};
}

std::optional<int64_t> parse_clock(std::string_view text) {
  const bool marked = text.size() > 2 && text[2] == ':';
  const int hours = digits(text, 0, 2), minutes = digits(text, marked ? 3 : 2, 2);
  std::size_t at = marked ? 5 : 4;
  int seconds = 0;
  if (at < text.size()) {
    if (marked && text[at] != ':') return {};
    at += marked;
    seconds = digits(text, at, 2);
    at += 2;
  } else if (!marked) {
    return {};
  }
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 60) return {};
  int64_t ns = (int64_t{hours} * 3600 + minutes * 60 + seconds) * kSecond;
  if (at < text.size()) {
    if (text[at] == '.' || text[at] == ',') {
      ++at;
    } else if (marked) {
      return {};
    }
    int64_t unit = kSecond;
    for (; at < text.size(); ++at) {
      if (!is_digit(text[at])) return {};
      unit /= 10;
      ns += (text[at] - '0') * unit;
    }
  }
  return ns;
}

std::optional<Day> date_in_name(std::string_view name) {
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (!is_digit(name[at]) || (at > 0 && is_digit(name[at - 1]))) continue;
    std::size_t end = at;
    while (end < name.size() && is_digit(name[end])) ++end;
    std::optional<Day> day;
    if (end - at == 8) day = parse_date(name.substr(at, 8), DateOrder::ymd);
    if (end - at == 4 && name.size() >= at + 10 && name[end] == '-')
      day = parse_date(name.substr(at, 10), DateOrder::ymd);
    if (day) return day;
  }
  return {};
}

TimeState TimeColumn::from_epoch(const Decimal& value, int64_t& utc_ns) const {
  int nine = 0;
  switch (unit) {
    case TimeUnit::s:
      nine = 9;
      break;
    case TimeUnit::ms:
      nine = 6;
      break;
    case TimeUnit::us:
      nine = 3;
      break;
    case TimeUnit::ns:
      nine = 0;
      break;
    case TimeUnit::automatic: {
      // By magnitude: 10 digits s, 13 ms, 16 us, 19 ns; each span covers 1973 to 5138.
      int64_t whole;
      if (!to_ns(value, 0, whole)) return TimeState::out_of_range;
      if (whole < 100'000'000) return TimeState::out_of_range;
      nine = whole < 100'000'000'000 ? 9 : whole < 100'000'000'000'000 ? 6 : whole < 100'000'000'000'000'000 ? 3 : 0;
    }
  }
  if (!to_ns(value, nine, utc_ns)) return TimeState::out_of_range;
  return utc_ns < 0 || utc_ns > kLatest ? TimeState::out_of_range : TimeState::good;
}

TimeState TimeColumn::parse_datetime(std::string_view text, int64_t& utc_ns) {
  const bool marked = text.size() > 4 && (is_date_mark(text[4]) || is_date_mark(text[2]));
  const std::size_t date_bytes = marked ? 10 : 8;
  if (text.size() < date_bytes + 5) return TimeState::bad;
  const std::string_view date = text.substr(0, date_bytes);
  if (date != seen_date_) {
    const auto day = parse_date(date, order);
    if (!day) return TimeState::bad;
    seen_date_ = date;
    seen_day_ns_ = day->start_ns();
  }
  std::string_view clock = text.substr(date_bytes);
  if (!is_digit(clock[0])) {
    if (std::string_view(" TtD_-").find(clock[0]) == std::string_view::npos) return TimeState::bad;
    clock.remove_prefix(1);
  }
  const auto offset = cut_offset(clock);
  const auto ns = parse_clock(clock);
  if (!ns) return TimeState::bad;
  if (!offset) return from_local(seen_day_ns_ + *ns, utc_ns);
  utc_ns = seen_day_ns_ + *ns - *offset * kSecond;
  return utc_ns < 0 || utc_ns > kLatest ? TimeState::out_of_range : TimeState::good;
}

bool TimeColumn::find_day(std::string_view date, int64_t& day_ns) {
  day_ns = day_ns_;
  if (date.empty()) return true;
  if (date != seen_date_) {
    const auto day = parse_date(date, order);
    if (!day) return false;
    seen_date_ = date;
    seen_day_ns_ = day->start_ns();
  }
  day_ns = seen_day_ns_;
  return true;
}

TimeState TimeColumn::from_number(const Decimal& value, std::string_view date, int64_t& utc_ns) {
  if (format == TimeFormat::epoch) return from_epoch(value, utc_ns);
  int64_t day_ns, ns;
  if (!find_day(date, day_ns)) return TimeState::bad;
  if (!to_ns(value, format == TimeFormat::ms_of_day ? 6 : 9, ns) || ns < 0 || ns >= kDay)
    return TimeState::out_of_range;
  return from_local(day_ns + ns, utc_ns);
}

TimeState TimeColumn::parse(std::string_view text, std::string_view date, int64_t& utc_ns) {
  if (format == TimeFormat::datetime) return parse_datetime(text, utc_ns);
  if (format == TimeFormat::clock) {
    int64_t day_ns;
    if (!find_day(date, day_ns)) return TimeState::bad;
    const auto clock = parse_clock(text);
    return clock ? from_local(day_ns + *clock, utc_ns) : TimeState::bad;
  }
  Decimal value;
  const ParseState state = parse_decimal(text, value);
  if (state != ParseState::good) return state == ParseState::bad ? TimeState::bad : TimeState::out_of_range;
  return from_number(value, date, utc_ns);
}

}  // namespace tf::data
