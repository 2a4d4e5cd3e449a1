// What Dukascopy's two tick formats share: prices and volumes on the instrument's grids, the point of a symbol.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cuda/base/market.hpp"
#include "cuda/base/time.hpp"
#include "data/sources/parse/decimal.hpp"

namespace tf::data::dukascopy {

/// Price of one unit in the .bi5 files of that symbol (any case, with or without '/'), as published with the vendor's
/// instrument list: 1e-3 for pairs in JPY, HUF and RUB, metals, indices and shares, 1e-5 for the other currency pairs,
/// and a few of their own. Nothing for symbols of which it is not known.
std::optional<double> point_of(std::string_view symbol);

/// Where and when a file belongs to, by its path SYMBOL/YYYY/MM/DD/HHh_ticks.bi5 with the month from 00 on.
struct HourFile {
  std::string symbol;
  int64_t start_ns = 0;
};
std::optional<HourFile> hour_of_path(std::string_view path);

/// "2012-11-03T05" (UTC, minutes may follow as :00).
std::optional<int64_t> parse_hour(std::string_view text);

/// Float volumes to lots: the float's shortest decimal, times the scale, to the nearest lot.
class VolumeGrid {
 public:
  VolumeGrid() = default;
  VolumeGrid(double lot_size, double scale) : grid_(lot_size, scale) {}
  /// False for a volume that is negative, no number, or too large; `off` is set when it was no whole lot.
  bool lots(float volume, int64_t& lots, bool& off);

 private:
  struct Known {
    uint32_t bits = 0;  // +0 is 0 lots
    int64_t lots = 0;
    bool good = true, off = false;
  };
  Grid grid_;
  std::array<Known, 256> known_{};
};

}  // namespace tf::data::dukascopy
