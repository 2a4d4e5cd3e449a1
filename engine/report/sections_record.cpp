// What the results rest on: data quality, drift and triggers, nights, lineage. And the pieces all sections share.
#include <algorithm>
#include <cmath>

#include "cuda/base/time.hpp"
#include "engine/report/sections.hpp"

namespace tf::report {
namespace {

Html figure(double value) { return text(figure_text(value)); }
Html count(double value) { return text(count_text(value)); }

/// A count that should be zero.
Html fault(double value) { return value > 0 ? element("span", "warn", count(value)) : count(value); }

/// A digest or an identifier; empty gives a dash.
Html digest(const std::string& hex) { return hex.empty() ? text_or_dash(hex) : element("code", "", text(hex)); }

/// A trading day written either way, 20140501 or 2014-05-01.
Html day_cell(const std::string& day) {
  const std::optional<Day> known = parse_day(day);
  return known ? text(to_text(*known)) : text_or_dash(day);
}

/// Sums what is known; NaN if nothing is.
double total(const std::vector<QualityDay>& days, double QualityDay::*member) {
  double sum = std::nan("");
  for (const QualityDay& day : days)
    if (!std::isnan(day.*member)) sum = (std::isnan(sum) ? 0 : sum) + day.*member;
  return sum;
}

Html quality_section(const Document& document) {
  const std::vector<QualityDay>& days = document.quality;
  if (days.empty()) return absent(document, "quality", "no report of the data was kept.");
  Table table("Ticks by trading day", {{"Day"},
                                       {"Ticks", true},
                                       {"Quotes", true},
                                       {"Trades", true},
                                       {"Crossed", true},
                                       {"Locked", true},
                                       {"Steps back", true},
                                       {"Largest gap, s", true},
                                       {"Median spread, ticks", true}});
  double gap = std::nan("");
  for (const QualityDay& day : days) {
    gap = std::fmax(gap, day.largest_gap_s);
    table.row({day_cell(day.day), count(day.ticks), count(day.quotes), count(day.trades), fault(day.crossed),
               fault(day.locked), fault(day.backward_steps), figure(day.largest_gap_s),
               figure(day.spread_median_ticks)});
  }
  const auto sum = [&](double QualityDay::*member) { return count(total(days, member)); };
  table.total({text("All"), sum(&QualityDay::ticks), sum(&QualityDay::quotes), sum(&QualityDay::trades),
               sum(&QualityDay::crossed), sum(&QualityDay::locked), sum(&QualityDay::backward_steps), figure(gap),
               text_or_dash("")});
  return table.html() +
         note(
             "Crossed: bid above ask. Locked: bid equal to ask. Steps back: rows whose time is before that of the row "
             "ahead.");
}

/// Statistic over threshold as a bar; the mark at two thirds of its width is the threshold.
Html drift_bar(const Drift& drift) {
  const double ratio = drift.threshold > 0 ? drift.statistic / drift.threshold : std::nan("");
  if (!std::isfinite(ratio)) return text_or_dash("");
  const double width = std::round(std::clamp(ratio / 1.5, 0.0, 1.0) * 1000) / 10;
  const std::string css = drift.alarm ? "level alarm" : "level";
  return {"<span class=\"" + css + "\" aria-hidden=\"true\"><i style=\"width:" + figure_text(width) +
          "%\"></i></span>"};
}

Html drift_table(const Document& document) {
  if (document.drift.empty()) return absent(document, "drift", "no drift was measured.");
  Table table("Drift of the features", {{"Feature"}, {"Statistic", true}, {"Threshold", true}, {"Level"}, {"State"}});
  for (const Drift& drift : document.drift)
    table.row({text(drift.feature), figure(drift.statistic), figure(drift.threshold), drift_bar(drift),
               drift.alarm ? badge(Tone::bad, "alarm") : badge(Tone::good, "quiet")});
  return table.html();
}

Html trigger_table(const Document& document) {
  if (document.triggers.empty()) return absent(document, "triggers", "no triggers to retrain were evaluated.");
  Table table("Triggers to retrain", {{"Trigger"}, {"Measured", true}, {"Bound", true}, {"State"}});
  for (const Trigger& trigger : document.triggers)
    table.row({text(trigger.kind), figure(trigger.measured), figure(trigger.bound),
               trigger.fired ? badge(Tone::fair, "fired") : badge(Tone::quiet, "not fired")});
  return table.html();
}

Html night_section(const Document& document) {
  if (document.nights.empty()) return absent(document, "nights", "this is not a nightly run.");
  Table table("Nights, in order", {{"As of"}, {"Trigger"}, {"Verdict"}, {"Model"}, {"Reason"}});
  for (const Night& night : document.nights)
    table.row({text_or_dash(night.as_of), text_or_dash(night.trigger),
               night.verdict.empty() ? text_or_dash("") : badge(verdict_tone(night.verdict), night.verdict),
               digest(night.model), element("span", "prose", text_or_dash(night.reason))});
  return table.html();
}

Html lineage_section(const Document& document) {
  if (!document.lineage) return absent(document, "lineage", "nothing was registered.");
  const Lineage& lineage = *document.lineage;
  Html facts;
  const auto fact = [&](const char* name, const std::string& value) {
    facts += element("div", "", element("dt", "", text(name)) + element("dd", "", digest(value)));
  };
  fact("Model", lineage.model);
  fact("Parent", lineage.parent);
  fact("Configuration", lineage.config_digest);
  fact("Code", lineage.code);
  Html out = element("dl", "facts lineage", facts);
  if (lineage.data.empty()) return out + absent(document, "lineage.data", "no data digests are recorded.");
  Table table("Data the model has seen", {{"Instrument"}, {"Day"}, {"Digest of the content"}});
  for (const LineageDay& day : lineage.data)
    table.row({text_or_dash(day.instrument), day_cell(day.day), digest(day.content_digest)});
  return out + table.html();
}

}  // namespace

Html absent(const Document& document, const char* part, const char* why) {
  const auto said = document.absent.find(part);
  const Html reason = said == document.absent.end() || said->second.empty() ? text(why) : text(said->second);
  return element("p", "absent", markup("<b>Not available:</b> ") + reason) + markup("\n");
}

Html note(const std::string& words) { return element("p", "note", text(words)) + markup("\n"); }

Html chart(const char* id, const std::string& label) {
  return {"<div class=\"chart\" id=\"chart-" + std::string(id) + "\" role=\"img\" aria-label=\"" + text(label).bytes +
          "\"></div>\n"};
}

std::vector<Section> record_sections(const Document& document) {
  return {{"quality", "Data quality", "Data", quality_section(document)},
          {"drift", "Drift and triggers", "Drift", drift_table(document) + trigger_table(document)},
          {"nights", "Nights", "Nights", night_section(document)},
          {"lineage", "Lineage", "Lineage", lineage_section(document)}};
}

}  // namespace tf::report
