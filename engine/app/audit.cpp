// tickfold audit: the future is replaced at many times, and nothing known before may change by one bit.
#include <algorithm>

#include "cuda/base/error.hpp"
#include "engine/app/evidence.hpp"
#include "engine/features/warm_up.hpp"
#include "engine/walk/audit_config.hpp"
#include "engine/walk/runner.hpp"

namespace tf::app {
namespace {

constexpr const char* kHelp = R"(
What comes after a time T is replaced by noise, permuted, made extreme, thinned out, or made NaN (where it is a double),
and the config's own pipeline runs again. Every value that was known at or before T must keep its bits:

  features of columns   indicators on bar and event columns as doubles
  features, cut short   rows recomputed from the ticks up to their own time alone
  bars, features, labels, sample weights    from a store whose later ticks are changed
  folds, scaler, weights, signals, fills, equity   from the same, trained anew

"reached" counts the runs whose change did alter later values of the line: those could have found a leak. Exit code 4
where anything differs.)";

struct Flags {
  walk::ConfigAudit wanted;
  int warmup_starts = 0;
  std::string as_of;
};

Json to_json(const walk::Difference& difference) {
  return {{"cut_ns", difference.cut_ts},
          {"known_ns", difference.known_ts},
          {"row", difference.row},
          {"change", walk::to_text(difference.change)},
          {"was", difference.was},
          {"became", difference.became},
          {"cut", time_text(difference.cut_ts)},
          {"known", time_text(difference.known_ts)}};
}

Json to_json(const walk::AuditReport& report) {
  Json lines = Json::array();
  for (const walk::AuditLine& line : report.lines) {
    Json differing;
    for (int change = 0; change < walk::kChanges; ++change)
      differing[walk::to_text(static_cast<walk::Change>(change))] = line.differing[static_cast<std::size_t>(change)];
    lines.push_back({{"stage", line.stage},
                     {"name", line.name},
                     {"compared", line.compared},
                     {"differing", differing},
                     {"runs", line.runs},
                     {"reached", line.reached},
                     {"longest_ns", line.longest_ns},
                     {"first", line.first ? to_json(*line.first) : Json(nullptr)}});
  }
  return {{"cuts", report.cuts},
          {"runs", report.runs},
          {"compared", report.compared()},
          {"differing", report.differing()},
          {"lines", lines},
          {"refused", report.refused}};
}

/// A leak in words: stage, feature, time, cut.
std::string describe(const walk::AuditLine& line) {
  const walk::Difference& first = *line.first;
  return line.stage + " " + line.name + ": the value known at " + time_text(first.known_ts) + " (row " +
         std::to_string(first.row) + ") was " + short_number(first.was, 17) + " and becomes " +
         short_number(first.became, 17) + " by " + walk::to_text(first.change) + " after " + time_text(first.cut_ts) +
         "; " + std::to_string(line.total()) + " values differ, up to " +
         short_number(static_cast<double>(line.longest_ns) * 1e-9) + " s back";
}

/// Lines of features one by one, other stages together unless they leak.
std::string matrix(const walk::AuditReport& report) {
  std::vector<std::vector<std::string>> rows{{"stage", "name", "compared"}};
  for (int change = 0; change < walk::kChanges; ++change)
    rows[0].emplace_back(walk::to_text(static_cast<walk::Change>(change)));
  rows[0].insert(rows[0].end(), {"reached", "runs"});
  const auto add = [&](const walk::AuditLine& line) {
    std::vector<std::string>& row = rows.emplace_back();
    row = {line.stage, line.name, std::to_string(line.compared)};
    for (const int64_t count : line.differing) row.push_back(std::to_string(count));
    // What is cut short has nothing later to alter.
    row.insert(row.end(),
               {line.stage == walk::kCutShort ? "-" : std::to_string(line.reached), std::to_string(line.runs)});
  };
  for (std::size_t at = 0; at < report.lines.size(); ++at) {
    const walk::AuditLine& line = report.lines[at];
    if (line.stage.starts_with("features")) {
      add(line);
      continue;
    }
    const auto same_stage = [&](const walk::AuditLine& other) { return other.stage == line.stage; };
    const auto begin = report.lines.begin();
    if (std::any_of(begin, begin + static_cast<std::ptrdiff_t>(at), same_stage)) continue;
    walk::AuditLine all;
    all.stage = line.stage;
    int count = 0;
    for (const walk::AuditLine& other : report.lines) {
      if (other.stage != line.stage) continue;
      ++count;
      all.compared += other.compared;
      all.runs += other.runs;
      all.reached += other.reached;
      for (std::size_t change = 0; change < walk::kChanges; ++change) all.differing[change] += other.differing[change];
    }
    all.name = count == 1 ? line.name : "(" + std::to_string(count) + " of them)";
    add(all);
  }
  return table_text(rows);
}

/// The rows each feature takes to forget where its series began.
void show_warm_up(const Shell& shell, const features::WarmUpStudy& study) {
  const auto rows_text = [](int64_t rows) { return rows < 0 ? std::string("not reached") : std::to_string(rows); };
  std::vector<std::vector<std::string>> rows{{"feature", "stability", "lookback", "within 1 ulp", "same bits"}};
  Json features = Json::array();
  for (const features::WarmUp& one : study.features) {
    rows.push_back({one.name, series::stability_name(one.stability), std::to_string(one.lookback),
                    rows_text(one.one_ulp), rows_text(one.same_bits)});
    features.push_back({{"name", one.name},
                        {"stability", series::stability_name(one.stability)},
                        {"lookback", one.lookback},
                        {"one_ulp", one.one_ulp},
                        {"same_bits", one.same_bits}});
  }
  const int64_t needed = study.needed();
  const std::string text =
      table_text(rows) + "bars after a series' start, the most over " + std::to_string(study.starts) +
      " starts of at least " + std::to_string(study.least_rows) + " bars\n" +
      (needed < 0 ? "some feature never forgot its start within these days\n"
                  : "with [features_memory] carry = \"history\", warmup = " + std::to_string(needed) +
                        " makes every value a function of the ticks since\n");
  shell.result("tickfold.warmup/1",
               {{"features", features}, {"starts", study.starts}, {"least_rows", study.least_rows}, {"needed", needed}},
               text);
}

void run(Shell& shell, const Flags& flags) {
  const Exec exec = exec_for(shell.threads);
  const config::Reader reader = shell.read_config();
  walk::Setup setup = walk::read_setup(reader, exec);
  read_watch_sections(reader);
  walk::seal(setup, reader);
  const data::TickStore store = data::TickStore::open(setup.store_root);
  const auto days = walk::history_of(setup, walk::days_of(setup, store, day_option(flags.as_of)));
  if (flags.warmup_starts > 0)
    return show_warm_up(
        shell, features::study_warm_up(exec, setup.features, store, setup.instrument, days, flags.warmup_starts));
  walk::ConfigAudit wanted = flags.wanted;
  const auto progress = shell.progress();
  wanted.progress = [&](const std::string& what, double share) {
    if (stop_asked()) throw Error(ErrorKind::again, "audit: interrupted");
    progress(what, share);
  };
  const walk::AuditReport report = walk::audit_config(exec, setup, store, days, wanted);

  std::string text = matrix(report);
  for (const std::string& line : report.refused) text += "no result: " + line + "\n";
  for (const walk::AuditLine& line : report.lines)
    if (line.first) text += "LOOK-AHEAD " + describe(line) + "\n";
  text += std::string(report.clean() ? "nothing leaks" : "look-ahead") + ": " + std::to_string(report.differing()) +
          " of " + std::to_string(report.compared()) + " values differ, " + std::to_string(report.cuts) + " cuts, " +
          std::to_string(report.runs) + " runs\n";
  shell.result("tickfold.audit/1", to_json(report), text);
  if (!report.clean()) shell.exit_code = static_cast<int>(ErrorKind::lookahead);
}

}  // namespace

void add_audit(CLI::App& app, Shell& shell) {
  CLI::App* command = shell.add(app, "audit", "prove that nothing reads the future: replace it and compare every bit",
                                "config of a walk");
  command->footer(kHelp);
  const auto flags = std::make_shared<Flags>();
  command->add_option("--cuts", flags->wanted.cuts, "times T for bars, features, labels and sample weights")
      ->capture_default_str();
  command->add_option("--column-cuts", flags->wanted.column_cuts, "times T for features of columns")
      ->capture_default_str();
  command->add_option("--walk-cuts", flags->wanted.walk_cuts, "times T with all folds trained anew")
      ->capture_default_str();
  command->add_option("--truncations", flags->wanted.truncations, "rows recomputed from the ticks up to their time")
      ->capture_default_str();
  command->add_option("--seed", flags->wanted.seed, "draws the times and the changes")->capture_default_str();
  command->add_option("--as-of", flags->as_of, "look at no day after this one (YYYY-MM-DD)");
  command
      ->add_flag("--warmup{8}", flags->warmup_starts,
                 "instead: how many bars each feature takes to forget where its series began (--warmup=STARTS)")
      ->check(CLI::Range(1, 1000));
  command->callback([&shell, flags] { shell.action = [&shell, flags] { run(shell, *flags); }; });
}

}  // namespace tf::app
