// Reading venue messages with simdjson on demand: members in any order, numbers as the text that was written.
//
// On demand walks forward once: an array or object has to be read inside the callback that is given it, scalars may be
// taken with text_of. Texts point into the message and stay valid as long as it does.
#pragma once
#include <simdjson.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "data/sources/parse/recorded_book.hpp"
#include "data/sources/parse/time_column.hpp"

namespace tf::data {

using JsonValue = simdjson::ondemand::value;
using JsonType = simdjson::ondemand::json_type;

/// What a scalar says, as written: digits of a number, the inside of a string (escapes as they are; venues write none
/// in names and numbers), "true", "false". Empty for null, an array or an object.
///
/// Where JSON breaks off, simdjson's own length of a token is not to be trusted: the end is looked for here. A closing
/// quote is there, since simdjson refuses texts without one; other scalars are at most as long as the bytes behind the
/// message may be read.
inline std::string_view text_of(JsonValue value) {
  const char* const from = value.raw_json_token().data();
  const char* to = from;
  if (*from == '"') {
    for (++to; *to != '"'; ++to)
      if (*to == '\\') ++to;
    return {from + 1, static_cast<std::size_t>(to - from) - 1};
  }
  const auto is_scalar = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
  };
  while (to - from < static_cast<std::ptrdiff_t>(simdjson::SIMDJSON_PADDING) && is_scalar(*to)) ++to;
  const std::string_view token(from, static_cast<std::size_t>(to - from));
  return token == "null" ? std::string_view() : token;
}

inline bool is_array(JsonValue value) { return *value.raw_json_token().data() == '['; }
inline bool is_object(JsonValue value) { return *value.raw_json_token().data() == '{'; }

/// Calls f(key, value) for each member; f returns false to stop. False when the JSON is wrong (not when f stops).
template <class F>
bool each_member(simdjson::simdjson_result<simdjson::ondemand::object> found, F f) {
  simdjson::ondemand::object object;
  if (std::move(found).get(object)) return false;
  for (auto member : object) {
    if (member.error()) return false;
    simdjson::ondemand::field field = std::move(member).value_unsafe();
    const char* const from = field.key().raw();
    const char* to = from;
    while (*to != '"') ++to;  // simdjson has seen the closing quote
    if (!f(std::string_view(from, static_cast<std::size_t>(to - from)), field.value())) return true;
  }
  return true;
}
template <class F>
bool each_member(JsonValue value, F f) {
  return each_member(value.get_object(), f);
}

/// Calls f(value) for each element; f returns false to stop. False when the JSON is wrong.
template <class F>
bool each_element(simdjson::simdjson_result<simdjson::ondemand::array> found, F f) {
  simdjson::ondemand::array array;
  if (std::move(found).get(array)) return false;
  for (auto element : array) {
    if (element.error()) return false;
    if (!f(std::move(element).value_unsafe())) return true;
  }
  return true;
}
template <class F>
bool each_element(JsonValue value, F f) {
  return each_element(value.get_array(), f);
}

/// The first `count` scalars of an array as texts; missing ones stay empty. False when the JSON is wrong.
inline bool texts_of(JsonValue value, std::string_view* texts, std::size_t count) {
  std::size_t at = 0;
  return each_element(value, [&](JsonValue element) {
    if (at < count) texts[at] = text_of(element);
    ++at;
    return true;
  });
}

/// [[price, size, ...], ...] of one side, added to `levels`. False when the JSON is wrong.
inline bool levels_of(JsonValue value, bool bid, std::vector<LevelText>& levels) {
  bool good = true;
  const bool read = each_element(value, [&](JsonValue row) {
    std::string_view texts[2];
    good = texts_of(row, texts, 2);
    levels.push_back({texts[0], texts[1], bid});
    return good;
  });
  return read && good;
}

/// A parser and its document; one a venue, used again for each message.
class JsonMessage {
 public:
  /// False when the text is no JSON object or array as far as one can see without reading it.
  bool open(std::string_view json) {
    if (parser_.iterate(json.data(), json.size(), json.size() + simdjson::SIMDJSON_PADDING).get(document_))
      return false;
    simdjson::ondemand::json_type type;
    if (document_.type().get(type)) return false;
    is_array_ = type == JsonType::array;
    return is_array_ || type == JsonType::object;
  }
  bool is_array() const { return is_array_; }
  /// The root, read to its end by the callback (f returns false to stop). False when the JSON is wrong, or when
  /// something follows it.
  template <class F>
  bool members(F f) {
    bool stopped = false;
    const bool good = each_member(document_.get_object(), [&](std::string_view key, JsonValue value) {
      stopped = !f(key, value);
      return !stopped;
    });
    return good && (stopped || at_end());
  }
  template <class F>
  bool elements(F f) {
    bool stopped = false;
    const bool good = each_element(document_.get_array(), [&](JsonValue value) {
      stopped = !f(value);
      return !stopped;
    });
    return good && (stopped || at_end());
  }

 private:
  bool at_end() { return document_.current_location().error() == simdjson::OUT_OF_BOUNDS; }

  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document document_;
  bool is_array_ = false;
};

/// A whole number with an optional minus; false for anything else.
bool integer_of(std::string_view text, int64_t& number);

/// A number since 1970 (with or without a fraction) to ns; automatic: by magnitude, s, ms, us or ns. False when it is
/// no number or not between 1970 and 2200.
bool epoch_ns(std::string_view text, TimeUnit unit, int64_t& ns);

/// "2021-07-22T22:36:07.865Z", also with an offset or without one (UTC), up to 9 decimals of the second.
bool iso_ns(std::string_view text, int64_t& ns);

/// Does `text` begin a JSON member of that name, anywhere? A cheap look for `claims`: "name" with its quotes and colon.
bool has_member(std::string_view json, std::string_view name);

}  // namespace tf::data
