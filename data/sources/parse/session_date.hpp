// The trading day of files whose rows carry a time of day only.
#pragma once
#include <optional>
#include <string_view>

#include "data/sources/parse/time_column.hpp"

namespace tf::data {

/// YYYYMMDD or YYYY-MM-DD anywhere in a name, else MMDDYYYY (01302019.NASDAQ_ITCH50.gz), else MMDDYY (S013019-v50.txt).
/// A year from 1900 on keeps the orders apart: no month is 19 or 20.
inline std::optional<Day> session_date_in_name(std::string_view name) {
  if (const auto day = date_in_name(name)) return day;
  for (const std::size_t wanted : {std::size_t{8}, std::size_t{6}}) {
    for (std::size_t at = 0; at < name.size();) {
      std::size_t end = at;
      while (end < name.size() && name[end] >= '0' && name[end] <= '9') ++end;
      if (end - at == wanted) {
        const std::string_view digits = name.substr(at, wanted);
        char text[8];
        const std::string_view year = digits.substr(4);
        text[0] = '2';
        text[1] = '0';
        year.copy(year.size() == 4 ? text : text + 2, 4);
        digits.copy(text + 4, 4);
        if (const auto day = parse_date({text, 8}, DateOrder::ymd)) return day;
      }
      at = end + 1;
    }
  }
  return {};
}

}  // namespace tf::data
