#include "engine/features/feature_list.hpp"

#include <doctest/doctest.h>

#include "cuda/base/error.hpp"

using namespace tf;

namespace {

std::vector<std::string> names(std::string_view text, const features::Lacking& lacking = {}) {
  const Exec exec;
  std::vector<std::string> made;
  for (const series::Instance& instance : features::read_feature_list(text, exec, lacking)) {
    const auto& entry = series::find_indicator(exec, instance.indicator);
    made.push_back(instance.indicator + "(" + params_text(entry.params, instance.params.get()) + ")");
  }
  return made;
}

std::string complaint(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::usage);
    return error.what();
  }
  return "";
}
std::string complaint(std::string_view text, const features::Lacking& lacking = {}) {
  return complaint([&] { names(text, lacking); });
}
bool has(const std::string& text, const std::string& part) {
  CAPTURE(text);
  const bool found = text.find(part) != std::string::npos;
  CHECK_MESSAGE(found, part);
  return found;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("parameters of one indicator stand after ';' or ','") {
  const Names wanted{"macd(fast=5,slow=20,signal=9)"};
  CHECK(names("macd:fast=5;slow=20") == wanted);
  CHECK(names("macd:fast=5,slow=20") == wanted);
  CHECK(names("macd:slow=20, fast=5") == wanted);
  CHECK(names(" macd : fast = 5 ; slow=20 ") == wanted);
  CHECK(names("macd:fast=5,slow=20,rsi") == Names{"macd(fast=5,slow=20,signal=9)", "rsi(period=14)"});
  CHECK(names("macd,fast=5;slow=20") == wanted);
}

TEST_CASE("values apart by '|' span a grid, the last parameter fastest") {
  CHECK(names("ema:period=10|20|50") == Names{"ema(period=10)", "ema(period=20)", "ema(period=50)"});
  CHECK(names("macd:slow=20|30,fast=5|6") == Names{"macd(fast=5,slow=20,signal=9)", "macd(fast=5,slow=30,signal=9)",
                                                   "macd(fast=6,slow=20,signal=9)", "macd(fast=6,slow=30,signal=9)"});
}

TEST_CASE("an instance that comes twice is taken once") {
  CHECK(names("ema:period=10|10,ema:period=10") == Names{"ema(period=10)"});
}

TEST_CASE("all is every indicator that lacks nothing, with its defaults") {
  const std::size_t every = indicator_catalogue::rows().size();
  CHECK(names("all").size() == every);
  CHECK(names("all,ema:period=77").size() == every + 1);
  const auto only_rsi = [](const series::IndicatorEntry& entry) {
    return std::string(entry.name) == "rsi" ? "" : std::string("the column volume");
  };
  CHECK(names("all", only_rsi) == Names{"rsi(period=14)"});
  has(complaint("rsi,ema", only_rsi), "--set, character 5: \"ema\": lacks the column volume");
  has(complaint("all", [](const auto&) { return std::string("everything"); }), "no indicator can be computed");
  has(complaint("all:period=3"), "character 5");
}

TEST_CASE("an unknown name or parameter is refused with its place and the candidates") {
  has(complaint("ema:period=3,rsj"), "--set, character 14: \"rsj\": no indicator has this name: did you mean ");
  has(complaint("ema:period=3,rsj"), "rsi");
  const std::string parameter = complaint("ema:perod=20");
  has(parameter, "character 5: \"perod\": ema has no such parameter: did you mean period?");
  has(complaint("ema:20"), "character 5: \"20\": expected PARAM=VALUE of ema");
  has(complaint("period=20"), "character 1: \"period=20\": a parameter before any indicator");
  has(complaint("ema,,rsi"), "character 5");
  has(complaint(""), "the name of an indicator is missing");
  has(complaint("ema:period=2;period=3"), "character 14: \"period\": is given twice");
}

TEST_CASE("a value that is none, or out of its range, is refused with its place and the range") {
  has(complaint("rsi,ema:period=0"), "character 16: \"0\": period must lie in [1, 100000] bars");
  has(complaint("ema:period=10|x|20"), "character 15: \"x\": period takes a whole number");
  has(complaint("ema:period=1.5"), "period takes a whole number");
  has(complaint("ema:period=99999999999999999999"), "period must lie in");
  has(complaint("ema:period="), "a value of period is missing");
  has(complaint("ema:period=10|"), "a value of period is missing");
  has(complaint("bollinger:deviations=nan"), "deviations takes a number");
  std::string many = "macd:fast=1";
  for (int period = 2; period < 400; ++period) many += "|" + std::to_string(period);
  many += ";slow=" + many.substr(10);
  has(complaint(many), "more than 100000 points");
}

TEST_CASE("a bar is a kind, its size and other parameters") {
  CHECK(features::read_bar("time:60").size == 60);
  CHECK(features::read_bar("time:5m").size == 300);
  CHECK(features::read_bar("time:1h").size == 3600);
  CHECK(features::read_bar("time").size == market::BarSpec{}.size);
  const market::BarSpec spec = features::read_bar("volume:1000;price=trade");
  CHECK(spec.kind == "volume");
  CHECK(spec.size == 1000);
  CHECK(spec.price == "trade");
  has(complaint([] { features::read_bar("tme:60"); }), "--bar, character 1: \"tme\": kind: did you mean time");
  has(complaint([] { features::read_bar("time:x"); }), "--bar, character 6: \"x\": size takes a number");
  has(complaint([] { features::read_bar("volume:5m"); }), "\"5m\": size takes a number");
  has(complaint([] { features::read_bar("time:0"); }), "size must lie in");
  has(complaint([] { features::read_bar("time:60;pric=mid"); }), "character 9: \"pric\": bar has no such parameter");
  has(complaint([] { features::read_bar("time:60;price=mid|trade"); }), "no grid");
}
