#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "cuda/base/error.hpp"
#include "cuda/base/philox.hpp"
#include "engine/registry/canonical_json.hpp"

using namespace tf::registry;

TEST_CASE("numbers are written as RFC 8785 lists them") {
  // Appendix B of the RFC: IEEE bits and text.
  struct Row {
    uint64_t bits;
    const char* text;
  };
  const Row rows[] = {{0x0000000000000000, "0"},
                      {0x8000000000000000, "0"},
                      {0x0000000000000001, "5e-324"},
                      {0x8000000000000001, "-5e-324"},
                      {0x7fefffffffffffff, "1.7976931348623157e+308"},
                      {0xffefffffffffffff, "-1.7976931348623157e+308"},
                      {0x4340000000000000, "9007199254740992"},
                      {0xc340000000000000, "-9007199254740992"},
                      {0x4430000000000000, "295147905179352830000"},
                      {0x44b52d02c7e14af5, "9.999999999999997e+22"},
                      {0x44b52d02c7e14af6, "1e+23"},
                      {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
                      {0x444b1ae4d6e2ef4e, "999999999999999700000"},
                      {0x444b1ae4d6e2ef4f, "999999999999999900000"},
                      {0x444b1ae4d6e2ef50, "1e+21"},
                      {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
                      {0x3eb0c6f7a0b5ed8d, "0.000001"},
                      {0x41b3de4355555553, "333333333.3333332"},
                      {0x41b3de4355555554, "333333333.33333325"},
                      {0x41b3de4355555555, "333333333.3333333"},
                      {0x41b3de4355555556, "333333333.3333334"},
                      {0x41b3de4355555557, "333333333.33333343"},
                      {0xbecbf647612f3696, "-0.0000033333333333333333"},
                      {0x43143ff3c1cb0959, "1424953923781206.2"}};
  for (const Row& row : rows) CHECK(number_text(std::bit_cast<double>(row.bits)) == row.text);
  CHECK_THROWS_AS(number_text(std::numeric_limits<double>::quiet_NaN()), tf::Error);
  CHECK_THROWS_AS(number_text(std::numeric_limits<double>::infinity()), tf::Error);
}

TEST_CASE("any finite number reads back to the same bits") {
  const tf::RandomStream stream{3, tf::Purpose::test, 0};
  for (uint64_t step = 0; step < 20000; ++step) {
    const double value = std::bit_cast<double>(stream.bits(step));
    if (std::isfinite(value)) REQUIRE(std::strtod(number_text(value).c_str(), nullptr) == value);
  }
}

TEST_CASE("members are sorted, blanks dropped, texts escaped as RFC 8785 says") {
  const std::string given = R"({ "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false] })";
  CHECK(canonical_json(parse_json(given, "")) ==
        "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
        "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  CHECK(canonical_json(parse_json("{\"b\":1,\"a\":{\"d\":[],\"c\":{}}}", "")) == R"({"a":{"c":{},"d":[]},"b":1})");
  CHECK(canonical_json(Json(uint64_t{18446744073709551615u})) == "18446744073709551615");
  CHECK(canonical_json(Json(int64_t{-9223372036854775807})) == "-9223372036854775807");
}

TEST_CASE("a canonical text is its own canonical form, and what is not UTF-8 is refused") {
  const std::string text = canonical_json({{"x", 1.0}, {"y", 1e22}, {"z", "\x7f\t\xc3\xa9"}});
  CHECK(canonical_json(parse_json(text, "")) == text);
  CHECK_THROWS_AS(canonical_json(Json("\xff")), tf::Error);
  CHECK_THROWS_AS(parse_json("{", "here"), tf::Error);
}
