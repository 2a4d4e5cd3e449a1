// Built for AVX2 from here on, as a leveled room is; a compiler that ignores the pragma checks the scalar form alone.
#include <doctest/doctest.h>

#include <algorithm>
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
#define TF_LEVEL math_test
#include "cuda/base/philox.hpp"
#include "cuda/series/math.hpp"

using namespace tf;

namespace {

const double kInfinity = HUGE_VAL, kNan = std::nan("");
const double kPi = 3.14159265358979323846;

double ulps(double got, long double truth) {
  const double rounded = static_cast<double>(truth);
  if (!std::isfinite(got) || !std::isfinite(rounded)) return got == rounded ? 0 : kInfinity;
  const double ulp = std::nextafter(std::abs(rounded), kInfinity) - std::abs(rounded);
  return static_cast<double>(std::abs(got - truth) / ulp);
}

struct Arguments {
  RandomStream random{11, Purpose::test, 0};
  uint64_t drawn = 0;
  double uniform(double low, double high) { return low + (high - low) * random.uniform(drawn++); }
  /// Either sign, magnitude uniform in its logarithm.
  double spread(double low_exponent, double high_exponent) {
    const double magnitude = std::exp2(uniform(low_exponent, high_exponent));
    return uniform(0, 1) < 0.5 ? -magnitude : magnitude;
  }
};

[[maybe_unused]] const std::vector<double>& awkward() {
  using L = std::numeric_limits<double>;
  static const std::vector<double> values = {0.0,
                                             -0.0,
                                             1.0,
                                             -1.0,
                                             0.5,
                                             2.0,
                                             -2.0,
                                             L::min(),
                                             -L::min(),
                                             L::denorm_min(),
                                             1e-310,
                                             L::max(),
                                             L::lowest(),
                                             kInfinity,
                                             -kInfinity,
                                             kNan,
                                             1e-9,
                                             -1e-9,
                                             0.70710678118654746,
                                             0.70710678118654757,
                                             1.4142135623730951,
                                             1.4142135623730949,
                                             0.41421356237309503,
                                             2.4142135623730949,
                                             0.55,
                                             -0.55,
                                             0.55000000000000016,
                                             709.78,
                                             709.79,
                                             -745.13,
                                             -745.14,
                                             -708.5,
                                             20,
                                             19.99,
                                             1e5,
                                             -1e5,
                                             kPi / 2,
                                             kPi,
                                             1.5 * kPi,
                                             2 * kPi,
                                             0x1p48,
                                             0x1.8p48,
                                             22.0 / 7,
                                             355.0,
                                             1e22,
                                             3.0};
  return values;
}

template <class Function, class Truth, class Draw>
double worst_ulps(Function function, Truth truth, Draw draw, int count = 300000) {
  double worst = 0;
  for (int i = 0; i < count; ++i) {
    const double x = draw();
    const double error = ulps(function(x), truth(static_cast<long double>(x)));
    if (error > worst) worst = error;
  }
  return worst;
}

[[maybe_unused]] bool same(double a, double b) {
  return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b) || (std::isnan(a) && std::isnan(b));
}

}  // namespace

TEST_CASE("log_ is within 0.65 ulp over all positive numbers") {
  Arguments draw;
  const auto f = [](double x) { return log_(x); };
  const double all = worst_ulps(
      f, [](long double x) { return logl(x); }, [&] { return std::abs(draw.spread(-1074, 1024)); });
  const double near = worst_ulps(
      f, [](long double x) { return logl(x); }, [&] { return draw.uniform(0.4, 2.6); });
  const double one = worst_ulps(
      f, [](long double x) { return logl(x); }, [&] { return 1 + draw.spread(-52, -2); });
  MESSAGE("log_: all ", all, ", 0.4 to 2.6 ", near, ", around 1 ", one, " ulp");
  CHECK(std::max({all, near, one}) <= 0.65);
  CHECK(near > 0.4);
}

TEST_CASE("exp_ is within 0.65 ulp, and 1 ulp where the result is subnormal") {
  Arguments draw;
  const auto f = [](double x) { return exp_(x); };
  const auto truth = [](long double x) { return expl(x); };
  const double all = worst_ulps(f, truth, [&] { return draw.uniform(-708, 709.7); });
  const double small = worst_ulps(f, truth, [&] { return draw.uniform(-2, 2); });
  const double tiny = worst_ulps(f, truth, [&] { return draw.spread(-60, 0); });
  const double subnormal = worst_ulps(f, truth, [&] { return draw.uniform(-745, -708.4); });
  MESSAGE("exp_: all ", all, ", -2 to 2 ", small, ", tiny ", tiny, ", subnormal results ", subnormal, " ulp");
  CHECK(std::max({all, small, tiny}) <= 0.65);
  CHECK(subnormal <= 1);
}

TEST_CASE("sin_ and cos_ are within 0.75 ulp up to 2^48, also beside their zeros") {
  Arguments draw;
  const auto sine = [](double x) { return sin_(x); };
  const auto cosine = [](double x) { return cos_(x); };
  const auto true_sine = [](long double x) { return sinl(x); };
  const auto true_cosine = [](long double x) { return cosl(x); };
  double worst_sine = 0, worst_cosine = 0;
  const auto both = [&](auto argument) {
    worst_sine = std::max(worst_sine, worst_ulps(sine, true_sine, argument, 200000));
    worst_cosine = std::max(worst_cosine, worst_ulps(cosine, true_cosine, argument, 200000));
  };
  both([&] { return draw.uniform(-7, 7); });
  both([&] { return draw.uniform(-1e5, 1e5); });
  both([&] { return draw.spread(-40, 48); });
  both([&] { return std::floor(draw.uniform(0, 70000)) * (kPi / 2); });
  MESSAGE("sin_ ", worst_sine, ", cos_ ", worst_cosine, " ulp");
  CHECK(worst_sine <= 0.75);
  CHECK(worst_cosine <= 0.75);
}

TEST_CASE("atan_ is within 0.65 ulp, tanh_ within 0.85, atan2_ within 1.5") {
  Arguments draw;
  const auto arc = [](double x) { return atan_(x); };
  const auto true_arc = [](long double x) { return atanl(x); };
  const double arc_worst = std::max(worst_ulps(arc, true_arc, [&] { return draw.uniform(-4, 4); }),
                                    worst_ulps(arc, true_arc, [&] { return draw.spread(-1000, 1000); }));
  double angle_worst = 0;
  for (int i = 0; i < 300000; ++i) {
    const double y = draw.spread(-9, 9), x = draw.spread(-9, 9);
    angle_worst = std::max(angle_worst, ulps(atan2_(y, x), atan2l(y, x)));
  }
  const auto tangent = [](double x) { return tanh_(x); };
  const auto true_tangent = [](long double x) { return tanhl(x); };
  const double tanh_worst = std::max(worst_ulps(
                                         tangent, true_tangent, [&] { return draw.uniform(-3, 3); }, 600000),
                                     worst_ulps(tangent, true_tangent, [&] { return draw.spread(-300, 5); }));
  MESSAGE("atan_ ", arc_worst, ", atan2_ ", angle_worst, ", tanh_ ", tanh_worst, " ulp");
  CHECK(arc_worst <= 0.65);
  CHECK(angle_worst <= 1.5);
  CHECK(tanh_worst <= 0.85);
}

TEST_CASE("pow_ is within 1.2 ulp while |y ln x| <= 5, and loses 0.2 ulp a unit beyond") {
  Arguments draw;
  double small = 0, share = 0;
  for (int i = 0; i < 600000; ++i) {
    const double x = i % 2 ? draw.uniform(0.3, 3) : std::exp2(draw.uniform(-30, 30));
    const double exponent = i % 3 ? draw.uniform(-5, 5) : draw.uniform(-700, 700);
    const double y = exponent / std::log(x);
    if (!std::isfinite(y)) continue;
    const double error = ulps(pow_(x, y), powl(x, y));
    if (std::abs(exponent) <= 5)
      small = std::max(small, error);
    else
      share = std::max(share, (error - 1) / std::abs(exponent));
  }
  MESSAGE("pow_ ", small, " ulp; ", share, " ulp a unit of |y ln x|");
  CHECK(small <= 1.2);
  CHECK(share <= 0.2);
  CHECK(pow_(2.0, 10.0) == 1024);
  CHECK(pow_(4.0, 0.5) == 2);
  CHECK(pow_(10.0, -2.0) == doctest::Approx(0.01).epsilon(1e-15));
}

TEST_CASE("the corners are the C library's") {
  CHECK(log_(0.0) == -kInfinity);
  CHECK(log_(-0.0) == -kInfinity);
  CHECK(log_(1.0) == 0);
  CHECK(log_(kInfinity) == kInfinity);
  CHECK(std::isnan(log_(-1.0)));
  CHECK(std::isnan(log_(-kInfinity)));
  CHECK(exp_(0.0) == 1);
  CHECK(exp_(kInfinity) == kInfinity);
  CHECK(exp_(-kInfinity) == 0);
  CHECK(exp_(709.79) == kInfinity);
  CHECK(std::isfinite(exp_(709.78)));
  CHECK(exp_(-745.14) == 0);
  CHECK(exp_(-745.13) > 0);
  CHECK(exp_(1e300) == kInfinity);
  CHECK(exp_(-1e300) == 0);
  CHECK(sin_(0.0) == 0);
  CHECK(cos_(0.0) == 1);
  CHECK(std::isnan(sin_(0x1.8p48)));
  CHECK(std::isnan(cos_(kInfinity)));
  CHECK(tanh_(0.0) == 0);
  CHECK(std::signbit(tanh_(-0.0)));
  CHECK(tanh_(1e-310) == 1e-310);
  CHECK(tanh_(kInfinity) == 1);
  CHECK(tanh_(-1e9) == -1);
  CHECK(atan_(kInfinity) == kPi / 2);
  CHECK(atan_(-kInfinity) == -kPi / 2);
  CHECK(atan_(1.0) == kPi / 4);
  CHECK(atan_(1e-310) == 1e-310);
  for (const double y : {0.0, -0.0, 1.0, -1.0, kInfinity, -kInfinity})
    for (const double x : {0.0, -0.0, 2.0, -2.0, kInfinity, -kInfinity}) {
      CAPTURE(y);
      CAPTURE(x);
      if (std::isinf(y) && std::isinf(x)) continue;
      CHECK(std::abs(atan2_(y, x) - std::atan2(y, x)) <= 0);
      CHECK(std::signbit(atan2_(y, x)) == std::signbit(y));
    }
  CHECK(atan2_(kInfinity, kInfinity) == kPi / 4);
  CHECK(atan2_(-kInfinity, -kInfinity) == -3 * kPi / 4);
  CHECK(pow_(0.0, 2.0) == 0);
  CHECK(pow_(0.0, -1.0) == kInfinity);
  CHECK(pow_(0.0, 0.0) == 1);
  CHECK(pow_(5.0, 0.0) == 1);
  CHECK(pow_(kInfinity, 0.5) == kInfinity);
  CHECK(pow_(kInfinity, -0.5) == 0);
  CHECK(pow_(2.0, 5000.0) == kInfinity);
  CHECK(pow_(2.0, -5000.0) == 0);
  CHECK(pow_(1.0, 1e300) == 1);
  CHECK(std::isnan(pow_(-2.0, 2.0)));
  CHECK(sign_(3.0) == 1);
  CHECK(sign_(-kInfinity) == -1);
  CHECK(sign_(0.0) == 0);
  CHECK(std::isnan(sign_(kNan)));
  CHECK(or_zero_(kNan) == 0);
  CHECK(or_zero_(-2.5) == -2.5);
  CHECK(is_nan_(kNan));
  CHECK_FALSE(is_nan_(kInfinity));
  for (const double result : {log_(kNan), exp_(kNan), sin_(kNan), cos_(kNan), atan_(kNan), tanh_(kNan), pow_(kNan, 2.0),
                              pow_(2.0, kNan), atan2_(kNan, 1.0), atan2_(1.0, kNan)})
    CHECK(std::isnan(result));
}

#if defined(TF_HAS_PACK)
TEST_CASE("a lane of a pack has the bits of the scalar") {
  using P = Pack<double>;
  std::vector<double> values = awkward();
  Arguments draw;
  for (int i = 0; i < 40000; ++i) values.push_back(i % 2 ? draw.spread(-1074, 1023) : draw.spread(-12, 12));
  while (values.size() % P::kLanes) values.push_back(1);
  const auto check = [&](const char* name, auto function) {
    int64_t wrong = 0;
    double first = 0;
    for (std::size_t at = 0; at < values.size(); at += P::kLanes) {
      const P results = function(P::load(values.data() + at));
      for (int lane = 0; lane < P::kLanes; ++lane)
        if (!same(results[lane], function(values[at + lane])) && !wrong++) first = values[at + lane];
    }
    CAPTURE(name);
    CAPTURE(first);
    CHECK(wrong == 0);
  };
  check("log", [](auto x) { return log_(x); });
  check("exp", [](auto x) { return exp_(x); });
  check("sin", [](auto x) { return sin_(x); });
  check("cos", [](auto x) { return cos_(x); });
  check("atan", [](auto x) { return atan_(x); });
  check("tanh", [](auto x) { return tanh_(x); });
  check("sign", [](auto x) { return sign_(x); });
  check("or_zero", [](auto x) { return or_zero_(x); });
  for (const double other : {0.0, -0.0, 2.0, -0.5, 1e-3, 300.0, kInfinity, -kInfinity, kNan}) {
    check("pow", [&](auto x) { return pow_(x, decltype(x)(other)); });
    check("power", [&](auto x) { return pow_(decltype(x)(other), x); });
    check("atan2", [&](auto x) { return atan2_(x, decltype(x)(other)); });
    check("atan2 turned", [&](auto x) { return atan2_(decltype(x)(other), x); });
  }
}
#endif
