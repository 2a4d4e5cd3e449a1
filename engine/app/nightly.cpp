// tickfold nightly: the batch job. Exit code 0 whatever the verdict; see DESIGN section 9 for the others.
#include "engine/watch/nightly.hpp"

#include <chrono>

#include "cuda/base/error.hpp"
#include "engine/app/evidence.hpp"
#include "engine/app/outcome_text.hpp"
#include "engine/registry/durable_file.hpp"
#include "engine/walk/run_files.hpp"
#include "engine/watch/canary.hpp"

namespace tf::app {
namespace {

struct Flags {
  std::string as_of, metrics;
  bool verdict_exit = false;
};

std::string night_text(const watch::Night& night) {
  std::string text = "night of " + to_text(night.as_of) + (night.already_done ? " (already done)" : "") + "\n";
  std::vector<std::vector<std::string>> rows{{"trigger", "fired", "measured", "bound", ""}};
  for (const watch::Trigger& t : night.triggers.triggers)
    rows.push_back({t.kind, t.fired ? "yes" : "no", short_number(t.measured), short_number(t.bound), t.words});
  text += table_text(rows);
  if (night.outcome) text += "\n" + ranking_text(*night.outcome, 5);
  if (night.decision && night.decision->candidate)
    text += "\n" +
            card_text(*night.decision->candidate, night.decision->incumbent ? &*night.decision->incumbent : nullptr) +
            "\n" + gate_text(night.decision->gate);
  text += "verdict: " + night.verdict + ": " + night.reason + "\n";
  text += "champion: " + night.champion_after.value_or("none") + "\n";
  return text;
}

Json night_json(const watch::Night& night, const std::string& page) {
  Json triggers = Json::array();
  for (const watch::Trigger& t : night.triggers.triggers)
    triggers.push_back({{"kind", t.kind},
                        {"fired", t.fired},
                        {"measured", walk::number(t.measured)},
                        {"bound", walk::number(t.bound)},
                        {"words", t.words}});
  const auto or_null = [](const std::optional<std::string>& value) { return value ? Json(*value) : Json(nullptr); };
  return {{"as_of", to_text(night.as_of)},
          {"already_done", night.already_done},
          {"verdict", night.verdict},
          {"reason", night.reason},
          {"triggers", triggers},
          {"candidate", night.candidate},
          {"run", night.run_id},
          {"champion_before", or_null(night.champion_before)},
          {"champion_after", or_null(night.champion_after)},
          {"record", night.record_path},
          {"report", page},
          {"gate", night.gate.empty() ? Json(nullptr) : Json::parse(night.gate)}};
}

int64_t wall_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void run(Shell& shell, const Flags& flags) {
  const auto begin = std::chrono::steady_clock::now();
  const Exec exec = exec_for(shell.threads);
  const config::Reader reader = shell.read_config();
  walk::Setup setup = walk::read_setup(reader, exec);
  const WatchSections sections = read_watch_sections(reader);
  walk::seal(setup, reader);
  const std::string metrics = flags.metrics.empty() ? sections.metrics_path : flags.metrics;
  watch::Night night;
  const auto write_metrics = [&](int code) {
    if (metrics.empty()) return;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    watch::write_metrics(metrics, night, code, seconds, wall_seconds());
  };
  std::string page;
  try {
    registry::Registry registry(setup.registry_root);
    night = watch::run_night(exec, setup, sections.night, sections.triggers, registry,
                             {day_option(flags.as_of), shell.progress(), &stop_asked()});
    if (night.outcome)
      page = write_report(setup, *night.outcome, *night.decision, &night, night.champion_before.value_or(""));
    else if (!night.run_folder.empty() && registry::file_exists(night.run_folder + "/report/index.html"))
      page = night.run_folder + "/report/index.html";
  } catch (const Error& error) {
    write_metrics(error.exit_code());
    throw;
  }
  write_metrics(0);
  std::string text = night_text(night);
  if (!page.empty()) text += "report " + page + "\n";
  shell.result("tickfold.nightly/1", night_json(night, page), text);
  if (flags.verdict_exit && night.verdict == "reject") shell.exit_code = 10;
}

}  // namespace

WatchSections read_watch_sections(const config::Reader& reader) {
  WatchSections sections;
  const config::Section root = reader.root();
  sections.night = root.table("nightly").read<watch::NightSpec>();
  sections.triggers = root.table("triggers").read<watch::TriggerSpec>();
  sections.canary = root.table("canary").read<watch::CanarySpec>();
  sections.metrics_path = root.table("paths").path_or("metrics", "");
  return sections;
}

void add_nightly(CLI::App& app, Shell& shell) {
  CLI::App* command =
      shell.add(app, "nightly", "retrain if a trigger says so, judge, promote or not, record", "config of a night");
  const auto flags = std::make_shared<Flags>();
  command->add_option("--as-of", flags->as_of, "the newest day to look at (default: the newest in the store)");
  command->add_option("--metrics", flags->metrics, "Prometheus textfile to write (default: paths.metrics)");
  command->add_flag("--verdict-exit", flags->verdict_exit, "exit 10 when the verdict is reject");
  command->callback([&shell, flags] { shell.action = [&shell, flags] { run(shell, *flags); }; });
}

}  // namespace tf::app
