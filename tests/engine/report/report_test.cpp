#include "engine/report/report.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>

#include "cuda/base/error.hpp"
#include "engine/report/html.hpp"
#include "engine/report/thin.hpp"
#include "tests/engine/report/sample.hpp"

using nlohmann::json;
namespace fs = std::filesystem;
namespace report = tf::report;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::size_t times_found(const std::string& page, const std::string& words) {
  std::size_t count = 0;
  for (std::size_t at = page.find(words); at != std::string::npos; at = page.find(words, at + 1)) ++count;
  return count;
}

bool has(const std::string& page, const std::string& words) { return page.find(words) != std::string::npos; }

/// The charts' data, out of the page again.
json figures(const std::string& page) {
  const std::string open = "<script type=\"application/json\" id=\"figures\">";
  const std::size_t begin = page.find(open) + open.size();
  return json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

std::string section(const std::string& page, const std::string& id) {
  const std::size_t begin = page.find("<section id=\"" + id + "\"");
  REQUIRE(begin != std::string::npos);
  return page.substr(begin, page.find("</section>", begin) - begin);
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

tf::ErrorKind kind_of(const std::string& document, std::string& message) {
  try {
    report::page_html(document);
  } catch (const tf::Error& error) {
    message = error.what();
    return error.kind();
  }
  return tf::ErrorKind::internal;
}

/// A folder that goes when the test does.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("tickfold_report_test." + std::to_string(::getpid()));
  Folder() { fs::remove_all(path), fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
};

/// Every text of the document replaced by `hostile`, but those that are words of the schema.
void poison(json& value, const std::string& hostile, const std::string& key = {}) {
  if (value.is_string() && key != "schema" && !(key == "kind" && value == "regression") && key != "verdict")
    value = hostile;
  if (value.is_structured())
    for (auto item = value.begin(); item != value.end(); ++item)
      poison(*item, hostile, value.is_object() ? item.key() : key);
}

constexpr const char* kHostile =
    "</script><script>document.body.dataset.pwned=1</script><img src=x onerror=\"document.body.dataset.pwned=2\">"
    "'\"&lt;<!--\u2028 %{x} @candidate";

}  // namespace

TEST_CASE("a full document fills every section and every chart") {
  const std::string page = report::page_html(tf::sample::document().dump());
  for (const char* id : {"equity", "price", "gate", "paired", "scores", "folds", "calibration", "trials", "quality",
                         "drift", "nights", "lineage"})
    CHECK_MESSAGE(!has(section(page, id), "Not available"), id);
  const json drawn = figures(page);
  for (const char* id : {"price", "equity", "folds", "paired", "calibration", "trials"}) {
    CHECK_MESSAGE(drawn.contains(id), id);
    CHECK_MESSAGE(has(page, std::string("id=\"chart-") + id + "\""), id);
  }
  CHECK(has(page, "<span class=\"badge fair\">hold</span>"));
  CHECK(has(page, "was not shown: 43.2 a day more"));
  CHECK(has(section(page, "scores"), "4,752.18"));
  CHECK(has(section(page, "gate"), "<span class=\"badge bad\">failed</span>"));
  CHECK(has(section(page, "gate"), "<span class=\"badge quiet\">not applicable</span>"));
  CHECK(has(section(page, "gate"), "≥ 0.9500"));
  CHECK(has(section(page, "gate"), "≤ 0.1000"));
  CHECK(has(section(page, "trials"), "384 trials were counted; the Sharpe ratio of 380 is known"));
}

TEST_CASE("a title alone makes a whole page that says of every part that it is not available and why") {
  const std::string page = report::page_html(R"({"title":"bare"})");
  CHECK(figures(page).empty());
  CHECK_FALSE(has(page, "class=\"chart\""));
  for (const char* id : {"equity", "price", "gate", "paired", "scores", "folds", "calibration", "trials", "quality",
                         "drift", "nights", "lineage"})
    CHECK_MESSAGE(has(section(page, id), "<b>Not available:</b> "), id);
  CHECK(has(page, "<span class=\"badge quiet\">no verdict</span>"));
  CHECK(has(page, "</html>"));
}

TEST_CASE("an empty or null part is an absent part, and the document may say why") {
  const json empty = {{"title", "t"},
                      {"price", {{"t_ns", json::array()}, {"mid", json::array()}}},
                      {"fills", nullptr},
                      {"paired", nullptr},
                      {"absent", {{"paired", "the incumbent <b>was</b> not run"}}}};
  const std::string page = report::page_html(empty.dump());
  CHECK(has(section(page, "price"), "Not available"));
  CHECK(has(section(page, "paired"), "</b> the incumbent &lt;b&gt;was&lt;/b&gt; not run</p>"));
}

TEST_CASE("no text of the document becomes markup or ends a script") {
  json document = tf::sample::document();
  poison(document, kHostile);
  const std::string page = report::page_html(document.dump()), clean = report::page_html(tf::sample::document().dump());
  CHECK(times_found(page, "<script") == 3);
  CHECK(times_found(page, "</script>") == 3);
  CHECK_FALSE(has(page, "<img"));
  CHECK_FALSE(has(page, "<!--"));
  CHECK(times_found(page, "<section") == times_found(clean, "<section"));
  CHECK(times_found(page, "<td") == times_found(clean, "<td"));
  CHECK(has(page, "&lt;/script&gt;&lt;script&gt;"));
  const std::string data = page.substr(page.find("id=\"figures\">") + 13);
  CHECK_FALSE(has(data.substr(0, data.find("</script>")), "<"));
}

TEST_CASE("labels of charts are escaped once more, since plotly.js reads tags in them") {
  json document = tf::sample::document();
  document["fills"][0]["cause"] = "<a href='x'>stop</a>";
  document["fills"][0]["qty"] = 1;
  const json drawn = figures(report::page_html(document.dump()));
  CHECK(drawn["price"]["data"][1]["text"][0] == "bought 1<br>&lt;a href=&#39;x&#39;&gt;stop&lt;/a&gt;");
}

TEST_CASE("the same document gives the same bytes") {
  const std::string document = tf::sample::document().dump();
  CHECK(report::page_html(document) == report::page_html(document));
  const Folder folder;
  const fs::path stub = folder.path / "stub.js";
  std::ofstream(stub) << "/* plotly */";
  report::write(document, folder.path / "a", stub);
  const report::Page page = report::write(document, folder.path / "b", stub);
  for (const char* name : {"index.html", "plotly.min.js", "report.json"})
    CHECK_MESSAGE(bytes_of(folder.path / "a" / name) == bytes_of(folder.path / "b" / name), name);
  CHECK(page.html_path == folder.path / "b" / "index.html");
  CHECK(page.script_path == folder.path / "b" / "plotly.min.js");
}

TEST_CASE("write leaves the page, its script and its document, and nothing else") {
  const Folder folder;
  const fs::path stub = folder.path / "stub.js", out = folder.path / "new" / "report";
  std::ofstream(stub) << "/* plotly */";
  const std::string document = R"({"title":"first"})";
  report::write(R"({"title":"older and longer than what follows"})", out, stub);
  report::write(document, out, stub);
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(out)) ++count;
  CHECK(count == 3);
  CHECK(bytes_of(out / "plotly.min.js") == "/* plotly */");
  CHECK(bytes_of(out / "report.json") == document);
  CHECK(bytes_of(out / "index.html") == report::page_html(document));
}

TEST_CASE("a missing plotly.js is a missing input that names the remedy, and no half report is left") {
  const Folder folder;
  const auto attempt = [&] { report::write(R"({"title":"t"})", folder.path / "out", folder.path / "none.js"); };
  CHECK_THROWS_WITH_AS(attempt(), doctest::Contains("./dev setup"), tf::Error);
  try {
    attempt();
  } catch (const tf::Error& error) { CHECK(error.kind() == tf::ErrorKind::no_input); }
  CHECK_FALSE(fs::exists(folder.path / "out"));
}

TEST_CASE("a document that breaks the schema is refused by the name of the member") {
  struct Case {
    const char* document;
    const char* named;
  };
  const Case cases[] = {
      {"{", "not JSON"},
      {"\"\xff\"", "not JSON"},
      {"[]", "expected an object"},
      {"{}", "title: expected text"},
      {R"({"title":"t","schema":"other/1"})", "schema: expected tickfold.report/1"},
      {R"({"title":"t","verdict":"maybe"})", "verdict: expected promote, hold, reject or none"},
      {R"({"title":"t","price":{"t_ns":[1,2],"mid":[1]}})", "price.mid: has 1 values, expected 2"},
      {R"({"title":"t","price":{"t_ns":[2,1],"mid":[1,1]}})", "price.t_ns[1]: expected a time not before"},
      {R"({"title":"t","fills":[{"px":1}]})", "fills[0].t_ns: expected an integer, found nothing"},
      {R"({"title":"t","fills":[{"t_ns":1,"px":"x"}]})", "fills[0].px: expected a number or null, found string"},
      {R"({"title":"t","fills":[{"t_ns":18446744073709551615}]})", "fills[0].t_ns: expected an integer below 2^63"},
      {R"({"title":"t","folds":[{"fold":0,"train":[5,1]}]})", "folds[0].train: expected t0 <= t1"},
      {R"({"title":"t","calibration":{"kind":"other","bins":[]}})", "calibration.kind: expected regression"},
      {R"({"title":"t","gate":{}})", "gate: expected an array, found object"},
  };
  for (const Case& one : cases) {
    std::string message;
    CHECK_MESSAGE(kind_of(one.document, message) == tf::ErrorKind::bad_data, one.document);
    CHECK_MESSAGE(has(message, one.named), message);
  }
}

TEST_CASE("null is a dash in tables and a gap in charts") {
  const json document = {{"title", "t"},
                         {"equity", {{"t_ns", {1, 2, 3}}, {"candidate", {1.0, nullptr, 2.0}}}},
                         {"scorecards", {{{"name", "candidate"}, {"net_total", nullptr}}}}};
  const std::string page = report::page_html(document.dump());
  CHECK(figures(page)["equity"]["data"][0]["y"] == json({1.0, nullptr, 2.0}));
  CHECK(has(section(page, "scores"), "<td class=\"figure\">–</td>"));
  CHECK_FALSE(has(section(page, "scores"), "nan"));
}

TEST_CASE("an outcome is coloured and written, and what was not measured shows as a dash") {
  const json document = {
      {"title", "t"},
      {"gate",
       {{{"name", "dsr"}, {"measured", nullptr}, {"direction", ">="}, {"bound", 0.9}, {"outcome", "failed"}},
        {{"name", "x"}, {"measured", 1}, {"outcome", "not_applicable"}}}}};
  const std::string gate = section(report::page_html(document.dump()), "gate");
  CHECK(
      has(gate,
          "<td class=\"figure\">–</td><td class=\"figure\">≥ 0.9000</td><td><span class=\"badge bad\">failed</span>"));
  CHECK(has(gate, "<td class=\"figure\">–</td><td><span class=\"badge quiet\">not applicable</span>"));
}

TEST_CASE("a result before costs is labelled so and dashed") {
  const json drawn = figures(report::page_html(tf::sample::document().dump()));
  bool found = false;
  for (const json& trace : drawn["equity"]["data"]) {
    if (trace["name"] != "candidate before costs") continue;
    found = true;
    CHECK(trace["line"]["dash"] == "dash");
  }
  CHECK(found);
}

TEST_CASE("every interval of every fold is drawn, purge and embargo too") {
  const json drawn = figures(report::page_html(tf::sample::document().dump()));
  std::map<std::string, std::size_t> bars;
  for (const json& trace : drawn["folds"]["data"]) bars[trace["name"]] = trace["base"].size();
  for (const char* name : {"train", "validation", "test", "purge", "embargo"}) CHECK_MESSAGE(bars[name] == 6, name);
  json twice = {{"title", "t"}, {"folds", {{{"fold", 0}, {"purge", {{0, 10}, {20, 30}}}}}}};
  CHECK(figures(report::page_html(twice.dump()))["folds"]["data"][0]["base"].size() == 2);
}

TEST_CASE("a thinned curve is short, in order, and holds the extremes and both ends") {
  std::vector<int64_t> t(100'000);
  std::vector<double> y(t.size());
  for (std::size_t at = 0; at < t.size(); ++at) t[at] = static_cast<int64_t>(at), y[at] = tf::sample::noise(at);
  y[31'415] = 9, y[92'653] = -9;
  const report::Curve curve = report::thin(t, y, 4000);
  CHECK(curve.y.size() <= 4000);
  CHECK(curve.y.size() > 3900);
  CHECK(std::is_sorted(curve.t_ns.begin(), curve.t_ns.end()));
  CHECK(*std::max_element(curve.y.begin(), curve.y.end()) == 9);
  CHECK(*std::min_element(curve.y.begin(), curve.y.end()) == -9);
  CHECK(curve.t_ns.front() == 0);
  CHECK(curve.t_ns.back() == 99'999);
  for (std::size_t at = 0; at < curve.y.size(); ++at) CHECK(curve.y[at] == y[static_cast<std::size_t>(curve.t_ns[at])]);
}

TEST_CASE("a stretch without numbers stays a gap when a curve is thinned") {
  std::vector<int64_t> t(10'000);
  std::vector<double> y(t.size(), 1.0);
  for (std::size_t at = 0; at < t.size(); ++at) t[at] = static_cast<int64_t>(at);
  for (std::size_t at = 4000; at < 6000; ++at) y[at] = kNan;
  y[2001] = kNan;
  const report::Curve curve = report::thin(t, y, 100);
  std::size_t gaps = 0;
  for (std::size_t at = 0; at < curve.y.size(); ++at) {
    if (!std::isnan(curve.y[at])) continue;
    ++gaps;
    CHECK(curve.t_ns[at] >= 4000);
    CHECK(curve.t_ns[at] < 6000);
  }
  CHECK(gaps > 5);
}

TEST_CASE("a line opens over a night and nowhere else") {
  std::vector<int64_t> t;
  for (int64_t day = 0; day < 3; ++day)
    for (int64_t minute = 0; minute < 480; ++minute)
      if (minute < 100 || minute > 140) t.push_back(day * tf::sample::kDayNs + minute * 60'000'000'000);
  const std::vector<double> y(t.size(), 1.0);
  for (const std::size_t limit : {5000, 16}) {
    const report::Curve curve = report::open_at_pauses(report::thin(t, y, limit), t);
    std::vector<int64_t> days;
    for (std::size_t at = 0; at < curve.y.size(); ++at)
      if (std::isnan(curve.y[at])) days.push_back(curve.t_ns[at] / tf::sample::kDayNs);
    CHECK(days == std::vector<int64_t>{0, 1});
    CHECK(std::is_sorted(curve.t_ns.begin(), curve.t_ns.end()));
  }
}

TEST_CASE("thinned fills keep the largest of each slice and side") {
  std::vector<report::Fill> fills;
  for (int at = 0; at < 10'000; ++at) fills.push_back({at, 1.0, at % 2 ? 1.0 : -1.0, "c"});
  fills[5001].qty = 7, fills[5002].qty = -8;
  const std::vector<report::Fill> kept = report::thin(fills, 200);
  CHECK(kept.size() == 200);
  CHECK(std::count_if(kept.begin(), kept.end(), [](const report::Fill& fill) { return fill.qty == 7; }) == 1);
  CHECK(std::count_if(kept.begin(), kept.end(), [](const report::Fill& fill) { return fill.qty == -8; }) == 1);
}

TEST_CASE("drawdown is measured from the highest value so far, which is at least the start at zero") {
  const std::vector<double> equity = {-1, 2, kNan, 1, 5, 3};
  const std::vector<double> depth = report::drawdown(equity);
  CHECK(depth[0] == 1);
  CHECK(depth[1] == 0);
  CHECK(std::isnan(depth[2]));
  CHECK(depth[3] == 1);
  CHECK(depth[4] == 0);
  CHECK(depth[5] == 2);
}

TEST_CASE("a histogram counts every finite value once") {
  std::vector<double> values = {kNan};
  for (uint64_t at = 0; at < 1000; ++at) values.push_back(tf::sample::bell(at));
  const report::Histogram bins = report::histogram(values);
  int64_t sum = 0;
  for (const int64_t count : bins.counts) sum += count;
  CHECK(sum == 1000);
  CHECK(bins.counts.size() == 20);
  CHECK(report::histogram(std::vector<double>{kNan}).counts.empty());
  CHECK(report::histogram(std::vector<double>(5, 0.3)).counts == std::vector<int64_t>{5});
}

TEST_CASE("figures are written for readers") {
  CHECK(report::count_text(1234567) == "1,234,567");
  CHECK(report::count_text(-1234) == "-1,234");
  CHECK(report::count_text(999) == "999");
  CHECK(report::count_text(kNan) == "–");
  CHECK(report::figure_text(48213550.5) == "48,213,550.50");
  CHECK(report::figure_text(-0.5) == "-0.5000");
  CHECK(report::figure_text(0.012345) == "0.0123");
  CHECK(report::figure_text(9.9999) == "10.00");
  CHECK(report::figure_text(0.0) == "0");
  CHECK(report::figure_text(-43) == "-43");
  CHECK(report::figure_text(2.5) == "2.500");
  CHECK(report::figure_text(0.000123456) == "0.0001235");
  CHECK(report::figure_text(1e-9) == "1.000e-09");
  CHECK(report::figure_text(std::numeric_limits<double>::infinity()) == "–");
  CHECK(report::percent_text(0.5432) == "54.3 %");
  CHECK(report::percent_text(-0.0001) == "0.0 %");
  CHECK(report::duration_text(86'400'000'000'000 + 3'600'000'000'000 + 5) == "1 d 1 h");
  CHECK(report::duration_text(500'000'000) == "0.5000 s");
  CHECK(report::minute_text(tf::sample::kStart) == "2014-05-01 00:00 UTC");
}

TEST_CASE("a sample page is written where the environment asks for one") {
  const char* folder = std::getenv("TF_REPORT_SAMPLE_DIR");
  const char* plotly = std::getenv("TF_REPORT_PLOTLY");
  if (!folder || !plotly) {
    MESSAGE("skipped: TF_REPORT_SAMPLE_DIR and TF_REPORT_PLOTLY are not set");
    return;
  }
  json hostile = tf::sample::document();
  poison(hostile, kHostile);
  const fs::path root = folder;
  report::write(tf::sample::document().dump(), root / "full", plotly);
  report::write(hostile.dump(), root / "hostile", plotly);
  report::write(R"({"title":"A page with nothing on it"})", root / "bare", plotly);
}
