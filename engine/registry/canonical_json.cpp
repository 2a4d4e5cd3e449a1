#include "engine/registry/canonical_json.hpp"

#include <charconv>
#include <cmath>

#include "cuda/base/error.hpp"

namespace tf::registry {
namespace {

void write_text(std::string& out, const std::string& text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += c < 0x10 ? '0' : '1';
          out += "0123456789abcdef"[c & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void write(std::string& out, const Json& value) {
  switch (value.type()) {
    case Json::value_t::object: {
      out += '{';
      bool first = true;
      for (const auto& [name, member] : value.items()) {
        if (!first) out += ',';
        first = false;
        write_text(out, name);
        out += ':';
        write(out, member);
      }
      out += '}';
      break;
    }
    case Json::value_t::array: {
      out += '[';
      for (std::size_t at = 0; at < value.size(); ++at) {
        if (at) out += ',';
        write(out, value[at]);
      }
      out += ']';
      break;
    }
    case Json::value_t::string:
      write_text(out, value.get_ref<const std::string&>());
      break;
    case Json::value_t::boolean:
      out += value.get<bool>() ? "true" : "false";
      break;
    case Json::value_t::number_integer:
      out += std::to_string(value.get<int64_t>());
      break;
    case Json::value_t::number_unsigned:
      out += std::to_string(value.get<uint64_t>());
      break;
    case Json::value_t::number_float:
      out += number_text(value.get<double>());
      break;
    default:
      out += "null";
  }
}

}  // namespace

std::string number_text(double value) {
  if (!std::isfinite(value)) throw Error(ErrorKind::bad_data, "JSON has no number for NaN or infinity");
  if (value == 0) return "0";
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific);
  // "-d.ddde[+-]xx" taken apart, put together as ECMAScript's Number::toString does.
  std::string_view rest(text, static_cast<std::size_t>(end.ptr - text));
  std::string out;
  if (rest.front() == '-') out = "-", rest.remove_prefix(1);
  const std::size_t mark = rest.find('e');
  int exponent = 0;
  const std::size_t sign = rest[mark + 1] == '+' ? 1 : 0;
  std::from_chars(rest.data() + mark + 1 + sign, rest.data() + rest.size(), exponent);
  std::string digits(1, rest[0]);
  if (mark > 2) digits += rest.substr(2, mark - 2);
  const int count = static_cast<int>(digits.size()), point = exponent + 1;
  if (count <= point && point <= 21) return out + digits + std::string(static_cast<std::size_t>(point - count), '0');
  if (0 < point && point <= 21) return out + digits.insert(static_cast<std::size_t>(point), ".");
  if (-6 < point && point <= 0) return out + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  if (count > 1) digits.insert(1, ".");
  return out + digits + (exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(exponent));
}

std::string canonical_json(const Json& value) {
  std::string out;
  write(out, value);
  // What cannot be read back must never be stored: the reader is the judge of the text's encoding.
  if (!Json::accept(out)) throw Error(ErrorKind::bad_data, "text that is not UTF-8 cannot be written as JSON");
  return out;
}

Json parse_json(std::string_view text, const std::string& where) {
  try {
    return Json::parse(text);
  } catch (const Json::exception& fault) { throw Error(ErrorKind::bad_data, where + ": not JSON: " + fault.what()); }
}

}  // namespace tf::registry
