// tickfold lineage: what a model was made of, back to the bytes read.
#include "engine/app/registry_option.hpp"
#include "engine/registry/registry.hpp"

namespace tf::app {
namespace {

/// The members of a JSON value, indented; arrays of many entries are shortened in the text (never under --json).
void write(const Json& value, const std::string& indent, std::string& text) {
  for (const auto& [key, member] : value.items()) {
    text += indent + key + ":";
    if (member.is_object()) {
      text += "\n";
      write(member, indent + "  ", text);
    } else if (member.is_array()) {
      text += " " + std::to_string(member.size()) + "\n";
      std::size_t shown = 0;
      for (const Json& item : member) {
        if (++shown > 6 && shown + 1 < member.size()) continue;
        if (item.is_object()) {
          text += indent + "  -\n";
          write(item, indent + "    ", text);
        } else {
          text += indent + "  - " + (item.is_string() ? item.get<std::string>() : item.dump()) + "\n";
        }
      }
    } else {
      text += " " + (member.is_string() ? member.get<std::string>() : member.dump()) + "\n";
    }
  }
}

}  // namespace

void add_lineage(CLI::App& app, Shell& shell) {
  CLI::App* command = shell.add(app, "lineage", "what a model was made of: parents, run, config, exact ticks",
                                "config or registry folder");
  const auto model = std::make_shared<std::string>("champion");
  command->add_option("MODEL", *model, "model id, a beginning of it, or an alias")->capture_default_str();
  command->callback([&shell, model] {
    shell.action = [&shell, model] {
      const registry::Registry registry(registry_root(shell));
      const Json lineage = Json::parse(registry.lineage_json(registry.resolve(*model)));
      std::string text;
      write(lineage, "", text);
      shell.result("tickfold.lineage/1", lineage.is_object() ? lineage : Json{{"lineage", lineage}}, text);
    };
  });
}

}  // namespace tf::app
