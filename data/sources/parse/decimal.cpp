#include "data/sources/parse/decimal.hpp"

#include <charconv>
#include <limits>
#include <numeric>

#include "cuda/base/error.hpp"

namespace tf::data {
namespace {

using Wide = __int128;

// factor *= 10^power; false when it leaves 127 bits.
bool shift(Wide& factor, int power) {
  for (; power > 0; --power)
    if (__builtin_mul_overflow(factor, Wide{10}, &factor)) return false;
  return true;
}

}  // namespace

Decimal shortest_decimal(double value) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  Decimal decimal;
  expect(parse_decimal({text, static_cast<std::size_t>(end - text)}, decimal) == ParseState::good, "a finite number");
  while (decimal.mantissa != 0 && decimal.mantissa % 10 == 0) {
    decimal.mantissa /= 10;
    ++decimal.exponent;
  }
  return decimal;
}

Grid::Grid(double step, double scale) : scale_(shortest_decimal(scale)), step_(shortest_decimal(step)) {
  for (int row = 0; row < kRows; ++row) {
    const int power = row - kDeepest + scale_.exponent - step_.exponent;
    Wide multiply = scale_.mantissa, divide = step_.mantissa;
    if (!shift(power > 0 ? multiply : divide, power > 0 ? power : -power)) continue;
    if (multiply > std::numeric_limits<int64_t>::max() || divide > std::numeric_limits<int64_t>::max()) continue;
    const Wide common = std::gcd(static_cast<int64_t>(multiply), static_cast<int64_t>(divide));
    rows_[row] = {static_cast<int64_t>(multiply / common), static_cast<int64_t>(divide / common)};
  }
}

GridState Grid::slow_steps(const Decimal& value, int64_t& steps) const {
  if (value.mantissa == 0) {
    steps = 0;
    return GridState::on;
  }
  Wide top = Wide{value.mantissa} * scale_.mantissa, bottom = step_.mantissa;
  const int power = value.exponent + scale_.exponent - step_.exponent;
  if (power < -36) {  // |value| below 1e-36 * 1e36 / step: less than any tolerance unless the mantissa is huge
    steps = 0;
    return power < -60 ? GridState::on : GridState::off;
  }
  if (!shift(power > 0 ? top : bottom, power > 0 ? power : -power)) {
    steps = 0;
    return power > 0 ? GridState::out_of_range : GridState::off;
  }
  Wide whole = top / bottom;
  Wide rest = top % bottom;
  if (rest < 0) rest = -rest;
  if (rest > bottom - rest || rest == bottom - rest) {
    whole += top < 0 ? -1 : 1;
    rest = bottom - rest;
  }
  if (whole > std::numeric_limits<int64_t>::max() || whole < -std::numeric_limits<int64_t>::max())
    return GridState::out_of_range;
  steps = static_cast<int64_t>(whole);
  return rest <= bottom / 1'000'000 ? GridState::on : GridState::off;
}

}  // namespace tf::data
