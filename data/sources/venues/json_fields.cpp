#include "data/sources/venues/json_fields.hpp"

#include <charconv>

#include "cuda/base/time.hpp"

namespace tf::data {

bool integer_of(std::string_view text, int64_t& number) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

namespace {

// Whole numbers, which nearly all times are; 0 = not one of ours, ask TimeColumn.
int64_t whole_ns(std::string_view text, TimeUnit unit) {
  int64_t number;
  if (text.size() < 10 || !integer_of(text, number) || number <= 0) return 0;
  const int64_t factor = unit == TimeUnit::s || (unit == TimeUnit::automatic && text.size() == 10)    ? kSecond
                         : unit == TimeUnit::ms || (unit == TimeUnit::automatic && text.size() == 13) ? kSecond / 1000
                         : unit == TimeUnit::automatic && text.size() == 19                           ? 1
                                                                                                      : 0;
  return factor == 0 || number > kLatest / factor ? 0 : number * factor;
}

}  // namespace

bool epoch_ns(std::string_view text, TimeUnit unit, int64_t& ns) {
  if ((ns = whole_ns(text, unit)) > 0) return true;
  TimeColumn column;
  column.format = TimeFormat::epoch;
  column.unit = unit;
  return column.parse(text, {}, ns) == TimeState::good;
}

bool iso_ns(std::string_view text, int64_t& ns) {
  TimeColumn column;
  column.format = TimeFormat::datetime;
  return column.parse(text, {}, ns) == TimeState::good;
}

bool has_member(std::string_view json, std::string_view name) {
  for (std::size_t at = json.find(name); at != json.npos; at = json.find(name, at + 1)) {
    std::size_t after = at + name.size();
    if (at == 0 || json[at - 1] != '"' || after >= json.size() || json[after] != '"') continue;
    do ++after;
    while (after < json.size() && json[after] == ' ');
    if (after < json.size() && json[after] == ':') return true;
  }
  return false;
}

}  // namespace tf::data
