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
  JsonObject& raw(const std::string& name, const std::string& json) {
    text_ += (text_.empty() ? "" : ",") + json_text(name) + ":" + json;
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

/// What the days add up to; with a text it is worth a line for people when it is not 0.
struct Sum {
  const char* name;
  int64_t QualityCounts::*member;
  const char* text;
};
constexpr Sum kSums[] = {
    {"ticks", &QualityCounts::ticks, nullptr},
    {"events", &QualityCounts::events, nullptr},
    {"quotes", &QualityCounts::quotes, nullptr},
    {"trades", &QualityCounts::trades, nullptr},
    {"equal_times", &QualityCounts::equal_ts, nullptr},
    {"equal_rows", &QualityCounts::equal_rows, "rows equal in everything to an earlier one of their time (kept)"},
    {"crossed", &QualityCounts::crossed, nullptr},
    {"locked", &QualityCounts::locked, nullptr},
    {"zero_px", &QualityCounts::zero_px, "rows with a price of zero"},
    {"negative_px", &QualityCounts::negative_px, "rows with a negative price"},
    {"zero_qty", &QualityCounts::zero_qty, "rows with a size of zero"},
    {"negative_latency", &QualityCounts::negative_latency, "rows received before they were sent"},
    {"backward_steps", &QualityCounts::backward_steps, nullptr},
    {"local_backward_steps", &QualityCounts::local_backward_steps, "steps back of the receiver's clock"},
    {"long_gaps", &QualityCounts::long_gaps, nullptr},
    {"outside_sessions", &QualityCounts::outside_sessions, "rows outside the sessions"},
    {"auctions", &QualityCounts::auctions, "trades of auctions"},
    {"irregular", &QualityCounts::irregular, "irregular trades"},
    {"hidden", &QualityCounts::hidden, "hidden executions"},
    {"bars", &QualityCounts::bars, "trades that stand for a bar"},
    {"corrections", &QualityCounts::corrections, "corrections of earlier trades"},
};

void column(std::string& line, const std::string& text, std::size_t width) {
  line += std::string(text.size() < width ? width - text.size() : 0, ' ') + text + " ";
}

std::string share_text(int64_t part, int64_t whole) {
  char text[16];
  const auto end =
      std::to_chars(text, text + sizeof text, whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0,
                    std::chars_format::fixed, 4);
  return {text, end.ptr};
}

std::string place(const Refusal& refusal) {
  if (refusal.file.empty()) return refusal.example;
  return refusal.file + ":" + std::to_string(refusal.line) + ": " + refusal.example;
}

std::string places_json(const std::map<std::string, Refusal>& places) {
  JsonObject object;
  for (const auto& [name, refusal] : places)
    object.raw(name, JsonObject()
                         .number("rows", refusal.rows)
                         .text("file", refusal.file)
                         .number("line", refusal.line)
                         .text("example", refusal.example)
                         .done());
  return object.done();
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
      .number("events", counts.events)
      .number("quotes", counts.quotes)
      .number("trades", counts.trades)
      .time("first_time", counts.first_ts)
      .time("last_time", counts.last_ts)
      .number("backward_steps", counts.backward_steps)
      .number("local_backward_steps", counts.local_backward_steps)
      .number("equal_times", counts.equal_ts)
      .raw("equal_times_share", share_text(counts.equal_ts, counts.events))
      .number("equal_rows", counts.equal_rows)
      .number("largest_gap_ns", counts.largest_gap_ns)
      .time("largest_gap_at", counts.largest_gap_at)
      .number("long_gaps", counts.long_gaps)
      .number("crossed", counts.crossed)
      .number("locked", counts.locked)
      .number("zero_px", counts.zero_px)
      .number("negative_px", counts.negative_px)
      .number("zero_qty", counts.zero_qty)
      .number("negative_latency", counts.negative_latency)
      .number("least_latency_ns", counts.least_latency_ns)
      .number("outside_sessions", counts.outside_sessions)
      .number("auctions", counts.auctions)
      .number("irregular", counts.irregular)
      .number("hidden", counts.hidden)
      .number("bars", counts.bars)
      .number("corrections", counts.corrections)
      .number("spread_max_ticks", counts.spread_max_ticks)
      .raw("spread_median_ticks", number_text(counts.spread_median_ticks))
      .done();
}

std::string to_json(const SourceCounts& counts) {
  return JsonObject()
      .number("rows_read", counts.rows_read)
      .number("rows_stored", counts.rows_stored)
      .raw("refused", places_json(counts.refused))
      .raw("noted", places_json(counts.noted))
      .done();
}

int64_t IngestReport::total(int64_t QualityCounts::*member) const {
  int64_t sum = 0;
  for (const DayReport& day : days) sum += day.quality.*member;
  return sum;
}

int64_t IngestReport::rows_refused() const {
  int64_t rows = 0;
  for (const auto& [reason, refusal] : counts.refused) rows += refusal.rows;
  return rows;
}

int64_t IngestReport::repeated_ids() const {
  int64_t rows = 0;
  for (const auto& [reason, refusal] : counts.refused)
    if (reason.find("repeated") != reason.npos) rows += refusal.rows;
  return rows;
}

int64_t IngestReport::sequence_gaps() const {
  int64_t gaps = 0;
  for (const auto& [name, note] : counts.noted)
    if (name.find("sequence gap") != name.npos) gaps += note.rows;
  return gaps;
}

std::string IngestReport::to_json() const {
  JsonObject sums;
  for (const Sum& sum : kSums) sums.number(sum.name, total(sum.member));
  sums.raw("equal_times_share", share_text(total(&QualityCounts::equal_ts), total(&QualityCounts::events)))
      .number("repeated_ids", repeated_ids())
      .number("sequence_gaps", sequence_gaps());
  return JsonObject()
      .text("schema", "tickfold.ingest.1")
      .text("instrument", instrument)
      .raw("tick_size", number_text(tick_size))
      .raw("lot_size", number_text(lot_size))
      .text("zone", zone)
      .text("source", source)
      .text("source_params", source_params)
      .text("policy", policy)
      .raw("guessed", json_list(guessed, json_text))
      .raw("files", json_list(files, json_text))
      .raw("file_digests", json_list(file_digests, json_text))
      .number("rows_read", counts.rows_read)
      .number("rows_stored", counts.rows_stored)
      .number("rows_refused", rows_refused())
      .number("ticks", counts.ticks)
      .raw("refused", places_json(counts.refused))
      .raw("noted", places_json(counts.noted))
      .text("damage", damage)
      .raw("totals", sums.done())
      .raw("days", json_list(days,
                             [](const DayReport& day) {
                               JsonObject refused, object;
                               for (const auto& [reason, rows] : day.refused) refused.raw(reason, std::to_string(rows));
                               object.text("day", tf::to_text(day.day))
                                   .raw("written", day.written ? "true" : "false")
                                   .raw("complete", day.complete ? "true" : "false")
                                   .text("note", day.note)
                                   .number("rows", day.rows)
                                   .raw("refused", refused.done())
                                   .number("file_bytes", day.info.file_bytes)
                                   .text("content_digest", day.info.content_digest)
                                   .raw("quality", data::to_json(day.quality));
                               return object.done();
                             }))
      .done();
}

std::string IngestReport::to_text() const {
  std::string text = instrument + ": " + std::to_string(files.size()) + (files.size() == 1 ? " file" : " files") +
                     ", source " + source + ", tick " + number_text(tick_size) + ", lot " + number_text(lot_size) +
                     ", days in " + zone + "\n";
  for (const std::string& line : guessed) text += "guessed: " + line + "\n";
  text += "rows read " + std::to_string(counts.rows_read) + " = stored " + std::to_string(counts.rows_stored) +
          " + refused " + std::to_string(rows_refused()) + "; ticks " + std::to_string(counts.ticks) + "\n";
  for (const auto& [reason, refusal] : counts.refused)
    text += "  refused " + std::to_string(refusal.rows) + ": " + reason + ", first " + place(refusal) + "\n";
  for (const auto& [name, note] : counts.noted)
    text += "  noted " + std::to_string(note.rows) + ": " + name + ", first " + place(note) + "\n";
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
    text += line + "  " + time_text(quality.first_ts) + " " + time_text(quality.last_ts) + " " + day.note +
            (day.complete ? "" : " (not complete)") + "\n";
  }
  text += "share of events with the time of the event before: " +
          share_text(total(&QualityCounts::equal_ts), total(&QualityCounts::events)) + "\n";
  for (const Sum& sum : kSums)
    if (sum.text && total(sum.member) > 0)
      text += std::string(sum.text) + ": " + std::to_string(total(sum.member)) + "\n";
  if (repeated_ids() > 0) text += "rows with an id that was there before: " + std::to_string(repeated_ids()) + "\n";
  if (sequence_gaps() > 0) text += "gaps in the venue's numbers: " + std::to_string(sequence_gaps()) + "\n";
  int64_t least = 0;
  for (const DayReport& day : days) least = std::min(least, day.quality.least_latency_ns);
  if (least < 0) text += "least latency, received minus sent: " + std::to_string(least) + " ns\n";
  return text;
}

}  // namespace tf::data
