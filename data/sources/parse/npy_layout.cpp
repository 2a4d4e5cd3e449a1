#include "data/sources/parse/npy_layout.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <vector>

namespace tf::data {
namespace {

constexpr const char* kNames[kEventFields] = {"ev", "exch_ts", "local_ts", "px", "qty", "order_id"};

/// The part of Python's literals that numpy writes: strings, integers, True, False, tuples, lists, one dict.
class Literal {
 public:
  explicit Literal(std::string_view text) : rest_(text) {}
  bool take(char c) {
    space();
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool text(std::string& out) {
    space();
    if (rest_.empty() || (rest_[0] != '\'' && rest_[0] != '"')) return false;
    const std::size_t end = rest_.find(rest_[0], 1);
    if (end == rest_.npos) return false;
    out = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return true;
  }
  bool integer(int64_t& out) {
    space();
    std::size_t at = 0;
    out = 0;
    for (; at < rest_.size() && rest_[at] >= '0' && rest_[at] <= '9'; ++at)
      if (__builtin_mul_overflow(out, int64_t{10}, &out) || __builtin_add_overflow(out, rest_[at] - '0', &out))
        return false;
    rest_.remove_prefix(at);
    if (at > 0 && !rest_.empty() && rest_[0] == 'L') rest_.remove_prefix(1);
    return at > 0;
  }
  bool word(std::string_view expected) {
    space();
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  /// "(3, 4)": an empty tuple has no numbers.
  bool tuple(std::vector<int64_t>& out) {
    if (!take('(')) return false;
    while (!take(')')) {
      int64_t value;
      if (out.size() > 32 || !integer(value)) return false;
      out.push_back(value);
      take(',');
    }
    return true;
  }
  bool at(char c) {
    space();
    return !rest_.empty() && rest_[0] == c;
  }

 private:
  void space() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n' || rest_[0] == '\t')) rest_.remove_prefix(1);
  }
  std::string_view rest_;
};

// "<f8": order, kind, bytes. False for what is no such type; kind V is padding of that many bytes.
bool parse_type(const std::string& text, NpyField& out) {
  std::string_view rest = text;
  if (rest.empty()) return false;
  const char order = rest[0];
  if (std::string_view("<>|=").find(order) != std::string_view::npos) rest.remove_prefix(1);
  if (rest.size() < 2 || rest.size() > 6) return false;
  out.kind = rest[0];
  out.bytes = 0;
  for (const char c : rest.substr(1)) {
    if (c < '0' || c > '9') return false;
    out.bytes = out.bytes * 10 + (c - '0');
  }
  out.swap = order == '>';
  return out.bytes > 0;
}

bool is_number(const NpyField& field) {
  const bool whole = field.kind == 'i' || field.kind == 'u';
  return (whole && (field.bytes == 1 || field.bytes == 2 || field.bytes == 4 || field.bytes == 8)) ||
         (field.kind == 'f' && (field.bytes == 4 || field.bytes == 8));
}

std::string parse_records(Literal& literal, NpyLayout& out) {
  const char* const bad = "its dtype cannot be read";
  for (int count = 0; !literal.take(']'); ++count) {
    std::string name, type;
    if (count > 200 || !literal.take('(') || !literal.text(name) || !literal.take(',') || !literal.text(type))
      return bad;
    NpyField field;
    if (!parse_type(type, field)) return bad;
    int64_t copies = 1;
    if (literal.take(',')) {
      std::vector<int64_t> shape;
      if (literal.at('(')) {
        if (!literal.tuple(shape)) return bad;
        for (const int64_t size : shape)
          if (size > 1'000'000 || (copies *= size) > 1'000'000) return bad;
      }
    }
    if (!literal.take(')')) return bad;
    literal.take(',');
    field.offset = out.record_bytes;
    // A string of unicode characters has 4 bytes each.
    out.record_bytes +=
        static_cast<std::size_t>(field.bytes) * (field.kind == 'U' ? 4 : 1) * static_cast<std::size_t>(copies);
    if (out.record_bytes > 65'536) return "its records are longer than 64 KiB";
    for (std::size_t known = 0; known < kEventFields; ++known) {
      if (name != kNames[known]) continue;
      if (!is_number(field) || copies != 1) return "its field '" + name + "' is no number";
      out.fields[known] = field;
    }
  }
  return {};
}

template <class T>
T load(const NpyField& field, const char* record) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, record + field.offset, sizeof(T));
  if (field.swap) std::reverse(bytes, bytes + sizeof(T));
  return std::bit_cast<T>(bytes);
}

// The double whose shortest decimal is that of the float: 1.1f is 1.1, not 1.10000002384.
double widen(float value) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof(text), value).ptr;
  double wide = value;
  if (std::isfinite(value)) std::from_chars(text, end, wide);
  return wide;
}

}  // namespace

std::string parse_npy_header(std::string_view text, NpyLayout& out) {
  out = {};
  Literal literal(text);
  std::string plain_type, wrong;
  std::vector<int64_t> shape;
  bool records = false, shaped = false;
  if (!literal.take('{')) return "its header is no dict";
  while (!literal.take('}')) {
    std::string key;
    if (!literal.text(key) || !literal.take(':')) return "its header cannot be read";
    if (key == "descr") {
      records = literal.take('[');
      if (records) {
        wrong = parse_records(literal, out);
        if (!wrong.empty()) return wrong;
      } else if (!literal.text(plain_type)) {
        return "its dtype cannot be read";
      }
    } else if (key == "fortran_order") {
      if (!literal.word("False") && !literal.word("True")) return "its header cannot be read";
    } else if (key == "shape") {
      shaped = literal.tuple(shape);
      if (!shaped) return "its shape cannot be read";
    } else {
      return "its header has an unknown key '" + key.substr(0, 40) + "'";
    }
    literal.take(',');
  }
  if (!shaped) return "its header has no shape";
  if (!records) {
    if (plain_type.ends_with("f8") && shape.size() == 2 && shape[1] == 6)
      return "is an array of hftbacktest version 1 (6 columns of float64); convert it with "
             "hftbacktest.data.utils.migration2 first";
    return "is a plain array of " + plain_type.substr(0, 20) +
           "; an array of hftbacktest 2 events was expected, with " + "fields ev, exch_ts, local_ts, px, qty, order_id";
  }
  if (shape.size() != 1) return "has " + std::to_string(shape.size()) + " dimensions; one was expected";
  out.rows = shape[0];
  std::string missing;
  for (const EventField needed : {EventField::ev, EventField::px})
    if (out[needed].kind == 0) missing += std::string(" ") + kNames[static_cast<std::size_t>(needed)];
  if (out[EventField::exch_ts].kind == 0 && out[EventField::local_ts].kind == 0) missing += " exch_ts";
  if (!missing.empty()) return "has no field" + missing + "; fields of hftbacktest 2 events were expected";
  if (out[EventField::ev].kind == 'f') return "its field 'ev' is a float; an integer was expected";
  return {};
}

int64_t npy_integer(const NpyField& field, const char* record) {
  if (field.kind == 'f') {
    const double value = npy_real(field, record);
    return value > -9e18 && value < 9e18 ? static_cast<int64_t>(value) : INT64_MIN;
  }
  const bool is_signed = field.kind == 'i';
  switch (field.bytes) {
    case 1:
      return is_signed ? load<int8_t>(field, record) : load<uint8_t>(field, record);
    case 2:
      return is_signed ? load<int16_t>(field, record) : load<uint16_t>(field, record);
    case 4:
      return is_signed ? load<int32_t>(field, record) : load<uint32_t>(field, record);
    default:
      return load<int64_t>(field, record);
  }
}

double npy_real(const NpyField& field, const char* record) {
  if (field.kind == 'f') return field.bytes == 8 ? load<double>(field, record) : widen(load<float>(field, record));
  return static_cast<double>(npy_integer(field, record));
}

}  // namespace tf::data
