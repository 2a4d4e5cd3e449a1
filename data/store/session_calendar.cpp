#include "data/store/session_calendar.hpp"

#include <algorithm>

namespace tf::data {

SessionCalendar::SessionCalendar(const Instrument& instrument)
    : zone_(instrument.zone), days_(instrument), sessions_(instrument.sessions, instrument.zone) {}

DayHours SessionCalendar::of(Day day) {
  const int64_t start = days_.start_ns(day), end = days_.start_ns(day + 1);
  DayHours hours;
  const auto offset = [&](int64_t utc_ns) { return zone_.to_local(utc_ns) - utc_ns; };
  hours.offset_ns = hours.offset_after_ns = offset(start);
  if (end > start && offset(end - 1) != hours.offset_ns) {
    hours.offset_after_ns = offset(end - 1);
    int64_t before = start, after = end - 1;
    while (after - before > 1) {
      const int64_t middle = before + (after - before) / 2;
      (offset(middle) == hours.offset_ns ? before : after) = middle;
    }
    hours.change_ns = after;
  }
  int64_t number = 0;
  for (int64_t at = start; !sessions_.always() && at < end; at = sessions_.until_ns()) {
    if (!sessions_.inside(at)) continue;
    const int64_t session = sessions_.session_of(at), until = std::min(end, sessions_.until_ns());
    if (!hours.sessions.empty() && number == session)
      hours.sessions.back().close_ns = until;
    else
      hours.sessions.push_back({at, until});
    number = session;
  }
  hours.has_calendar = !hours.sessions.empty();
  if (!hours.has_calendar) hours.sessions = {{start, end}};
  return hours;
}

}  // namespace tf::data
