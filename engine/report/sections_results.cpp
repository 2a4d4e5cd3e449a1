// Header and results: price, equity, folds, scores, gate, paired, calibration, trials.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cuda/base/time.hpp"
#include "engine/report/figures.hpp"
#include "engine/report/sections.hpp"

namespace tf::report {
namespace {

Html dash() { return markup("–"); }

Html figure(double value) { return text(figure_text(value)); }

std::string in_currency(const Document& document) {
  return document.currency.empty() ? std::string() : " " + document.currency;
}

// ---- header --------------------------------------------------------------------------------------------------------

struct KeyFigure {
  const char* title;
  double Card::*member;
  std::string (*form)(double);
};

constexpr KeyFigure kKeyFigures[] = {
    {"Net result", &Card::net_total, figure_text}, {"Sharpe, a year", &Card::sharpe_annual, figure_text},
    {"Deflated Sharpe", &Card::dsr, figure_text},  {"Largest drawdown", &Card::max_drawdown, figure_text},
    {"Fills", &Card::trades, count_text},          {"Trials counted", &Card::trials, count_text}};

Html key_figures(const Document& document) {
  const Card* candidate = document.card("candidate");
  if (!candidate && !document.cards.empty()) candidate = &document.cards.front();
  if (!candidate) return {};
  const Card* incumbent = document.card("incumbent");
  Html out;
  for (const KeyFigure& key : kKeyFigures) {
    Html value = element("b", "", text(key.form(candidate->*key.member)));
    if (incumbent && incumbent != candidate)
      value += element("span", "", text("incumbent " + key.form(incumbent->*key.member)));
    out += element("div", "", element("dt", "", text(key.title)) + element("dd", "", value));
  }
  return element("dl", "keys", out);
}

// ---- scores --------------------------------------------------------------------------------------------------------

struct Metric {
  const char* title;
  double Card::*member;
  std::string (*form)(double);
  const char* meaning;
};

constexpr Metric kMetrics[] = {
    {"Net result", &Card::net_total, figure_text, "after spread, fees and latency"},
    {"Gross result", &Card::gross_total, figure_text, "before costs: fills at the mid of the decision time"},
    {"Fees", &Card::fees_total, figure_text, "paid to the venue"},
    {"Turnover", &Card::turnover, figure_text, "traded notional"},
    {"Periods", &Card::periods, count_text, "trading days scored"},
    {"Fills", &Card::trades, count_text, ""},
    {"Hit rate", &Card::hit_rate, percent_text, "round trips that gained, net"},
    {"Sharpe ratio, a period", &Card::sharpe, figure_text, "mean over deviation of the net result"},
    {"Sharpe ratio, a year", &Card::sharpe_annual, figure_text, "the same, times the root of periods a year"},
    {"Probabilistic Sharpe", &Card::psr, figure_text, "probability that the true Sharpe ratio is above zero"},
    {"Deflated Sharpe", &Card::dsr, figure_text, "the same, against the best that luck finds in as many trials"},
    {"Minimum track record", &Card::min_trl, figure_text, "periods needed for 95 % confidence"},
    {"Largest drawdown", &Card::max_drawdown, figure_text, "of the cumulated net result"},
    {"Trials", &Card::trials, count_text, "tried in this search, all counted"}};

Html score_table(const Document& document) {
  std::vector<Column> columns = {{"Metric"}};
  for (const Card& card : document.cards) columns.push_back({card.name, true});
  columns.push_back({"Meaning"});
  Table table("Scorecards" + (document.currency.empty() ? "" : ", money in " + document.currency), columns);
  for (const Metric& metric : kMetrics) {
    std::vector<Html> cells = {text(metric.title)};
    for (const Card& card : document.cards) cells.push_back(text(metric.form(card.*metric.member)));
    cells.push_back(element("span", "muted", text(metric.meaning)));
    table.row(cells);
  }
  return table.html();
}

// ---- gate ----------------------------------------------------------------------------------------------------------

Tone outcome_tone(const std::string& outcome) {
  if (outcome.starts_with("pass")) return Tone::good;
  if (outcome.starts_with("fail")) return Tone::bad;
  return Tone::quiet;
}

std::string with_spaces(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string bound_text(const GateLine& line) {
  if (std::isnan(line.bound)) return "–";
  const std::string sign = line.direction == ">=" ? "≥" : line.direction == "<=" ? "≤" : line.direction;
  return sign + " " + figure_text(line.bound);
}

Html gate_table(const Document& document) {
  Table table("Conditions of promotion", {{"Condition"}, {"Kind"}, {"Measured", true}, {"Must be", true}, {"Outcome"}});
  for (const GateLine& line : document.gate)
    table.row({text(with_spaces(line.name)), text_or_dash(with_spaces(line.kind)), figure(line.measured),
               text(bound_text(line)), badge(outcome_tone(line.outcome), with_spaces(line.outcome))});
  return table.html();
}

// ---- sections ------------------------------------------------------------------------------------------------------

Html price_section(const Document& document) {
  if (document.price.mid.empty()) return absent(document, "price", "the document holds no prices.");
  std::string words = "Mid price in UTC";
  if (const std::size_t count = document.price.mid.size(); count > kPointsDrawn)
    words += "; of " + count_text(static_cast<double>(count)) +
             " points the lowest and highest of each slice are drawn, at most " + count_text(kPointsDrawn);
  Html out = chart("price", "Line chart of the mid price with the trades marked");
  if (document.fills.empty()) return out + note(words + ".") + absent(document, "fills", "no trades are recorded.");
  words += ". Triangles are fills: up bought, down sold";
  if (const std::size_t count = document.fills.size(); count > kFillsDrawn)
    words += "; of " + count_text(static_cast<double>(count)) +
             " fills the largest of each slice of time and side are drawn";
  return out + note(words + ".");
}

Html equity_section(const Document& document) {
  const Equity& equity = document.equity;
  if (equity.candidate.empty() && equity.incumbent.empty())
    return absent(document, "equity", "the document holds no results over time.");
  std::string words = "Solid lines are net: after spread, fees and latency.";
  if (!equity.gross.empty()) words += " The dashed line is before costs and is no result.";
  words += " Drawdown is the distance below the highest net result so far.";
  if (equity.t_ns.size() > kPointsDrawn)
    words += " Of " + count_text(static_cast<double>(equity.t_ns.size())) +
             " points the lowest and highest of each slice are drawn, at most " + count_text(kPointsDrawn) + " a line.";
  Html out =
      chart("equity", "Line chart of the cumulated result of candidate and incumbent, with their drawdowns below");
  if (equity.incumbent.empty()) words += " There is no incumbent to compare with.";
  return out + note(words);
}

Html interval_cell(const std::vector<Interval>& intervals) {
  if (intervals.empty()) return dash();
  Html out;
  for (const Interval& interval : intervals) {
    if (!out.bytes.empty()) out += markup("<br>");
    out += text(minute_text(interval.start_ns).substr(0, 16) + " to " + minute_text(interval.end_ns).substr(0, 16) +
                " (" + duration_text(interval.end_ns - interval.start_ns) + ")");
  }
  return out;
}

Html fold_section(const Document& document) {
  if (document.folds.empty()) return absent(document, "folds", "the run was not split into folds.");
  Table table("Folds, times in UTC, ends excluded",
              {{"Fold"}, {"Train"}, {"Validation"}, {"Purge"}, {"Embargo"}, {"Test"}});
  for (const Fold& fold : document.folds)
    table.row({text(std::to_string(fold.fold)), interval_cell(fold.train), interval_cell(fold.validation),
               interval_cell(fold.purge), interval_cell(fold.embargo), interval_cell(fold.test)});
  return chart("folds", "Timeline of train, validation, purge, embargo and test of every fold") +
         note(
             "Purge drops samples whose label reaches into what is tested; embargo drops those that follow it too "
             "closely. "
             "Stretches too short for the scale are drawn one pixel wide.") +
         markup("<details><summary>Exact times</summary>\n") + table.html() + markup("</details>\n");
}

Html score_section(const Document& document) {
  if (document.cards.empty()) return absent(document, "scorecards", "nothing was scored.");
  return score_table(document);
}

Html gate_section(const Document& document) {
  if (document.gate.empty()) return absent(document, "gate", "no gate was asked.");
  return gate_table(document) + note("A missing measurement fails. Not applicable is not passed.");
}

Html paired_section(const Document& document) {
  if (!document.paired) return absent(document, "paired", "there is no incumbent, so nothing was paired.");
  const Paired& paired = *document.paired;
  const std::string level = std::isfinite(paired.level) ? figure_text(paired.level * 100) + " % interval" : "interval";
  std::string words = "Mean difference " + figure_text(paired.mean) + in_currency(document) + " a period, " + level +
                      " " + figure_text(paired.low) + " to " + figure_text(paired.high) +
                      "; p = " + figure_text(paired.p_value) +
                      " one-sided, against no improvement. Stationary bootstrap of paired periods, " +
                      count_text(paired.draws) + " draws, mean block " + figure_text(paired.block) + ".";
  return chart("paired", "Mean difference between candidate and incumbent with its interval") + note(words);
}

Html calibration_section(const Document& document) {
  if (document.calibration.bins.empty()) return absent(document, "calibration", "no predictions were kept.");
  return chart("calibration", "Realised over predicted values, with the number of samples of each bin") +
         note("Points on the dotted line mean what they say; larger points hold more samples.");
}

Html trial_section(const Document& document) {
  if (!document.trials) return absent(document, "trials", "no trial ledger was read.");
  const Trials& trials = *document.trials;
  const auto known =
      std::count_if(trials.sharpes.begin(), trials.sharpes.end(), [](double s) { return std::isfinite(s); });
  std::string words = count_text(trials.raw) + " trials were counted";
  words += "; the Sharpe ratio of " + count_text(static_cast<double>(known)) + " is known, variance " +
           figure_text(trials.variance) + ".";
  if (const double luck = luck_sharpe(document); std::isfinite(luck))
    words += " Without any skill the best of as many trials would reach about " + figure_text(luck) + ".";
  if (known == 0) return absent(document, "trials", "no trial has a Sharpe ratio.") + note(words);
  return chart("trials",
               "Histogram of the Sharpe ratios of all trials, with the candidate and the level of luck marked") +
         note(words);
}

}  // namespace

Tone verdict_tone(const std::string& verdict) {
  if (verdict == "promote") return Tone::good;
  if (verdict == "hold") return Tone::fair;
  if (verdict == "reject") return Tone::bad;
  return Tone::quiet;
}

Html header(const Document& document) {
  Html facts;
  const auto fact = [&](const char* name, const std::string& value) {
    if (!value.empty()) facts += element("div", "", element("dt", "", text(name)) + element("dd", "", text(value)));
  };
  fact("Instrument", document.instrument);
  fact("Currency", document.currency);
  fact("Written", document.created_ns ? minute_text(*document.created_ns) : "");
  fact("Run", document.run);
  const std::string word = document.verdict == "none" ? "no verdict" : document.verdict;
  const Html reason = document.reason.empty() ? absent(document, "reason", "no reason is given.")
                                              : element("p", "reason", text(document.reason));
  const Html titles = element("div", "", element("h1", "", text(document.title)) + element("dl", "facts", facts));
  const Html verdict = element("div", "verdict", badge(verdict_tone(document.verdict), word) + reason);
  return element("header", "", titles + verdict + key_figures(document));
}

std::vector<Section> result_sections(const Document& document) {
  return {{"equity", "Result and drawdown", "Result", equity_section(document)},
          {"price", "Price and trades", "Price", price_section(document)},
          {"gate", "Gate", "Gate", gate_section(document)},
          {"paired", "Candidate against incumbent", "Comparison", paired_section(document)},
          {"scores", "Scores", "Scores", score_section(document)},
          {"folds", "Folds", "Folds", fold_section(document)},
          {"calibration", "Calibration", "Calibration", calibration_section(document), true},
          {"trials", "Trials", "Trials", trial_section(document), true}};
}

}  // namespace tf::report
