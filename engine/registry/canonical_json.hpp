// One text for one JSON value, so that its SHA-256 names it. RFC 8785 with two stated differences: integers are written
// exactly up to 64 bits (the RFC rounds beyond 2^53), and members are sorted by UTF-8 bytes (the same order as the
// RFC's UTF-16 units except for characters beyond U+FFFF). Of duplicate members the last one counts.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace tf::registry {

using Json = nlohmann::json;

/// Throws Error{bad_data} for a number that is not finite and for text that is not UTF-8.
std::string canonical_json(const Json& value);
/// Throws Error{bad_data} that begins with `where`.
Json parse_json(std::string_view text, const std::string& where);
/// The shortest text that reads back to the same bits, in the form of ECMAScript.
std::string number_text(double value);

}  // namespace tf::registry
