// tickfold explain-step: one decision's row recomputed from the raw ticks, with all that went into it.
#include <algorithm>
#include <cctype>
#include <cmath>

#include "cuda/base/error.hpp"
#include "engine/app/evidence.hpp"
#include "engine/features/explain.hpp"
#include "engine/walk/runner.hpp"

namespace tf::app {
namespace {

struct Flags {
  std::string time, feature;
};

/// "2024-01-05T09:30:00.5Z" (T or a blank, Z or nothing: UTC), a date (its last nanosecond), or ns since 1970.
int64_t time_option(const std::string& text) {
  const auto wrong = [&]() -> Error {
    return {ErrorKind::usage, "--time \"" + text + "\": expected 2024-01-05T09:30:00[.5]Z, a date, or ns since 1970"};
  };
  if (const auto day = parse_day(text)) return day->start_ns() + kDay - 1;
  if (!text.empty() && text.find_first_not_of("0123456789") == std::string::npos && text.size() < 19 + 1)
    return std::stoll(text);
  const auto day = text.size() >= 19 ? parse_day(text.substr(0, 10)) : std::nullopt;
  if (!day || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' || text[16] != ':') throw wrong();
  const auto two = [&](std::size_t at) {
    if (!std::isdigit(static_cast<unsigned char>(text[at])) || !std::isdigit(static_cast<unsigned char>(text[at + 1])))
      throw wrong();
    return (text[at] - '0') * 10 + text[at + 1] - '0';
  };
  int64_t time = day->start_ns() + two(11) * kHour + two(14) * kMinute + two(17) * kSecond;
  std::size_t at = 19;
  if (at < text.size() && text[at] == '.')
    for (int64_t unit = kSecond / 10; ++at < text.size() && std::isdigit(static_cast<unsigned char>(text[at]));
         unit /= 10)
      time += (text[at] - '0') * unit;
  if (at < text.size() && text.substr(at) != "Z") throw wrong();
  return time;
}

/// All values where they are few, else how many, the ends and the range.
std::string values_text(const std::vector<double>& values) {
  constexpr std::size_t kFew = 6;
  std::string text;
  if (values.size() <= kFew) {
    for (const double value : values) text += (text.empty() ? "" : " ") + short_number(value, 10);
    return text;
  }
  double low = INFINITY, high = -INFINITY;
  std::size_t missing = 0;
  for (const double value : values) {
    if (std::isnan(value)) {
      ++missing;
      continue;
    }
    low = std::min(low, value);
    high = std::max(high, value);
  }
  text = short_number(values.front(), 10) + " ... " + short_number(values.back(), 10) + "  (" +
         std::to_string(values.size()) + " values";
  if (missing < values.size()) text += ", " + short_number(low, 10) + " to " + short_number(high, 10);
  if (missing) text += ", " + std::to_string(missing) + " missing";
  return text + ")";
}

Json columns_json(const std::vector<features::ReadColumn>& columns) {
  Json json = Json::object();
  for (const features::ReadColumn& column : columns) json[column.name] = column.values;
  return json;
}

Json feature_json(const features::ExplainedFeature& feature) {
  return {{"name", feature.name},
          {"indicator", feature.indicator},
          {"params", feature.params},
          {"source", feature.source},
          {"kind", feature.kind},
          {"stability", feature.stability},
          {"lookback", feature.lookback},
          {"value", feature.bulk},
          {"recomputed", feature.recomputed},
          {"same", feature.same},
          {"bars", columns_json(feature.bars)},
          {"ticks", columns_json(feature.ticks)}};
}

std::string feature_text(const features::ExplainedFeature& feature) {
  std::string text = "\n" + feature.name + " = " + short_number(feature.bulk, 17) +
                     (feature.same ? "  (from the ticks: the same bits)\n"
                                   : "  DIFFERS: from the ticks " + short_number(feature.recomputed, 17) + "\n");
  text += "  " + feature.indicator + "(" + feature.params + "): " + feature.kind + ", " + feature.stability +
          ", ready after " + std::to_string(feature.lookback) + " rows; " + feature.source + "\n";
  if (feature.stability == "converging") text += "  its memory reaches beyond the rows shown, to the series' start\n";
  for (const features::ReadColumn& column : feature.bars)
    text += "  bars  " + column.name + ": " + values_text(column.values) + "\n";
  for (const features::ReadColumn& column : feature.ticks)
    text += "  ticks " + column.name + ": " + values_text(column.values) + "\n";
  return text;
}

/// The row's label, from the days that a plan of folds needs at least: two.
struct Label {
  bool there = false;
  double value = 0, long_ticks = 0, short_ticks = 0;
  int64_t t0 = 0, t1 = 0;
};
Label label_of(const Exec& exec, walk::Setup setup, const data::TickStore& store, std::vector<data::DayInfo> days,
               const std::vector<data::DayInfo>& all, const features::ExplainedRow& row) {
  if (days.size() < 2)
    for (const data::DayInfo& info : all)
      if (info.day != row.day) {
        days.insert(info.day < row.day ? days.begin() : days.end(), info);
        break;
      }
  if (days.size() < 2) return {};
  setup.folds.train_days = setup.folds.test_days = 1;
  const walk::Material material = walk::prepare(exec, setup, store, days, {});
  for (const features::DayRows& day : material.table.days) {
    if (day.day != row.day) continue;
    const auto at = static_cast<std::size_t>(day.first + row.row);
    const market::LabelTable& labels = material.labels;
    return {true, labels.value[at], labels.long_ticks[at], labels.short_ticks[at], labels.t0[at], labels.t1[at]};
  }
  return {};
}

void run(Shell& shell, const Flags& flags) {
  const Exec exec = exec_for(shell.threads);
  const config::Reader reader = shell.read_config();
  walk::Setup setup = walk::read_setup(reader, exec);
  read_watch_sections(reader);
  walk::seal(setup, reader);
  const int64_t time = time_option(flags.time);
  const data::TickStore store = data::TickStore::open(setup.store_root);
  const std::vector<data::DayInfo> all = walk::days_of(setup, store, {});
  std::vector<data::DayInfo> days;
  for (const data::DayInfo& info : all)
    if (info.first_ts <= time) days.push_back(info);
  if (days.empty())
    throw Error(ErrorKind::usage, "no tick of " + setup.instrument + " is there by " + time_text(time) +
                                      ": the first is of " + time_text(all.front().first_ts));
  if (setup.features.carry == features::Carry::day) days = {days.back()};

  features::ExplainedRow row = features::explain_row(exec, setup.features, store, setup.instrument, days, time);
  const bool same = row.same();
  if (!flags.feature.empty()) {
    std::vector<std::string> names;
    for (const auto& feature : row.features) names.push_back(feature.name);
    std::erase_if(row.features, [&](const features::ExplainedFeature& feature) {
      return feature.name != flags.feature && feature.indicator != flags.feature;
    });
    if (row.features.empty())
      throw Error(ErrorKind::usage, "--feature " + flags.feature + ": " + config::suggest(flags.feature, names));
  }
  const Label label = label_of(exec, setup, store, days, all, row);

  std::string text = "decision at " + time_text(row.known_ts) + ", bar " + std::to_string(row.row + 1) + " of " +
                     std::to_string(row.rows_of_day) + " of " + to_text(row.day) + " (" + setup.features.bars.text() +
                     ")\n";
  text += "ticks " + std::to_string(row.first_tick) + " to " + std::to_string(row.first_tick + row.ticks - 1) +
          " of the day's file, " + std::to_string(row.events) + " events, received " + time_text(row.first_local) +
          " to " + time_text(row.last_local) + "\n";
  for (const features::ReadColumn& column : row.bar)
    text += "  " + column.name + " " + short_number(column.values.front(), 15);
  text += "\n";
  for (const features::ExplainedFeature& feature : row.features) text += feature_text(feature);
  if (!label.there)
    text += "\nlabel: a store of one day has no folds, hence no labels\n";
  else if (std::isnan(label.value))
    text += "\nlabel: none, its horizon passes the end of the day or of the data\n";
  else
    text += "\nlabel " + short_number(label.value, 12) + " (long " + short_number(label.long_ticks, 12) +
            " ticks, short " + short_number(label.short_ticks, 12) + "): from " + time_text(label.t0) + ", known at " +
            time_text(label.t1) + "\n";
  text += same ? "every feature equals the panel's to the bit\n" : "SKEW: features differ from the panel's\n";

  Json features = Json::array();
  for (const features::ExplainedFeature& feature : row.features) features.push_back(feature_json(feature));
  shell.result("tickfold.explain_step/1",
               {{"instrument", setup.instrument},
                {"day", to_text(row.day)},
                {"row", row.row},
                {"known_ns", row.known_ts},
                {"known", time_text(row.known_ts)},
                {"open_ns", row.open_ts},
                {"first_tick", row.first_tick},
                {"ticks", row.ticks},
                {"events", row.events},
                {"bar", columns_json(row.bar)},
                {"features", features},
                {"label", label.there ? Json{{"value", label.value},
                                             {"long_ticks", label.long_ticks},
                                             {"short_ticks", label.short_ticks},
                                             {"t0_ns", label.t0},
                                             {"t1_ns", label.t1}}
                                      : Json(nullptr)},
                {"same", same}},
               text);
  if (!same) shell.exit_code = static_cast<int>(ErrorKind::lookahead);
}

}  // namespace

void add_explain_step(CLI::App& app, Shell& shell) {
  CLI::App* command = shell.add(app, "explain-step", "one decision recomputed from the raw ticks, with all it read",
                                "config of a walk");
  const auto flags = std::make_shared<Flags>();
  command->add_option("--time", flags->time, "of the decision: the newest bar known then (UTC)")->required();
  command->add_option("--feature", flags->feature, "only this feature, by its name or its indicator's");
  command->callback([&shell, flags] { shell.action = [&shell, flags] { run(shell, *flags); }; });
}

}  // namespace tf::app
