// The pack's words against the scalar words, bit by bit. Built for AVX2 from here on, as a leveled room is; a compiler
// that ignores the pragma checks the scalar words alone.
#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC target("avx2,fma")
#if !defined(__AVX2__)
#define __AVX2__ 1  // g++ 12 switches the code, not the macro
#endif
#endif
#undef TF_LEVEL
#define TF_LEVEL pack_test
#include "cuda/base/pack.hpp"
#include "cuda/base/philox.hpp"

using namespace tf;

namespace {

template <class T>
std::vector<T> awkward() {
  using L = std::numeric_limits<T>;
  std::vector<T> values = {T(0),           -T(0),           T(1),        T(-1),       T(1.5),        T(-2.5),
                           L::min(),       L::denorm_min(), L::max(),    L::lowest(), L::infinity(), -L::infinity(),
                           L::quiet_NaN(), T(1e-7),         T(123456.5), T(-0.3)};
  const RandomStream random{3, Purpose::test, 0};
  for (int draw = 0; draw < 16; ++draw) values.push_back(static_cast<T>((random.uniform(draw) - 0.5) * 1000));
  return values;
}

template <class T>
bool same(T a, T b) {
  if (std::isnan(a) && std::isnan(b)) return true;
  return std::memcmp(&a, &b, sizeof(T)) == 0;
}

#if defined(TF_HAS_PACK)
template <class T, class OnPack, class OnScalar>
int differences(OnPack on_pack, OnScalar on_scalar) {
  using P = Pack<T>;
  const std::vector<T> values = awkward<T>();
  int differ = 0;
  for (std::size_t a = 0; a + P::kLanes <= values.size(); a += P::kLanes)
    for (std::size_t shift = 0; shift < values.size(); ++shift) {
      P x = P::load(&values[a]), y, z;
      for (int lane = 0; lane < P::kLanes; ++lane) {
        y.set(lane, values[(a + lane + shift) % values.size()]);
        z.set(lane, values[(a + 3 * lane + 7 * shift) % values.size()]);
      }
      const P got = on_pack(x, y, z);
      for (int lane = 0; lane < P::kLanes; ++lane) differ += !same<T>(got[lane], on_scalar(x[lane], y[lane], z[lane]));
    }
  return differ;
}
#endif

}  // namespace

#if defined(TF_HAS_PACK)
TEST_CASE_TEMPLATE("a pack's word gives each lane the scalar word's bits, zeros, infinities and NaN included", T,
                   double, float) {
  const auto check = [](auto word) { CHECK(differences<T>(word, word) == 0); };
  check([](auto a, auto b, auto) { return a + b; });
  check([](auto a, auto b, auto) { return a - b; });
  check([](auto a, auto b, auto) { return a * b; });
  check([](auto a, auto b, auto) { return a / b; });
  check([](auto a, auto, auto) { return -a; });
  check([](auto a, auto b, auto c) { return fma_(a, b, c); });
  check([](auto a, auto b, auto) { return max_(a, b); });
  check([](auto a, auto b, auto) { return min_(a, b); });
  check([](auto a, auto, auto) { return sqrt_(a); });
  check([](auto a, auto, auto) { return abs_(a); });
  check([](auto a, auto, auto) { return floor_(a); });
  check([](auto a, auto b, auto c) { return select(a < b, b, c); });
  check([](auto a, auto b, auto c) { return select(a > b, b, c); });
  check([](auto a, auto b, auto c) { return select(a <= b, b, c); });
  check([](auto a, auto b, auto c) { return select(a >= b, b, c); });
  check([](auto a, auto b, auto c) { return select(a == b, b, c); });
  check([](auto a, auto b, auto c) { return select(a != b, b, c); });
  check([](auto a, auto b, auto c) { return select(and_(a < b, not_(b < c)), a, c); });
  check([](auto a, auto b, auto c) { return select(or_(a < b, b < c), a, c); });
}

TEST_CASE_TEMPLATE("any, all and mask_bits see every lane", T, double, float) {
  using P = Pack<T>;
  for (unsigned wanted = 0; wanted < (1u << P::kLanes); ++wanted) {
    P flags;
    for (int lane = 0; lane < P::kLanes; ++lane) flags.set(lane, wanted >> lane & 1 ? T(1) : T(0));
    const auto mask = flags > P(T(0));
    CHECK(mask_bits(mask) == wanted);
    CHECK(any(mask) == (wanted != 0));
    CHECK(all(mask) == (wanted == (1u << P::kLanes) - 1));
  }
}

TEST_CASE("a pack is one native register and keeps a value's sign of zero when it spreads it") {
  CHECK(sizeof(Pack<double>) == kVectorBytes);
  CHECK(sizeof(Pack<float>) == kVectorBytes);
  CHECK(std::signbit(Pack<double>(-0.0)[1]));
  CHECK(Pack<double>(3)[0] == 3.0);
}
#else
TEST_CASE("packs") { MESSAGE("skipped: this compiler does not build AVX2 here"); }
#endif

TEST_CASE("the second operand wins ties and NaN in max_ and min_") {
  CHECK(std::signbit(max_(0.0, -0.0)));
  CHECK(!std::signbit(min_(-0.0, 0.0)));
  CHECK(max_(std::nan(""), 2.0) == 2.0);
  CHECK(std::isnan(max_(2.0, std::nan(""))));
}

TEST_CASE("trailing_zeros and floor_log2 find the lowest and highest set bit") {
  for (int place = 0; place < 64; ++place) {
    CHECK(trailing_zeros(uint64_t{1} << place) == place);
    CHECK(floor_log2(uint64_t{1} << place | 1) == place);
  }
  CHECK(trailing_zeros(0b1011000) == 3);
}
