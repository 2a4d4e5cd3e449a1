// Recordings for tests: the real ones of ../shared/ticks, and changed copies of their lines.
#pragma once
#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "data/sources/parse/recorded_params.hpp"
#include "tests/data/sources/made_files.hpp"

namespace made {

inline const std::string kTicks = std::string(TF_SHARED) + "/ticks/";

inline bool have_ticks() { return std::filesystem::exists(kTicks + "COUNTS.tsv"); }

/// The rows that COUNTS.tsv knows of a file.
inline int64_t rows_known(const std::string& path) {
  std::ifstream in(kTicks + "COUNTS.tsv");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(path + "\t")) {
      const std::size_t entry = line.find('\t'), rows = line.find('\t', entry + 1);
      return std::stoll(line.substr(rows + 1));
    }
  return -1;
}

/// The unpacked lines of a file.
inline std::vector<std::string> lines_of(const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  std::string text;
  std::vector<char> buffer(1 << 20);
  while (file) {
    const int got = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()));
    if (got <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  if (file) gzclose(file);
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

inline std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

struct Wanted {
  std::string symbol;
  double tick_size, lot_size;
  tf::data::RecordedParams params = {};
};

inline Drained read_recorded(const std::vector<std::string>& files, const Wanted& wanted, std::size_t batch = 4096) {
  tf::Instrument asked = instrument(wanted.tick_size, wanted.lot_size);
  asked.symbol = wanted.symbol;
  const auto source = tf::data::find_source("recorded").open({files, asked}, &wanted.params);
  return drain(*source, batch);
}

inline int64_t noted(const Drained& all, const std::string& name) {
  const auto found = all.counts.noted.find(name);
  return found == all.counts.noted.end() ? 0 : found->second.rows;
}
inline int64_t refused(const Drained& all, const std::string& name) {
  const auto found = all.counts.refused.find(name);
  return found == all.counts.refused.end() ? 0 : found->second.rows;
}

inline int64_t ticks_of(const Drained& all, tf::TickKind kind) {
  return std::count_if(all.ticks.begin(), all.ticks.end(), [&](const tf::Tick& tick) { return tick.kind() == kind; });
}

using Sides = std::array<std::map<int64_t, int64_t>, 2>;  ///< asks, bids: price to size

/// The book that the depth ticks make.
inline Sides book_of(const std::vector<tf::Tick>& ticks) {
  Sides book;
  for (const tf::Tick& tick : ticks) {
    if (tick.kind() == tf::TickKind::clear && !(tick.flags & (tf::kFlagBuy | tf::kFlagSell))) book = {};
    if (tick.kind() != tf::TickKind::depth_bid && tick.kind() != tf::TickKind::depth_ask) continue;
    auto& side = book[tick.kind() == tf::TickKind::depth_bid];
    if (tick.qty == 0) {
      side.erase(tick.px);
    } else {
      side[tick.px] = tick.qty;
    }
  }
  return book;
}

/// Text to steps of 10^-decimals, by moving the point: nothing in common with the parser under test.
inline int64_t steps(std::string text, int decimals) {
  const std::size_t point = text.find('.');
  std::string fraction = point == text.npos ? "" : text.substr(point + 1);
  if (point != text.npos) text.erase(point);
  while (static_cast<int>(fraction.size()) > decimals) {
    if (fraction.back() != '0') return INT64_MIN;
    fraction.pop_back();
  }
  fraction.append(static_cast<std::size_t>(decimals) - fraction.size(), '0');
  return std::stoll(text + fraction);
}

/// Does every row end an event with the book consistent: are kFlagLast and kRowEnd where they should be?
inline bool well_ended(const Drained& all) {
  int64_t rows = 0;
  for (const tf::Tick& tick : all.ticks) {
    if (!(tick.flags & tf::data::kRowEnd)) continue;
    ++rows;
    if (!(tick.flags & tf::kFlagLast)) return false;
  }
  return rows == all.counts.rows_stored && (all.ticks.empty() || (all.ticks.back().flags & tf::data::kRowEnd));
}

}  // namespace made
