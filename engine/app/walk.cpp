// tickfold walk: the walk-forward of a config, scored and judged against the champion if there is one. Promotes
// nothing.
#include "engine/app/evidence.hpp"
#include "engine/app/outcome_text.hpp"
#include "engine/walk/decision.hpp"
#include "engine/walk/run_files.hpp"

namespace tf::app {
namespace {

struct Flags {
  bool plan = false, no_report = false;
  std::string as_of;
};

void show_plan(const Shell& shell, const walk::Setup& setup, const Exec& exec, const std::optional<Day>& as_of) {
  const data::TickStore store = data::TickStore::open(setup.store_root);
  const std::vector<data::DayInfo> days = walk::history_of(setup, walk::days_of(setup, store, as_of));
  const walk::Material material = walk::prepare(exec, setup, store, days, shell.progress());
  const auto candidates = walk::candidates_of(setup, material.table.schema);
  std::vector<std::vector<std::string>> rows{
      {"fold", "train from", "train to", "test from", "test to", "train rows", "valid rows", "purged"}};
  Json folds = Json::array();
  for (const walk::Fold& fold : material.plan.folds) {
    rows.push_back({std::to_string(fold.index), time_text(fold.train_span.begin), time_text(fold.train_span.end),
                    time_text(fold.test_span.begin), time_text(fold.test_span.end), std::to_string(fold.train.size()),
                    std::to_string(fold.valid.size()), std::to_string(fold.purged)});
    folds.push_back({{"fold", fold.index},
                     {"train_rows", fold.train.size()},
                     {"valid_rows", fold.valid.size()},
                     {"purged", fold.purged},
                     {"train", {fold.train_span.begin, fold.train_span.end}},
                     {"test", {fold.test_span.begin, fold.test_span.end}}});
  }
  Json names = Json::array();
  for (const auto& candidate : candidates) names.push_back(candidate.text);
  const std::string head = std::to_string(days.size()) + " days, " + std::to_string(material.table.rows()) + " bars, " +
                           std::to_string(material.plan.folds.size()) + " folds x " +
                           std::to_string(candidates.size()) + " candidates\n";
  shell.result("tickfold.plan/1", {{"run", walk::run_id_of(setup, days)}, {"folds", folds}, {"candidates", names}},
               head + table_text(rows));
}

void run(const Shell& shell, const Flags& flags) {
  const Exec exec = exec_for(shell.threads);
  const config::Reader reader = shell.read_config();
  walk::Setup setup = walk::read_setup(reader, exec);
  read_watch_sections(reader);
  walk::seal(setup, reader);
  const std::optional<Day> as_of = day_option(flags.as_of);
  if (flags.plan) return show_plan(shell, setup, exec, as_of);

  registry::Registry registry(setup.registry_root);
  walk::RunOptions options{as_of, shell.progress(), &stop_asked()};
  const walk::Outcome outcome = walk::run_walk(exec, setup, registry, options);
  std::optional<walk::Deployed> champion;
  if (const auto id = registry.alias("champion")) champion = walk::load_deployed(exec, registry, *id, setup);
  const walk::Decision decision = walk::decide(exec, setup, outcome, registry, champion);
  std::string page;
  if (!flags.no_report) page = write_report(setup, outcome, decision, nullptr, champion ? champion->model_id : "");

  std::string text =
      "run " + outcome.run_id + (outcome.resumed ? " (resumed)" : "") + "\n" + ranking_text(outcome, 10) + "\n";
  if (decision.candidate)
    text += card_text(*decision.candidate, decision.incumbent ? &*decision.incumbent : nullptr) + "\n" +
            gate_text(decision.gate);
  text += std::string("verdict: ") + score::to_text(decision.gate.verdict) + ": " + decision.gate.reason + "\n";
  if (!decision.candidate_model.empty())
    text += "candidate " + decision.candidate_model + " (promote it with: tickfold promote)\n";
  if (!page.empty()) text += "report " + page + "\n";
  shell.result("tickfold.walk/1",
               {{"run", outcome.run_id},
                {"folder", outcome.folder},
                {"resumed", outcome.resumed},
                {"candidate", decision.candidate_model},
                {"gate", walk::to_json(decision.gate)},
                {"scorecard", decision.candidate ? walk::to_json(*decision.candidate) : Json(nullptr)},
                {"incumbent", decision.incumbent ? walk::to_json(*decision.incumbent) : Json(nullptr)},
                {"report", page}},
               text);
}

}  // namespace

void add_walk(CLI::App& app, Shell& shell) {
  CLI::App* command =
      shell.add(app, "walk", "walk-forward: features, labels, train, simulate, score, judge", "config of a walk");
  const auto flags = std::make_shared<Flags>();
  command->add_flag("--plan", flags->plan, "show the folds and candidates, do nothing");
  command->add_flag("--no-report", flags->no_report, "draw no HTML page");
  command->add_option("--as-of", flags->as_of, "look at no day after this one (YYYY-MM-DD)");
  command->callback([&shell, flags] { shell.action = [&shell, flags] { run(shell, *flags); }; });
}

}  // namespace tf::app
