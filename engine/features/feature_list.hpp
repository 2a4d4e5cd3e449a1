// Features and bars as a command line names them, without a config.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cuda/base/device.hpp"
#include "cuda/market/bar_spec.hpp"
#include "cuda/series/feature_set.hpp"

namespace tf::features {

/// What an indicator needs that the data at hand has not, as "the column volume, ..."; empty: nothing.
using Lacking = std::function<std::string(const series::IndicatorEntry&)>;

/// Reads "ema:period=10|20,macd:fast=12;slow=26,rsi": items apart by ',', an item NAME or NAME:PARAM=VALUE, further
/// parameters after ';' or as items PARAM=VALUE of their own; values apart by '|' span a grid, the last parameter
/// fastest. The item `all` is every indicator that lacks nothing, with its defaults. An instance that comes twice is
/// taken once. Throws Error{usage} with the offending text and its place: an unknown name (with candidates), a value
/// out of its range, an indicator that lacks something.
std::vector<series::Instance> read_feature_list(std::string_view text, const Exec& exec, const Lacking& lacking = {});

/// Reads "time:60", "volume:1000;price=trade", "time:5m" (s, m, h, d): what closes a bar, its size, other parameters of
/// bars. Throws Error{usage} likewise.
market::BarSpec read_bar(std::string_view text);

}  // namespace tf::features
