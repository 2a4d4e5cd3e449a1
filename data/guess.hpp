// Finding out what the user did not say: which source an input is for, and on which grids its prices and sizes lie.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/sources/source.hpp"

namespace tf::data {

struct GuessedSource {
  std::string source;
  std::vector<std::pair<std::string, std::string>> params;  ///< of the source, by name
  std::string said;                                         ///< one line for the user
};

/// Asks every source of the catalogue (or only the one named) about the first bytes of every file; empty files are left
/// out. One answer is taken only when for each file exactly one source says yes, and the same one for all. Else throws
/// Error{bad_data} (nobody knows the file; every file is empty) or Error{usage} (several could: they are listed with
/// their reasons and how to name one).
GuessedSource guess_source(const std::vector<std::string>& files, const std::string& only = {});
/// The same for a named source: nothing when it does not say yes to the first file that is not empty.
std::optional<GuessedSource> guess_params(const std::vector<std::string>& files, const std::string& source);

struct GuessedGrids {
  double tick_size = 0, lot_size = 0;
  bool has_local_clock = false;  ///< a receive time differs from its exchange time
  std::vector<std::string> said;
  std::string why_none;
};

/// Reads the input once, with ticks and lots of 1e-9 where `input.instrument` has none. Rule: the largest power of ten,
/// at most 1, on which every price (every size) lies; a lot of 1 where the feed has no sizes. With both given only the
/// beginning is read, for the clock. `progress` gets the share
/// read and returns false to stop, which throws Error{again}. Without a price to go by the tick size is 0, and
/// `why_none` says so.
GuessedGrids guess_grids(const std::string& source, const void* source_params, const SourceInput& input,
                         const std::function<bool(double share)>& progress);

/// "perhaps --venue oanda --symbol EURUSD" where the path is one of the known layouts, else empty. A suggestion only.
std::string suggest_instrument(const std::string& path);

}  // namespace tf::data
