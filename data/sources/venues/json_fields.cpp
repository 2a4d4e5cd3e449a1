#include "data/sources/venues/json_fields.hpp"

#include <charconv>

namespace tf::data {

bool integer_of(std::string_view text, int64_t& number) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

bool epoch_ns(std::string_view text, TimeUnit unit, int64_t& ns) {
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
