// Decimal text to integers, exactly: no value passes through a binary float on its way to the price grid.
#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tf::data {

/// value = mantissa * 10^exponent.
struct Decimal {
  int64_t mantissa = 0;
  int exponent = 0;
};

enum class ParseState { good, bad, out_of_range };

namespace decimal_parts {

constexpr int64_t kMostBeforeDigit = 922'337'203'685'477'579;  // one more digit still fits

// Digits past the 18th or 19th: dropped, which is exact to 1e-18 of the value, far inside the grid's tolerance.
constexpr bool take(char c, Decimal& value, bool fraction, bool& digits) {
  const unsigned digit = static_cast<unsigned>(c) - '0';
  if (digit > 9) return false;
  digits = true;
  if (value.mantissa <= kMostBeforeDigit) {
    value.mantissa = value.mantissa * 10 + static_cast<int64_t>(digit);
    if (fraction) --value.exponent;
  } else if (!fraction) {
    ++value.exponent;
  }
  return true;
}

}  // namespace decimal_parts

/// 10^power, power 0 to 18.
inline constexpr std::array<int64_t, 19> kPowersOfTen = [] {
  std::array<int64_t, 19> powers{1};
  for (std::size_t power = 1; power < powers.size(); ++power) powers[power] = powers[power - 1] * 10;
  return powers;
}();

constexpr ParseState parse_any_decimal(std::string_view text, Decimal& out);

/// Reads all of `text`: [+-]digits[.digits][e[+-]digits]. No spaces, no thousands separators, no inf or nan.
/// What nearly all cells are, up to 18 bytes of digits with a point, goes the short way.
constexpr ParseState parse_decimal(std::string_view text, Decimal& out) {
  const char* at = text.data();
  const char* const end = at + text.size();
  if (text.size() - 1 >= 18) return parse_any_decimal(text, out);
  int64_t mantissa = 0;
  for (unsigned digit; at != end && (digit = static_cast<unsigned>(*at) - '0') <= 9; ++at)
    mantissa = mantissa * 10 + static_cast<int64_t>(digit);
  if (at == end) {
    out = {mantissa, 0};
    return ParseState::good;
  }
  if (*at != '.' || text.size() == 1) return parse_any_decimal(text, out);
  const char* const fraction = ++at;
  for (unsigned digit; at != end && (digit = static_cast<unsigned>(*at) - '0') <= 9; ++at)
    mantissa = mantissa * 10 + static_cast<int64_t>(digit);
  if (at != end) return parse_any_decimal(text, out);
  out = {mantissa, static_cast<int>(fraction - end)};
  return ParseState::good;
}

constexpr ParseState parse_any_decimal(std::string_view text, Decimal& out) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool negative = at != end && *at == '-';
  if (at != end && (*at == '-' || *at == '+')) ++at;
  Decimal value;
  bool digits = false;
  while (at != end && decimal_parts::take(*at, value, false, digits)) ++at;
  if (at != end && *at == '.') {
    ++at;
    while (at != end && decimal_parts::take(*at, value, true, digits)) ++at;
  }
  if (!digits) return ParseState::bad;
  if (at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    const bool down = at != end && *at == '-';
    if (at != end && (*at == '-' || *at == '+')) ++at;
    if (at == end) return ParseState::bad;
    int power = 0;
    for (; at != end && *at >= '0' && *at <= '9'; ++at)
      if (power < 100'000) power = power * 10 + (*at - '0');
    value.exponent += down ? -power : power;
  }
  if (at != end) return ParseState::bad;
  if (negative) value.mantissa = -value.mantissa;
  if (value.mantissa == 0) value.exponent = 0;
  out = value;
  return value.exponent > 400 || value.exponent < -400 ? ParseState::out_of_range : ParseState::good;
}

/// The same for a cell of a big text, of which 24 bytes before the cell must be readable: up to 19 digits with a point
/// in a few multiplications, anything else by parse_any_decimal.
ParseState read_decimal(std::string_view text, Decimal& out);

namespace decimal_parts {

// Eight bytes of text, the last one in the highest byte.
inline uint64_t eight_before(const char* end) {
  uint64_t word;
  std::memcpy(&word, end - 8, 8);
  return word ^ 0x3030303030303030u;  // digits become 0..9
}
// 0x80 in each byte that is zero.
inline uint64_t zero_bytes(uint64_t word) {
  constexpr uint64_t kLow = 0x7F7F7F7F7F7F7F7Fu;
  return ~(((word & kLow) + kLow) | word | kLow);
}
inline uint64_t points(uint64_t word) { return zero_bytes(word ^ 0x1E1E1E1E1E1E1E1Eu); }  // '.' ^ '0'
inline bool all_digits(uint64_t word) { return (((word + 0x7676767676767676u) | word) & 0x8080808080808080u) == 0; }
// Eight digits, one a byte, the first in the lowest.
inline uint64_t number_of(uint64_t word) {
  word = (word * 2561) >> 8 & 0x00FF00FF00FF00FFu;
  word = (word * 6553601) >> 16 & 0x0000FFFF0000FFFFu;
  return word * 42949672960001u >> 32;
}
// Takes the point at byte `at` out of the word: what stands before it moves up; the lowest byte becomes 0.
inline uint64_t close_gap(uint64_t word, int at) {
  const uint64_t before = (uint64_t{1} << 8 * at) - 1;
  return (word & ~(before << 8 | 0xFF)) | (word & before) << 8;
}

}  // namespace decimal_parts

inline ParseState read_decimal(std::string_view text, Decimal& out) {
  using namespace decimal_parts;
  const std::size_t bytes = text.size();
  const char* const end = text.data() + bytes;
  if (bytes - 1 < 8) {
    uint64_t word = eight_before(end) >> (64 - 8 * bytes) << (64 - 8 * bytes);
    int exponent = 0;
    if (const uint64_t point = points(word)) {
      if (bytes == 1) return ParseState::bad;
      const int at = std::countr_zero(point) / 8;
      exponent = at - 7;
      word = close_gap(word, at);
    }
    if (!all_digits(word)) return parse_any_decimal(text, out);
    out = {static_cast<int64_t>(number_of(word)), exponent};
    return ParseState::good;
  }
  if (bytes - 1 < 16) {
    uint64_t low = eight_before(end), high = eight_before(end - 8);
    high = high >> (128 - 8 * bytes) << (128 - 8 * bytes);
    int exponent = 0;
    if (const uint64_t point = points(low)) {
      const int at = std::countr_zero(point) / 8;
      exponent = at - 7;
      low = close_gap(low, at) | high >> 56;
      high <<= 8;
    } else if (const uint64_t earlier = points(high)) {
      const int at = std::countr_zero(earlier) / 8;
      exponent = at - 15;
      high = close_gap(high, at);
    }
    if (!all_digits(low) || !all_digits(high)) return parse_any_decimal(text, out);
    out = {static_cast<int64_t>(number_of(high) * 100'000'000 + number_of(low)), exponent};
    return ParseState::good;
  }
  if (bytes - 17 < 3) {
    const uint64_t low = eight_before(end), middle = eight_before(end - 8);
    uint64_t high = eight_before(end - 16);
    high = high >> (192 - 8 * bytes) << (192 - 8 * bytes);
    const uint64_t top = number_of(high);
    if (top >= 922 || !all_digits(low) || !all_digits(middle) || !all_digits(high)) return parse_any_decimal(text, out);
    out = {static_cast<int64_t>(top * 10'000'000'000'000'000u + number_of(middle) * 100'000'000 + number_of(low)), 0};
    return ParseState::good;
  }
  return parse_any_decimal(text, out);
}

enum class GridState { on, off, out_of_range };

/// Why a value in steps refuses its row, or nullptr: `off` unless rows off the grid are rounded.
constexpr const char* reason_of(GridState state, bool round, const char* off) {
  if (state == GridState::out_of_range) return "number out of range";
  return state == GridState::on || round ? nullptr : off;
}

/// Decimal values to whole steps of a grid, e.g. prices to ticks: steps = value * scale / step. `step` and `scale` are
/// taken as the shortest decimal that reads back to the same double, so 1e-05 is exactly a hundred-thousandth.
class Grid {
 public:
  Grid() = default;
  Grid(double step, double scale);

  /// `on` within 1e-6 of a step (some feeds print binary floats: 26.310000000000002). `off`: steps holds the nearest,
  /// halves away from zero.
  GridState steps(const Decimal& value, int64_t& steps) const {
    const int row = value.exponent + kDeepest;
    if (row >= 0 && row < kRows && rows_[row].multiply != 0 &&
        !__builtin_mul_overflow(value.mantissa, rows_[row].multiply, &steps)) {
      if (rows_[row].divide == 1) return GridState::on;
      const int64_t whole = steps / rows_[row].divide;
      if (whole * rows_[row].divide == steps) {
        steps = whole;
        return GridState::on;
      }
    }
    return slow_steps(value, steps);
  }

 private:
  GridState slow_steps(const Decimal& value, int64_t& steps) const;

  // steps = mantissa * multiply / divide for each exponent -18..3; multiply = 0: does not fit, take the slow way.
  static constexpr int kDeepest = 18, kRows = 22;
  struct Row {
    int64_t multiply = 0, divide = 1;
  };
  std::array<Row, kRows> rows_{};
  Decimal scale_{1, 0}, step_{1, 0};
};

/// The shortest decimal that reads back to this double.
Decimal shortest_decimal(double value);

}  // namespace tf::data
