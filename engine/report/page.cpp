// The page put together: head, header, contents, sections, the charts' data, scripts.
#include <nlohmann/json.hpp>

#include "engine/report/assets.hpp"
#include "engine/report/document.hpp"
#include "engine/report/figures.hpp"
#include "engine/report/report.hpp"
#include "engine/report/sections.hpp"

namespace tf::report {
namespace {

using nlohmann::json;

/// JSON that may stand inside <script>: no character that HTML or old JavaScript would read, only their escapes.
std::string script_safe(const json& value) {
  const std::string plain = value.dump();
  std::string out;
  out.reserve(plain.size());
  for (std::size_t at = 0; at < plain.size(); ++at) {
    const char c = plain[at];
    const std::string_view rest = std::string_view(plain).substr(at, 3);
    if (c == '<') {
      out += "\\u003c";
    } else if (c == '>') {
      out += "\\u003e";
    } else if (c == '&') {
      out += "\\u0026";
    } else if (rest == "\xE2\x80\xA8" || rest == "\xE2\x80\xA9") {
      out += rest.back() == '\xA8' ? "\\u2028" : "\\u2029";
      at += 2;
    } else {
      out += c;
    }
  }
  return out;
}

json figures_of(const Document& document) {
  const std::pair<const char*, json> all[] = {
      {"price", price_figure(document)},  {"equity", equity_figure(document)},
      {"folds", fold_figure(document)},   {"paired", paired_figure(document)},
      {"trials", trial_figure(document)}, {"calibration", calibration_figure(document)},
  };
  json out = json::object();
  for (const auto& [id, figure] : all)
    if (!figure.is_null()) out[id] = figure;
  return out;
}

}  // namespace

std::string page_html(const std::string& report_json) {
  const Document document = parse(report_json);
  std::vector<Section> sections = result_sections(document);
  for (Section& section : record_sections(document)) sections.push_back(std::move(section));

  std::string page = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  // The page asks nothing of any network; this holds plotly.js to it too.
  page +=
      "<meta http-equiv=\"Content-Security-Policy\" content=\"connect-src 'none'; font-src 'none'; frame-src 'none'; "
      "object-src 'none'; img-src data: blob:; base-uri 'none'; form-action 'none'\">\n";
  page += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  page += "<meta name=\"generator\" content=\"tickfold\">\n<link rel=\"icon\" href=\"data:,\">\n";
  page += element("title", "", text(document.title)).bytes + "\n<style>" + kPageStyle + "</style>\n</head>\n<body>\n";
  page += header(document).bytes;
  page += "\n<nav aria-label=\"Contents\"><ul>\n";
  for (const Section& section : sections)
    page += std::string("<li><a href=\"#") + section.id + "\">" + text(section.brief).bytes + "</a></li>\n";
  page +=
      "</ul></nav>\n<main>\n<noscript><p class=\"absent\">Charts need JavaScript; the tables do not.</p></noscript>\n";
  for (const Section& section : sections) {
    page += std::string("<section id=\"") + section.id + (section.half ? "\" class=\"half\"" : "\"") +
            " aria-labelledby=\"" + section.id + "-title\">\n<h2 id=\"" + section.id + "-title\">" +
            text(section.title).bytes + "</h2>\n" + section.body.bytes + "</section>\n";
  }
  page +=
      "</main>\n<footer>Times in UTC. A dash stands for a figure that is not known. "
      "The document behind this page: <a href=\"report.json\">report.json</a>.</footer>\n";
  page += "<script type=\"application/json\" id=\"figures\">" + script_safe(figures_of(document)) + "</script>\n";
  page +=
      "<script src=\"plotly.min.js\"></script>\n<script>" + std::string(kPageScript) + "</script>\n</body>\n</html>\n";
  return page;
}

}  // namespace tf::report
