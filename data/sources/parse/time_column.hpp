// What stands in a time column, to nanoseconds since 1970 UTC.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cuda/base/time.hpp"
#include "data/sources/parse/decimal.hpp"
#include "data/store/zone.hpp"

namespace tf::data {

enum class TimeFormat {
  epoch,           ///< a number since 1970 UTC, in `unit`; the zone does not apply
  ms_of_day,       ///< ms (with fraction) since local midnight; the date comes from a date column or the file name
  seconds_of_day,  ///< s (with fraction) since local midnight
  clock,           ///< HH:MM:SS[.fraction] or HHMMSS[mmm|fraction]; date as above
  datetime,        ///< a date and a clock time, see parse_datetime
};
enum class TimeUnit { automatic, s, ms, us, ns };
enum class DateOrder { ymd, dmy, mdy };

enum class TimeState { good, bad, out_of_range, skipped_by_zone };

/// Why a time refuses its row, or nullptr.
constexpr const char* reason_of(TimeState state) {
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

/// Of the words of parameters: "s", "ms", "us", "ns", others automatic; "dmy", "mdy", others ymd.
constexpr TimeUnit time_unit_named(std::string_view name) {
  return name == "s"    ? TimeUnit::s
         : name == "ms" ? TimeUnit::ms
         : name == "us" ? TimeUnit::us
         : name == "ns" ? TimeUnit::ns
                        : TimeUnit::automatic;
}
constexpr DateOrder date_order_named(std::string_view name) {
  return name == "dmy" ? DateOrder::dmy : name == "mdy" ? DateOrder::mdy : DateOrder::ymd;
}

inline constexpr int64_t kLatest = 7'258'118'400 * kSecond;  ///< 2200-01-01: later means a wrong unit

/// A date: YYYY-MM-DD with '-', '.' or '/', YYYYMMDD; with `order` dmy or mdy also DD.MM.YYYY and MM/DD/YYYY.
std::optional<Day> parse_date(std::string_view text, DateOrder order);

/// ns since midnight of HH:MM[:SS[.fraction]] or HHMMSS[fraction digits][.fraction]; at most 23:59:60.
std::optional<int64_t> parse_clock(std::string_view text);

/// Turns the cells of one time column into UTC.
class TimeColumn {
 public:
  TimeFormat format = TimeFormat::epoch;
  TimeUnit unit = TimeUnit::automatic;
  DateOrder order = DateOrder::ymd;
  Zone zone;

  /// The file's own date, for the formats that carry none.
  void set_day(Day day) { day_ns_ = day.start_ns(); }
  /// `date` is the cell of the date column, empty if there is none.
  TimeState parse(std::string_view text, std::string_view date, int64_t& utc_ns);
  /// A number that was read already; not for the formats clock and datetime.
  TimeState from_number(const Decimal& value, std::string_view date, int64_t& utc_ns);

 private:
  TimeState from_epoch(const Decimal& value, int64_t& utc_ns) const;
  bool find_day(std::string_view date, int64_t& day_ns);
  TimeState parse_datetime(std::string_view text, int64_t& utc_ns);
  TimeState from_local(int64_t local_ns, int64_t& utc_ns);

  int64_t day_ns_ = 0;
  std::string seen_date_;  // the last date cell and what it was
  int64_t seen_day_ns_ = 0;
};

inline TimeState TimeColumn::from_local(int64_t local_ns, int64_t& utc_ns) {
  if (!zone.to_utc(local_ns, utc_ns)) return TimeState::skipped_by_zone;
  return utc_ns < 0 || utc_ns > kLatest ? TimeState::out_of_range : TimeState::good;
}

/// The first date in a file or entry name: eight digits in a row (20140501_quote) or YYYY-MM-DD.
std::optional<Day> date_in_name(std::string_view name);

}  // namespace tf::data
