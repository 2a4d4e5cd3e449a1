// The report of an ingest as text for people and as JSON for programs.
#include <algorithm>
#include <charconv>

#include "data/ingest.hpp"

namespace tf::data {
namespace {

std::string number_text(double value) {
  char text[40];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

/// Builds one JSON object member by member.
class JsonObject {
 public:
  JsonObject& raw(const char* name, const std::string& json) {
    text_ += (text_.empty() ? "" : ",") + ("\"" + std::string(name) + "\":") + json;
    return *this;
  }
  JsonObject& text(const char* name, const std::string& value) { return raw(name, json_text(value)); }
  JsonObject& number(const char* name, int64_t value) { return raw(name, std::to_string(value)); }
  JsonObject& time(const char* name, int64_t ns) { return text(name, time_text(ns)); }
  std::string done() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

template <class Items, class ToJson>
std::string json_list(const Items& items, ToJson to_json) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "" : ",") + to_json(item);
  return "[" + text + "]";
}

void column(std::string& line, const std::string& text, std::size_t width) {
  line += std::string(text.size() < width ? width - text.size() : 0, ' ') + text + " ";
}

std::string place(const Refusal& refusal) {
  if (refusal.file.empty()) return refusal.example;
  return refusal.file + ":" + std::to_string(refusal.line) + ": " + refusal.example;
}

}  // namespace

std::string json_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        out += c < 32 || c > 126 ? '?' : c;
    }
  }
  return out + "\"";
}

std::string to_json(const QualityCounts& counts) {
  return JsonObject()
      .number("ticks", counts.ticks)
      .number("quotes", counts.quotes)
      .number("trades", counts.trades)
      .time("first_time", counts.first_ts)
      .time("last_time", counts.last_ts)
      .number("backward_steps", counts.backward_steps)
      .number("local_backward_steps", counts.local_backward_steps)
      .number("equal_times", counts.equal_ts)
      .number("largest_gap_ns", counts.largest_gap_ns)
      .time("largest_gap_at", counts.largest_gap_at)
      .number("crossed", counts.crossed)
      .number("locked", counts.locked)
      .number("zero_px", counts.zero_px)
      .number("negative_px", counts.negative_px)
      .number("zero_qty", counts.zero_qty)
      .number("negative_latency", counts.negative_latency)
      .number("spread_max_ticks", counts.spread_max_ticks)
      .raw("spread_median_ticks", number_text(counts.spread_median_ticks))
      .done();
}

std::string IngestReport::to_json() const {
  JsonObject refused;
  for (const auto& [reason, refusal] : counts.refused)
    refused.raw(reason.c_str(), JsonObject()
                                    .number("rows", refusal.rows)
                                    .text("file", refusal.file)
                                    .number("line", refusal.line)
                                    .text("example", refusal.example)
                                    .done());
  return JsonObject()
      .text("schema", "tickfold.ingest.1")
      .text("instrument", instrument)
      .raw("files", json_list(files, json_text))
      .raw("file_digests", json_list(file_digests, json_text))
      .number("rows_read", counts.rows_read)
      .number("rows_stored", counts.rows_stored)
      .number("ticks", counts.ticks)
      .raw("refused", refused.done())
      .text("damage", damage)
      .raw("days", json_list(days,
                             [](const DayReport& day) {
                               JsonObject object;
                               object.text("day", tf::to_text(day.day))
                                   .raw("written", day.written ? "true" : "false")
                                   .text("note", day.note)
                                   .number("file_bytes", day.info.file_bytes)
                                   .text("content_digest", day.info.content_digest)
                                   .raw("quality", data::to_json(day.quality));
                               return object.done();
                             }))
      .done();
}

std::string IngestReport::to_text() const {
  std::string text = instrument + ": " + std::to_string(files.size()) + (files.size() == 1 ? " file\n" : " files\n");
  int64_t refused = 0;
  for (const auto& [reason, refusal] : counts.refused) refused += refusal.rows;
  text += "rows read " + std::to_string(counts.rows_read) + " = stored " + std::to_string(counts.rows_stored) +
          " + refused " + std::to_string(refused) + "; ticks " + std::to_string(counts.ticks) + "\n";
  for (const auto& [reason, refusal] : counts.refused)
    text += "  refused " + std::to_string(refusal.rows) + ": " + reason + ", first " + place(refusal) + "\n";
  if (!damage.empty()) text += "damaged input: " + damage + "\n";
  if (days.empty()) return text + "no day\n";

  const char* const heads[] = {"ticks", "quotes", "trades", "crossed", "locked",
                               "back",  "equal",  "gap s",  "spread",  "max"};
  std::string line;
  column(line, "day", 10);
  for (const char* head : heads) column(line, head, 9);
  text += line + "  first time, last time, what became of it\n";
  for (const DayReport& day : days) {
    const QualityCounts& quality = day.quality;
    line.clear();
    column(line, tf::to_text(day.day), 10);
    for (const int64_t count : {quality.ticks, quality.quotes, quality.trades, quality.crossed, quality.locked,
                                quality.backward_steps, quality.equal_ts, quality.largest_gap_ns / kSecond})
      column(line, std::to_string(count), 9);
    column(line, number_text(quality.spread_median_ticks), 9);
    column(line, std::to_string(quality.spread_max_ticks), 9);
    text += line + "  " + time_text(quality.first_ts) + " " + time_text(quality.last_ts) + " " + day.note + "\n";
  }
  const auto odd = [&](const char* what, int64_t QualityCounts::*member) {
    int64_t sum = 0;
    for (const DayReport& day : days) sum += day.quality.*member;
    if (sum > 0) text += std::string(what) + ": " + std::to_string(sum) + "\n";
  };
  odd("rows with a price of zero", &QualityCounts::zero_px);
  odd("rows with a negative price", &QualityCounts::negative_px);
  odd("rows with a size of zero", &QualityCounts::zero_qty);
  odd("rows received before they were sent", &QualityCounts::negative_latency);
  odd("steps back of the receiver's clock", &QualityCounts::local_backward_steps);
  return text;
}

}  // namespace tf::data
