// Civil dates and text forms of nanosecond times, UTC only (zones belong to data/, which has a tz database).
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tf {

inline constexpr int64_t kSecond = 1'000'000'000;
inline constexpr int64_t kMinute = 60 * kSecond;
inline constexpr int64_t kHour = 60 * kMinute;
inline constexpr int64_t kDay = 24 * kHour;

/// A calendar day as the count of days since 1970-01-01.
struct Day {
  int32_t days = 0;
  auto operator<=>(const Day&) const = default;
  Day operator+(int count) const { return {days + count}; }
  int operator-(Day other) const { return days - other.days; }
  int64_t start_ns() const { return int64_t{days} * kDay; }  ///< midnight UTC
};

inline Day day_of(int64_t ns) { return {static_cast<int32_t>(ns >= 0 ? ns / kDay : -((-ns + kDay - 1) / kDay))}; }

/// "2014-05-01"
inline std::string to_text(Day day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day.days}}};
  char text[16];
  const auto digits = [&](int at, int width, int value) {
    for (int place = width - 1; place >= 0; --place, value /= 10)
      text[at + place] = static_cast<char>('0' + value % 10);
  };
  digits(0, 4, static_cast<int>(date.year()));
  digits(5, 2, static_cast<int>(static_cast<unsigned>(date.month())));
  digits(8, 2, static_cast<int>(static_cast<unsigned>(date.day())));
  text[4] = text[7] = '-';
  return std::string(text, 10);
}

/// Accepts "2014-05-01" and "20140501"; nothing for anything that is not a date of the calendar.
inline std::optional<Day> parse_day(std::string_view text) {
  int digit[8], count = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '-' && text.size() == 10 && (at == 4 || at == 7)) continue;
    if (c < '0' || c > '9' || count == 8) return {};
    digit[count++] = c - '0';
  }
  if (count != 8) return {};
  const int year = digit[0] * 1000 + digit[1] * 100 + digit[2] * 10 + digit[3];
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(digit[4] * 10 + digit[5])},
                                         std::chrono::day{static_cast<unsigned>(digit[6] * 10 + digit[7])}};
  if (!date.ok()) return {};
  return Day{static_cast<int32_t>(std::chrono::sys_days{date}.time_since_epoch().count())};
}

/// "2014-05-01T09:30:00.123456789Z", trailing zeros of the fraction dropped in groups of three.
inline std::string time_text(int64_t ns) {
  const Day day = day_of(ns);
  int64_t rest = ns - day.start_ns();
  const int64_t second = rest / kSecond;
  int64_t fraction = rest % kSecond;
  std::string text = to_text(day) + "T00:00:00";
  const auto two = [&](int at, int64_t value) {
    text[at] = static_cast<char>('0' + value / 10);
    text[at + 1] = static_cast<char>('0' + value % 10);
  };
  two(11, second / 3600);
  two(14, second / 60 % 60);
  two(17, second % 60);
  if (fraction) {
    std::string nine = std::to_string(kSecond + fraction).substr(1);
    while (nine.size() > 3 && nine.ends_with("000")) nine.resize(nine.size() - 3);
    text += "." + nine;
  }
  return text + "Z";
}

}  // namespace tf
