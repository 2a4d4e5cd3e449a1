// tickfold promote and rollback: the champion moved by hand, recorded like any other move.
#include <chrono>
#include <filesystem>

#include "cuda/base/error.hpp"
#include "engine/app/registry_option.hpp"
#include "engine/registry/registry.hpp"

namespace tf::app {
namespace {

struct Flags {
  std::string model, reason, actor;
};

int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Json champion_json(const registry::Registry& registry) {
  const auto champion = registry.alias("champion"), previous = registry.alias("previous");
  return {{"champion", champion ? Json(*champion) : Json(nullptr)},
          {"previous", previous ? Json(*previous) : Json(nullptr)}};
}

void promote(const Shell& shell, const Flags& flags) {
  registry::Registry registry(registry_root(shell));
  const std::string model = registry.resolve(flags.model);
  const auto before = registry.alias("champion");
  if (before == model) {
    shell.result("tickfold.promote/1", champion_json(registry), "champion: " + model + " (already)\n");
    return;
  }
  if (!registry.promote(model, before, {"promote", flags.actor, model, flags.reason, "{}", now_ns()}))
    throw Error(ErrorKind::again, "the champion was moved by somebody else at this moment: look at it and try again");
  shell.result("tickfold.promote/1", champion_json(registry),
               "champion: " + model + "\nprevious: " + before.value_or("none") + "\n");
}

void rollback(const Shell& shell, const Flags& flags) {
  registry::Registry registry(registry_root(shell));
  const auto before = registry.alias("champion");
  const std::string champion =
      registry.rollback({"rollback", flags.actor, before.value_or(""), flags.reason, "{}", now_ns()});
  shell.result("tickfold.rollback/1", champion_json(registry),
               "champion: " + champion + "\nprevious: " + before.value_or("none") + "\n");
}

}  // namespace

std::string registry_root(const Shell& shell) {
  if (std::filesystem::is_directory(shell.config)) {
    if (!std::filesystem::exists(shell.config + "/audit.jsonl") &&
        !std::filesystem::exists(shell.config + "/ledger.jsonl") && !std::filesystem::exists(shell.config + "/models"))
      throw Error(ErrorKind::no_input,
                  shell.config + ": no registry there (expected audit.jsonl, ledger.jsonl, models/)");
    return shell.config;
  }
  // Only one key of the config matters here; the others are not judged.
  const config::Reader reader = shell.read_config();
  return reader.root().table("paths").path_or("registry", "registry");
}

void add_promote(CLI::App& app, Shell& shell) {
  CLI::App* command = shell.add(app, "promote", "make a model the champion", "config or registry folder");
  const auto flags = std::make_shared<Flags>();
  command->add_option("MODEL", flags->model, "model id, an unambiguous beginning of it, or an alias")->required();
  command->add_option("--reason", flags->reason, "why: kept in the audit log")->required();
  command->add_option("--actor", flags->actor, "who: kept in the audit log")
      ->default_str("operator")
      ->default_val("operator");
  command->callback([&shell, flags] { shell.action = [&shell, flags] { promote(shell, *flags); }; });
}

void add_rollback(CLI::App& app, Shell& shell) {
  CLI::App* command = shell.add(app, "rollback", "swap champion and previous", "config or registry folder");
  const auto flags = std::make_shared<Flags>();
  command->add_option("--reason", flags->reason, "why: kept in the audit log")->required();
  command->add_option("--actor", flags->actor, "who: kept in the audit log")
      ->default_str("operator")
      ->default_val("operator");
  command->callback([&shell, flags] { shell.action = [&shell, flags] { rollback(shell, *flags); }; });
}

}  // namespace tf::app
