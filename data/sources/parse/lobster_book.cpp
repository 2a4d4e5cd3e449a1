#include "data/sources/parse/lobster_book.hpp"

#include <algorithm>
#include <charconv>

namespace tf::data {
namespace {

constexpr int64_t kNoLevel = 9'999'999'999;

bool next_number(std::string_view& rest, char delimiter, int64_t& value) {
  const std::size_t at = rest.find(delimiter);
  std::string_view cell = rest.substr(0, at);
  while (!cell.empty() && cell.front() == ' ') cell.remove_prefix(1);
  while (!cell.empty() && cell.back() == ' ') cell.remove_suffix(1);
  rest = at == rest.npos ? std::string_view() : rest.substr(at + 1);
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return error == std::errc() && end == cell.data() + cell.size();
}

}  // namespace

int64_t LobsterLevels::qty_at(bool bid, int64_t px) const {
  const std::vector<Level>& levels = side(bid);
  for (const Level& level : levels) {
    if (level.px == px) return level.qty;
    if (bid ? level.px < px : level.px > px) return 0;
  }
  return levels.size() < width ? 0 : -1;
}

bool parse_lobster_levels(std::string_view line, char delimiter, LobsterLevels& out) {
  out.bids.clear();
  out.asks.clear();
  out.width = 0;
  while (!line.empty()) {
    int64_t cells[4];
    for (int64_t& cell : cells) {
      if (line.empty() || !next_number(line, delimiter, cell)) return false;
    }
    ++out.width;
    if (cells[1] < 0 || cells[3] < 0) return false;
    if (std::abs(cells[0]) != kNoLevel && cells[1] > 0) out.asks.push_back({cells[0], cells[1]});
    if (std::abs(cells[2]) != kNoLevel && cells[3] > 0) out.bids.push_back({cells[2], cells[3]});
  }
  return out.width > 0;
}

}  // namespace tf::data
