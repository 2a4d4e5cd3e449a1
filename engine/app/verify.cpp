// tickfold verify: every object, manifest, chain and the catalogue against the files. Exit 5 when anything is wrong.
#include "cuda/base/error.hpp"
#include "engine/app/registry_option.hpp"
#include "engine/registry/registry.hpp"

namespace tf::app {

void add_verify(CLI::App& app, Shell& shell) {
  CLI::App* command =
      shell.add(app, "verify", "check a registry: objects, manifests, ledger, audit log", "config or registry folder");
  command->callback([&shell] {
    shell.action = [&shell] {
      const registry::Registry registry(registry_root(shell));
      const std::vector<registry::Finding> findings = registry.verify();
      Json list = Json::array();
      std::string text;
      for (const registry::Finding& finding : findings) {
        list.push_back({{"file", finding.file}, {"line", finding.line}, {"what", finding.what}});
        text += finding.file + (finding.line ? ":" + std::to_string(finding.line) : "") + ": " + finding.what + "\n";
      }
      if (findings.empty())
        text = "sound: " + std::to_string(registry.models().size()) + " models, audit root " +
               registry.audit_root_hex() + "\n";
      shell.result("tickfold.verify/1",
                   {{"sound", findings.empty()},
                    {"models", findings.empty() ? Json(registry.models().size()) : Json(nullptr)},
                    {"findings", list},
                    {"audit_root", findings.empty() ? Json(registry.audit_root_hex()) : Json(nullptr)}},
                   text);
      if (!findings.empty()) shell.exit_code = static_cast<int>(ErrorKind::ledger);
    };
  });
}

}  // namespace tf::app
