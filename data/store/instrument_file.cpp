#include "data/store/instrument_file.hpp"

#include <charconv>
#include <cmath>
#include <set>

#include "cuda/base/error.hpp"
#include "data/store/sessions.hpp"

namespace tf::data {
namespace {

/// The one key that may be absent: no calendar.
constexpr std::string_view kSessions = "sessions";

/// Visits key and field in the order of the file; writing and reading share it.
template <class I, class Visit>
void visit_fields(I& instrument, Visit&& visit) {
  visit("venue", instrument.venue);
  visit("symbol", instrument.symbol);
  visit("tick_size", instrument.tick_size);
  visit("lot_size", instrument.lot_size);
  visit("multiplier", instrument.multiplier);
  visit("currency", instrument.currency);
  visit("zone", instrument.zone);
  visit("day_start_s", instrument.day_start_s);
  visit("has_local_clock", instrument.has_local_clock);
  visit(kSessions.data(), instrument.sessions);
}

std::string value_text(const std::string& value) {
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + "\"";
}
std::string value_text(double value) {
  char digits[64];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value);
  std::string text(digits, end.ptr);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}
std::string value_text(int32_t value) { return std::to_string(value); }
std::string value_text(bool value) { return value ? "true" : "false"; }

bool read_value(std::string_view text, std::string& value) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  text = text.substr(1, text.size() - 2);
  value.clear();
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') return false;
    if (text[at] == '\\' && (++at == text.size() || (text[at] != '"' && text[at] != '\\'))) return false;
    value += text[at];
  }
  return true;
}
template <class T>
bool read_number(std::string_view text, T& value) {
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  return end.ec == std::errc() && end.ptr == text.data() + text.size();
}
bool read_value(std::string_view text, double& value) { return read_number(text, value) && std::isfinite(value); }
bool read_value(std::string_view text, int32_t& value) { return read_number(text, value); }
bool read_value(std::string_view text, bool& value) {
  value = text == "true";
  return value || text == "false";
}

const char* form_of(const std::string&) { return "a text in double quotes"; }
const char* form_of(double) { return "a finite number"; }
const char* form_of(int32_t) { return "a whole number"; }
const char* form_of(bool) { return "true or false"; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string instrument_text(const Instrument& instrument) {
  std::string text;
  visit_fields(instrument, [&](const char* key, const auto& value) {
    if (kSessions != key || !instrument.sessions.empty()) text += std::string(key) + " = " + value_text(value) + "\n";
  });
  return text;
}

Instrument parse_instrument(std::string_view text, const std::string& file) {
  Instrument instrument;
  std::set<std::string, std::less<>> seen;
  int line_number = 0;
  const auto fail = [&](const std::string& what) {
    throw Error(ErrorKind::bad_data, file + ":" + std::to_string(line_number) + ": " + what);
  };
  while (!text.empty()) {
    ++line_number;
    const std::size_t end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) fail("expected key = value");
    const std::string key(trim(line.substr(0, equals)));
    const std::string_view value = trim(line.substr(equals + 1));
    if (!seen.insert(key).second) fail("'" + key + "' is there twice");
    bool known = false;
    std::string candidates;
    visit_fields(instrument, [&](const char* name, auto& field) {
      candidates += std::string(candidates.empty() ? "" : ", ") + name;
      if (key != name) return;
      known = true;
      if (!read_value(value, field)) fail("'" + key + "' is " + std::string(value) + ", expected " + form_of(field));
    });
    if (!known) fail("unknown key '" + key + "'; there are: " + candidates);
  }
  visit_fields(instrument, [&](const char* name, const auto&) {
    if (kSessions != name && !seen.contains(name))
      throw Error(ErrorKind::bad_data, file + ": '" + name + "' is missing");
  });
  if (const std::string wrong = wrong_with(instrument); !wrong.empty())
    throw Error(ErrorKind::bad_data, file + ": " + wrong);
  return instrument;
}

std::string wrong_with(const Instrument& instrument) {
  for (const std::string* name : {&instrument.venue, &instrument.symbol}) {
    const char* what = name == &instrument.venue ? "venue" : "symbol";
    if (name->empty() || name->size() > 200 || name->front() == '.' || name->find('/') != std::string::npos)
      return std::string(what) + " '" + *name +
             "' cannot name a folder: expected 1 to 200 characters, no '/', no '.' at " + "the start";
  }
  for (const std::string* text :
       {&instrument.venue, &instrument.symbol, &instrument.currency, &instrument.zone, &instrument.sessions})
    for (const char c : *text)
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return "control character in '" + *text + "'";
  const auto positive = [](double value) { return std::isfinite(value) && value > 0; };
  if (!positive(instrument.tick_size)) return "tick_size must be above 0";
  if (!positive(instrument.lot_size)) return "lot_size must be above 0";
  if (!positive(instrument.multiplier)) return "multiplier must be above 0";
  if (!instrument.sessions.empty()) {
    try {
      Sessions(instrument.sessions, instrument.zone);
    } catch (const Error& error) { return error.what(); }
  }
  return {};
}

}  // namespace tf::data
