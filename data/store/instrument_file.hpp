// instrument.toml: nine fixed keys and perhaps `sessions`, one a line, written and read without a TOML library (data/
// includes none).
#pragma once
#include <string>
#include <string_view>

#include "cuda/base/market.hpp"

namespace tf::data {

inline constexpr const char* kInstrumentFile = "instrument.toml";

std::string instrument_text(const Instrument& instrument);
/// Strict: every key once (`sessions` at most once), no other key. Throws Error{bad_data} as "file:line: what, what was
/// expected".
Instrument parse_instrument(std::string_view text, const std::string& file);

/// What keeps an instrument from being stored (name that is no folder name, sizes not positive …); empty if nothing.
std::string wrong_with(const Instrument& instrument);

}  // namespace tf::data
