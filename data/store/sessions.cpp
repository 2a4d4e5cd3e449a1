#include "data/store/sessions.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include "cuda/base/error.hpp"
#include "cuda/base/time.hpp"

namespace tf::data {
namespace {

constexpr int64_t kDaySeconds = 86'400, kWeek = 7 * kDaySeconds;
constexpr std::array<const char*, 7> kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

[[noreturn]] void wrong(const std::string& text, const std::string& part) {
  throw Error(ErrorKind::config,
              "sessions = \"" + text + "\": \"" + part +
                  "\" is not understood; expected days (mon-fri) and hours (09:30-16:00), clauses separated by ';'");
}

int day_number(const std::string& name) {
  for (std::size_t day = 0; day < kDays.size(); ++day)
    if (name == kDays[day]) return static_cast<int>(day);
  return -1;
}

/// Seconds of HH:MM[:SS], at most 24:00; -1 for anything else.
int64_t clock_seconds(const std::string& text) {
  if (text.size() != 5 && text.size() != 8) return -1;
  int64_t part[3] = {};
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (at % 3 == 2) {
      if (text[at] != ':') return -1;
    } else {
      if (text[at] < '0' || text[at] > '9') return -1;
      part[at / 3] = part[at / 3] * 10 + (text[at] - '0');
    }
  }
  const int64_t seconds = part[0] * 3600 + part[1] * 60 + part[2];
  return part[1] > 59 || part[2] > 59 || seconds > kDaySeconds ? -1 : seconds;
}

}  // namespace

Sessions::Sessions(const std::string& text, const std::string& zone) : zone_(zone) {
  std::vector<Span> spans;
  std::istringstream clauses(text);
  for (std::string clause; std::getline(clauses, clause, ';');) {
    std::istringstream words(clause);
    std::string days, hours;
    if (!(words >> days)) continue;
    const std::size_t dash = days.find('-');
    const int first = day_number(days.substr(0, dash)),
              last = dash == days.npos ? first : day_number(days.substr(dash + 1));
    if (first < 0 || last < 0) wrong(text, days);
    bool any = false;
    while (words >> hours) {
      any = true;
      const std::size_t middle = hours.find('-');
      const int64_t from = clock_seconds(hours.substr(0, middle)),
                    until = middle == hours.npos ? -1 : clock_seconds(hours.substr(middle + 1));
      if (from < 0 || until < 0 || from == kDaySeconds) wrong(text, hours);
      for (int day = first;; day = (day + 1) % 7) {
        const int64_t start = day * kDaySeconds + from,
                      end = day * kDaySeconds + until + (until <= from ? kDaySeconds : 0);
        spans.push_back({start, std::min(end, kWeek)});
        if (end > kWeek) spans.push_back({0, end - kWeek});
        if (day == last) break;
      }
    }
    if (!any) wrong(text, clause);
  }
  if (spans.empty() && text.find_first_not_of(" ;") != text.npos) wrong(text, text);
  std::sort(spans.begin(), spans.end(), [](const Span& one, const Span& other) { return one.from < other.from; });
  for (const Span& span : spans) {
    if (!spans_.empty() && span.from <= spans_.back().until) {
      spans_.back().until = std::max(spans_.back().until, span.until);
    } else {
      spans_.push_back(span);
    }
  }
}

void Sessions::find(int64_t utc_ns) {
  if (always()) {
    from_ = INT64_MIN;
    until_ = INT64_MAX;
    return;
  }
  const int64_t local = zone_.to_local(utc_ns), offset = local - utc_ns;
  // 1970-01-01 was a Thursday: the week that holds it began three days before.
  const int64_t week_ns = kWeek * kSecond, since = local + 3 * kDay;
  const int64_t week = (since >= 0 ? since : since - week_ns + 1) / week_ns, week_start = week * week_ns - 3 * kDay;
  const int64_t second = (local - week_start) / kSecond;
  const auto next = std::upper_bound(spans_.begin(), spans_.end(), second,
                                     [](int64_t value, const Span& span) { return value < span.from; });
  int64_t from = 0, until = next == spans_.end() ? kWeek : next->from;
  inside_ = false;
  if (next != spans_.begin()) {
    const Span& before = *(next - 1);
    inside_ = second < before.until;
    from = inside_ ? before.from : before.until;
    if (inside_) until = before.until;
  }
  session_ = week_start + from * kSecond;
  // A session over Sunday midnight has the number of the week in which it began; so has closed time.
  const bool over_midnight = inside_ ? spans_.front().from == 0 && spans_.back().until == kWeek
                                     : spans_.front().from != 0 && spans_.back().until != kWeek;
  if (from == 0 && over_midnight)
    session_ = week_start - week_ns + (inside_ ? spans_.back().from : spans_.back().until) * kSecond;
  // Clocks change on quarters of an hour: the answer holds inside this one.
  constexpr int64_t kQuarter = 15 * kMinute;
  const int64_t quarter = (utc_ns >= 0 ? utc_ns : utc_ns - kQuarter + 1) / kQuarter * kQuarter;
  from_ = std::max(week_start + from * kSecond - offset, quarter);
  until_ = std::min(week_start + until * kSecond - offset, quarter + kQuarter);
}

}  // namespace tf::data
