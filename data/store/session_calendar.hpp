// The hours of a trading day on an instrument's calendar and wall clock.
#pragma once
#include <vector>

#include "data/store/sessions.hpp"
#include "data/store/trading_day.hpp"

namespace tf::data {

/// Bounds are UTC; [open_ns, close_ns).
struct SessionHours {
  int64_t open_ns = 0, close_ns = 0;
};

/// A trading day. Its wall clock differs from UTC by offset_ns before change_ns and by offset_after_ns from then on.
struct DayHours {
  std::vector<SessionHours> sessions;  ///< in order, apart; the whole trading day where nothing else is known
  bool has_calendar = false;           ///< the sessions come from Instrument::sessions
  int64_t offset_ns = 0, change_ns = INT64_MAX, offset_after_ns = 0;
};

class SessionCalendar {
 public:
  /// Throws Error{config} for an unknown zone or hours that are not understood.
  explicit SessionCalendar(const Instrument& instrument);
  /// Sessions that begin before the day or end after it are cut at its bounds. A day without a session has the whole
  /// day as if there were no calendar.
  DayHours of(Day day);
  /// The trading day in which a UTC time lies.
  Day day_at(int64_t utc_ns) { return days_.day_at(utc_ns); }

 private:
  Zone zone_;
  TradingDays days_;
  Sessions sessions_;
};

}  // namespace tf::data
