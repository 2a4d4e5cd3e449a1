#include "engine/report/figures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "engine/report/html.hpp"
#include "engine/report/thin.hpp"
#include "engine/score/statistics.hpp"

namespace tf::report {
namespace {

using nlohmann::json;

/// plotly.js counts time in milliseconds since 1970 UTC.
json milliseconds(int64_t ns) {
  if (ns % 1'000'000 == 0) return ns / 1'000'000;
  return static_cast<double>(ns) / 1e6;
}

json milliseconds(const std::vector<int64_t>& t_ns) {
  json out = json::array();
  for (const int64_t t : t_ns) out.push_back(milliseconds(t));
  return out;
}

/// plotly.js reads tags and entities in its texts, so they are escaped like those of the page.
std::string label(std::string_view raw) { return text(raw).bytes; }

json line(const char* name, const Curve& curve, const char* color, double width) {
  return {{"type", "scatter"}, {"mode", "lines"},
          {"name", name},      {"x", milliseconds(curve.t_ns)},
          {"y", curve.y},      {"line", {{"color", color}, {"width", width}}}};
}

json axis(const std::string& title) {
  return {{"title", {{"text", title}}}, {"automargin", true}, {"separatethousands", true}};
}

json time_axis() { return {{"type", "date"}, {"title", {{"text", "UTC"}}}}; }

std::string money(const Document& document) { return document.currency.empty() ? "" : ", " + label(document.currency); }

json fill_marks(const std::vector<Fill>& fills, bool bought) {
  json x = json::array(), y = json::array(), words = json::array();
  for (const Fill& fill : fills) {
    if ((fill.qty >= 0) != bought) continue;
    x.push_back(milliseconds(fill.t_ns));
    y.push_back(fill.px);
    words.push_back(std::string(bought ? "bought " : "sold ") + figure_text(std::abs(fill.qty)) +
                    (fill.cause.empty() ? "" : "<br>" + label(fill.cause)));
  }
  const char* role = bought ? "@buy" : "@sell";
  return {{"type", "scatter"},
          {"mode", "markers"},
          {"name", bought ? "bought" : "sold"},
          {"x", x},
          {"y", y},
          {"text", words},
          {"hovertemplate", "%{text}<br>at %{y}<br>%{x|%Y-%m-%d %H:%M:%S.%L}<extra></extra>"},
          {"marker",
           {{"symbol", bought ? "triangle-up" : "triangle-down"},
            {"size", 8},
            {"color", role},
            {"line", {{"width", 0.8}, {"color", "@panel"}}}}}};
}

/// One trace of the fold timeline: a bar from start to end for each interval.
struct FoldBars {
  const char* name;
  const char* role;
  const char* pattern;  ///< hatching, so that colour is not alone
  std::vector<Interval> Fold::*member;
};

constexpr FoldBars kFoldBars[] = {{"train", "@train", "", &Fold::train},
                                  {"validation", "@validation", "", &Fold::validation},
                                  {"test", "@test", "", &Fold::test},
                                  {"purge", "@purge", "/", &Fold::purge},
                                  {"embargo", "@embargo", "\\", &Fold::embargo}};

std::string fold_label(const Fold& fold) { return "fold " + std::to_string(fold.fold); }

json fold_bars(const Document& document, const FoldBars& bars) {
  json base = json::array(), length = json::array(), lane = json::array(), words = json::array();
  for (const Fold& fold : document.folds) {
    for (const Interval& interval : fold.*bars.member) {
      if (interval.end_ns == interval.start_ns) continue;
      const int64_t span_ns = interval.end_ns - interval.start_ns;
      base.push_back(milliseconds(interval.start_ns));
      length.push_back(milliseconds(span_ns));
      lane.push_back(fold_label(fold));
      words.push_back(std::string(bars.name) + ", " + duration_text(span_ns) + "<br>" + minute_text(interval.start_ns) +
                      " to<br>" + minute_text(interval.end_ns));
    }
  }
  if (base.empty()) return nullptr;
  json marker = {{"color", bars.role}, {"line", {{"width", 1}, {"color", bars.role}}}};
  if (*bars.pattern)
    marker["pattern"] = {
        {"shape", bars.pattern}, {"size", 5}, {"solidity", 0.3}, {"fillmode", "overlay"}, {"fgcolor", "@panel"}};
  return {{"type", "bar"},
          {"orientation", "h"},
          {"name", bars.name},
          {"base", base},
          {"x", length},
          {"y", lane},
          {"width", 0.62},
          {"text", words},
          {"textposition", "none"},
          {"hovertemplate", "%{y}: %{text}<extra></extra>"},
          {"marker", marker}};
}

json upright(const std::string& name, double x, double top, const char* role, const char* dash) {
  return {{"type", "scatter"},
          {"mode", "lines"},
          {"name", name},
          {"x", {x, x}},
          {"y", {0.0, top}},
          {"hoverinfo", "name"},
          {"line", {{"color", role}, {"width", 2}, {"dash", dash}}}};
}

}  // namespace

json price_figure(const Document& document) {
  if (document.price.mid.empty()) return nullptr;
  const std::vector<int64_t>& t_ns = document.price.t_ns;
  json data = json::array();
  json mid = line("mid", open_at_pauses(thin(t_ns, document.price.mid, kPointsDrawn), t_ns), "@price", 1.2);
  mid["hovertemplate"] = "mid %{y}<br>%{x|%Y-%m-%d %H:%M:%S.%L}<extra></extra>";
  data.push_back(mid);
  if (!document.fills.empty()) {
    const std::vector<Fill> fills = thin(document.fills, kFillsDrawn);
    data.push_back(fill_marks(fills, true));
    data.push_back(fill_marks(fills, false));
  }
  json price = axis("price");
  price["tickformat"] = "~f";
  return {{"height", 420},
          {"data", data},
          {"layout", {{"hovermode", "closest"}, {"xaxis", time_axis()}, {"yaxis", price}}}};
}

json equity_figure(const Document& document) {
  const Equity& equity = document.equity;
  if (equity.candidate.empty() && equity.incumbent.empty()) return nullptr;
  json data = json::array();
  const auto money_line = [&](const char* name, const std::vector<double>& y, const char* role, double width) {
    json trace = line(name, thin(equity.t_ns, y, kPointsDrawn), role, width);
    trace["hovertemplate"] = "%{y:,.2f}";
    data.push_back(trace);
  };
  const auto drawdown_line = [&](const char* name, const std::vector<double>& y, const char* role, bool filled) {
    std::vector<double> below = drawdown(y);
    for (double& depth : below) depth = 0 - depth;
    json trace = line(name, thin(equity.t_ns, below, kPointsDrawn), role, 1.2);
    trace["hovertemplate"] = "%{y:,.2f}";
    trace["yaxis"] = "y2";
    trace["showlegend"] = false;
    if (filled) {
      trace["fill"] = "tozeroy";
      trace["fillcolor"] = "@candidate-soft";
    }
    data.push_back(trace);
  };
  if (!equity.incumbent.empty()) money_line("incumbent", equity.incumbent, "@incumbent", 1.8);
  if (!equity.gross.empty()) {
    money_line("candidate before costs", equity.gross, "@candidate", 1.3);
    data.back()["line"]["dash"] = "dash";
    data.back()["opacity"] = 0.75;
  }
  if (!equity.candidate.empty()) {
    money_line("candidate, net", equity.candidate, "@candidate", 2.2);
    drawdown_line("drawdown, candidate", equity.candidate, "@candidate", true);
  }
  if (!equity.incumbent.empty()) {
    data[0]["name"] = "incumbent, net";
    drawdown_line("drawdown, incumbent", equity.incumbent, "@incumbent", false);
  }
  json time = time_axis(), above = axis("cumulated result" + money(document)),
       below = axis("drawdown" + money(document));
  time["anchor"] = "y2";
  time["hoverformat"] = "%Y-%m-%d %H:%M";
  above["domain"] = {0.36, 1.0};
  below["domain"] = {0.0, 0.28};
  below["rangemode"] = "tozero";
  return {{"height", 520},
          {"data", data},
          {"layout", {{"hovermode", "x unified"}, {"xaxis", time}, {"yaxis", above}, {"yaxis2", below}}}};
}

json fold_figure(const Document& document) {
  if (document.folds.empty()) return nullptr;
  json data = json::array(), order = json::array();
  for (const FoldBars& bars : kFoldBars)
    if (json trace = fold_bars(document, bars); !trace.is_null()) data.push_back(std::move(trace));
  if (data.empty()) return nullptr;
  for (auto fold = document.folds.rbegin(); fold != document.folds.rend(); ++fold) order.push_back(fold_label(*fold));
  const auto lanes = static_cast<double>(document.folds.size());
  return {{"height", std::clamp(110 + 30 * lanes, 170.0, 900.0)},
          {"data", data},
          {"layout",
           {{"barmode", "overlay"},
            {"hovermode", "closest"},
            {"xaxis", time_axis()},
            {"yaxis",
             {{"type", "category"},
              {"categoryorder", "array"},
              {"categoryarray", order},
              {"automargin", true},
              {"showgrid", false}}}}}};
}

json paired_figure(const Document& document) {
  if (!document.paired || !std::isfinite(document.paired->mean)) return nullptr;
  const Paired& paired = *document.paired;
  json mean = {{"type", "scatter"},
               {"mode", "markers"},
               {"name", "mean difference"},
               {"x", json::array({paired.mean})},
               {"y", json::array({"candidate − incumbent"})},
               {"marker", {{"size", 13}, {"color", "@candidate"}, {"symbol", "diamond"}}},
               {"hovertemplate", "mean %{x:,.4~g}<extra></extra>"}};
  if (std::isfinite(paired.low) && std::isfinite(paired.high))
    mean["error_x"] = {{"type", "data"},
                       {"symmetric", false},
                       {"array", json::array({paired.high - paired.mean})},
                       {"arrayminus", json::array({paired.mean - paired.low})},
                       {"thickness", 3},
                       {"width", 10},
                       {"color", "@candidate"}};
  json scale = axis("difference of the net result a period" + money(document));
  scale["rangemode"] = "tozero";
  scale["zeroline"] = false;
  const json zero = {{"type", "line"},
                     {"x0", 0},
                     {"x1", 0},
                     {"yref", "paper"},
                     {"y0", 0},
                     {"y1", 1},
                     {"line", {{"color", "@ink"}, {"width", 1.5}, {"dash", "dot"}}}};
  return {{"height", 170},
          {"data", json::array({mean})},
          {"layout",
           {{"showlegend", false},
            {"hovermode", "closest"},
            {"xaxis", scale},
            {"yaxis", {{"showgrid", false}, {"automargin", true}}},
            {"shapes", json::array({zero})}}}};
}

json calibration_figure(const Document& document) {
  if (document.calibration.bins.empty()) return nullptr;
  json x = json::array(), y = json::array(), counts = json::array(), sizes = json::array();
  double low = std::numeric_limits<double>::infinity(), high = -low, most = 1;
  for (const CalibrationBin& bin : document.calibration.bins) {
    for (const double value : {bin.predicted, bin.realised}) {
      if (std::isnan(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
    if (bin.count > most) most = bin.count;
  }
  for (const CalibrationBin& bin : document.calibration.bins) {
    x.push_back(bin.predicted);
    y.push_back(bin.realised);
    counts.push_back(bin.count);
    sizes.push_back(bin.count > 0 ? 6 + 10 * std::sqrt(bin.count / most) : 6);
  }
  if (!(low <= high)) return nullptr;
  if (document.calibration.classification) low = 0, high = 1;
  const json bins = {
      {"type", "scatter"},
      {"mode", "lines+markers"},
      {"name", "bins of the prediction"},
      {"x", x},
      {"y", y},
      {"customdata", counts},
      {"line", {{"color", "@candidate"}, {"width", 1.5}}},
      {"marker", {{"color", "@candidate"}, {"size", sizes}, {"opacity", 0.9}}},
      {"hovertemplate", "predicted %{x:.4~g}<br>realised %{y:.4~g}<br>%{customdata:,} samples<extra></extra>"}};
  const json identity = {{"type", "scatter"},
                         {"mode", "lines"},
                         {"name", "perfectly calibrated"},
                         {"x", {low, high}},
                         {"y", {low, high}},
                         {"hoverinfo", "skip"},
                         {"line", {{"color", "@muted"}, {"width", 1.5}, {"dash", "dot"}}}};
  const json samples = {{"type", "bar"},
                        {"name", "samples"},
                        {"x", x},
                        {"y", counts},
                        {"yaxis", "y2"},
                        {"showlegend", false},
                        {"marker", {{"color", "@candidate-soft"}, {"line", {{"width", 1}, {"color", "@candidate"}}}}},
                        {"hovertemplate", "%{y:,} samples<extra></extra>"}};
  const bool classes = document.calibration.classification;
  json across = axis(classes ? "predicted probability" : "predicted"),
       realised = axis(classes ? "realised share" : "realised");
  json many = axis("samples");
  across["anchor"] = "y2";
  realised["domain"] = {0.32, 1.0};
  many["domain"] = {0.0, 0.2};
  many["nticks"] = 3;
  return {{"height", 400},
          {"data", {identity, bins, samples}},
          {"layout", {{"hovermode", "closest"}, {"xaxis", across}, {"yaxis", realised}, {"yaxis2", many}}}};
}

double luck_sharpe(const Document& document) {
  if (!document.trials || !(document.trials->raw >= 1) || !(document.trials->variance >= 0))
    return std::numeric_limits<double>::quiet_NaN();
  return std::sqrt(document.trials->variance) * score::expected_max(document.trials->raw);
}

json trial_figure(const Document& document) {
  if (!document.trials) return nullptr;
  const Histogram bins = histogram(document.trials->sharpes);
  if (bins.counts.empty()) return nullptr;
  json x = json::array(), edges = json::array();
  for (std::size_t bin = 0; bin < bins.counts.size(); ++bin) {
    const double from = bins.first + static_cast<double>(bin) * bins.width;
    x.push_back(from + bins.width / 2);
    edges.push_back(figure_text(from) + " to " + figure_text(from + bins.width));
  }
  const auto top = static_cast<double>(*std::max_element(bins.counts.begin(), bins.counts.end()));
  const json bars = {{"type", "bar"},
                     {"name", "trials"},
                     {"x", x},
                     {"y", bins.counts},
                     {"width", bins.width},
                     {"customdata", edges},
                     {"marker", {{"color", "@trial"}, {"line", {{"width", 1}, {"color", "@panel"}}}}},
                     {"hovertemplate", "%{customdata}<br>%{y:,} trials<extra></extra>"}};
  json data = json::array({bars});
  double low = bins.first, high = bins.first + bins.width * static_cast<double>(bins.counts.size());
  const auto mark = [&](const char* name, double sharpe, const char* role, const char* dash) {
    if (!std::isfinite(sharpe)) return;
    data.push_back(upright(std::string(name) + ", " + figure_text(sharpe), sharpe, top * 1.05, role, dash));
    low = std::min(low, sharpe);
    high = std::max(high, sharpe);
  };
  mark("best by luck alone", luck_sharpe(document), "@bad", "dash");
  if (const Card* card = document.card("candidate")) mark("candidate", card->sharpe, "@candidate", "solid");
  json many = axis("trials");
  many["rangemode"] = "nonnegative";
  json sharpe = axis("Sharpe ratio a period, net");
  sharpe["range"] = {low - 0.04 * (high - low), high + 0.04 * (high - low)};
  return {{"height", 400},
          {"data", data},
          {"layout", {{"hovermode", "closest"}, {"bargap", 0}, {"xaxis", sharpe}, {"yaxis", many}}}};
}

}  // namespace tf::report
