// tickfold canary: champion and predecessor stream a day the champion has not seen. Exit 4 when streamed and batch
// differ.
#include "engine/watch/canary.hpp"

#include "cuda/base/error.hpp"
#include "engine/app/evidence.hpp"
#include "engine/walk/run_files.hpp"

namespace tf::app {
namespace {

void run(Shell& shell, const std::string& day) {
  const Exec exec = exec_for(shell.threads);
  const config::Reader reader = shell.read_config();
  walk::Setup setup = walk::read_setup(reader, exec);
  const WatchSections sections = read_watch_sections(reader);
  walk::seal(setup, reader);
  registry::Registry registry(setup.registry_root);
  const watch::Canary canary = watch::run_canary(exec, setup, sections.canary, registry, day_option(day));
  std::vector<std::vector<std::string>> rows{{"role", "model", "bars", "values", "differing", "net", "gross", "fills"}};
  Json models = Json::array();
  for (const watch::CanaryModel& model : canary.models) {
    const int64_t values = model.parity.feature_values + model.parity.predictions,
                  differing = model.parity.differing_features + model.parity.differing_predictions;
    rows.push_back({model.role, model.model_id.substr(0, 12), std::to_string(model.parity.rows), std::to_string(values),
                    std::to_string(differing), short_number(model.result.net), short_number(model.result.gross),
                    std::to_string(model.result.trades)});
    models.push_back({{"role", model.role},
                      {"model", model.model_id},
                      {"bars", model.parity.rows},
                      {"values", values},
                      {"differing", differing},
                      {"first_difference", model.parity.first_difference},
                      {"net", walk::number(model.result.net)},
                      {"trades", model.result.trades}});
  }
  shell.result("tickfold.canary/1",
               {{"day", to_text(canary.day)},
                {"verdict", canary.verdict},
                {"reason", canary.reason},
                {"models", models},
                {"champion_after", canary.champion_after ? Json(*canary.champion_after) : Json(nullptr)}},
               "canary on " + to_text(canary.day) + "\n" + table_text(rows) + "verdict: " + canary.verdict + ": " +
                   canary.reason + "\n");
  if (canary.verdict == "skew") shell.exit_code = static_cast<int>(ErrorKind::lookahead);
}

}  // namespace

void add_canary(CLI::App& app, Shell& shell) {
  CLI::App* command = shell.add(app, "canary", "replay a day the champion has not seen: parity, loss budget, rollback",
                                "config of a night");
  const auto day = std::make_shared<std::string>();
  command->add_option("--day", *day, "the day (default: the first after the champion's training)");
  command->callback([&shell, day] { shell.action = [&shell, day] { run(shell, *day); }; });
}

}  // namespace tf::app
