// Which files of LOBSTER belong together: the message file and the orderbook file of one stock and day.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cuda/base/time.hpp"

namespace tf::data {

/// TICKER_2012-06-21_34200000_57600000_message_10.csv, or ..._orderbook_10.csv; what follows .csv is left alone.
struct LobsterName {
  std::string ticker;
  Day day;
  bool message = false;
  int levels = 0;
  std::string key;  ///< the same for both files of a pair
};
std::optional<LobsterName> parse_lobster_name(std::string_view name);

/// A file, or an entry of an archive.
struct LobsterFile {
  std::string path, member;
};

struct LobsterDay {
  std::string ticker;  ///< empty when the name does not say
  Day day;
  LobsterFile messages;
  std::optional<LobsterFile> book;
};

/// Pairs the files given; looks for the missing one of a pair beside it. `date` (YYYY-MM-DD or empty) is for files not
/// named as above; these are told apart by "message" and "orderbook" in their names, else by their columns. Throws
/// Error{no_input} for a message file that is not there, Error{bad_data} for a 7-zip archive, Error{config} for a date
/// that nothing says.
std::vector<LobsterDay> find_lobster_days(const std::vector<std::string>& files, const std::string& date);

/// Does this line look like a row of a message file: six cells, a time of day, an event type, a side?
bool is_lobster_message(std::string_view line);

}  // namespace tf::data
