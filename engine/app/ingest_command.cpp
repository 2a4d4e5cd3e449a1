#include "engine/app/ingest_command.hpp"

#include <algorithm>
#include <filesystem>

#include "cuda/base/error.hpp"
#include "data/policy.hpp"
#include "data/sources/parse/open.hpp"

namespace tf::app {
namespace {

struct Setting {
  std::string name, value;
};

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

/// "a=1,b=x,y,c=2" as params_text writes it: a comma is a boundary where a name and '=' follow.
std::vector<Setting> settings_in(const std::string& text) {
  std::vector<Setting> settings;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.size();
    for (std::size_t comma = text.find(',', at); comma != std::string::npos; comma = text.find(',', comma + 1)) {
      std::size_t name = comma + 1;
      while (name < text.size() && is_word(text[name])) ++name;
      if (name == comma + 1 || name == text.size() || text[name] != '=') continue;
      end = comma;
      break;
    }
    const std::string part = text.substr(at, end - at);
    const std::size_t equals = part.find('=');
    if (equals != std::string::npos) settings.push_back({part.substr(0, equals), part.substr(equals + 1)});
    at = end + 1;
  }
  return settings;
}

std::string toml_text(const std::string& value) {
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += c == '\n' ? "\\n" : c == '\t' ? "\\t" : std::string(1, c);
  }
  return text + "\"";
}

std::string toml_list(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + toml_text(item);
  return "[" + text + "]";
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find(at, from), text.size());
    parts.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return parts;
}

/// Settings that differ from the defaults of their kind, in TOML; those that the kind does not know (any more) are left
/// out.
std::vector<Setting> changed_settings(const ParamsType& type, const std::string& text) {
  const std::vector<Setting> defaults = settings_in(params_text(type, type.make().get()));
  std::vector<Setting> changed;
  for (const Setting& setting : settings_in(text))
    for (const Field& field : type.fields) {
      if (setting.name != field.name) continue;
      const bool is_default = std::any_of(defaults.begin(), defaults.end(), [&](const Setting& other) {
        return other.name == setting.name && other.value == setting.value;
      });
      if (is_default) continue;
      const std::string value = field.type == FieldType::text    ? toml_text(setting.value)
                                : field.type == FieldType::texts ? toml_list(split(setting.value, ';'))
                                                                 : setting.value;
      changed.push_back({setting.name, value});
    }
  return changed;
}

std::string shell_word(const std::string& text) {
  const bool is_plain = !text.empty() && text.find_first_not_of(
                                             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                             "0123456789-_./=:+,@%") == std::string::npos;
  if (is_plain) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace

std::string ingest_command(const std::string& store_root, const Instrument& instrument, const data::Repair& repair) {
  const auto attribute = [&](const char* name) {
    for (const auto& [key, text] : repair.source)
      if (key == name) return text;
    return std::string();
  };
  const std::string source = attribute("source");
  const std::vector<std::string> files = split(attribute("source_files"), '\n');
  if (source.empty() || files.empty()) return {};
  const std::string root = std::filesystem::absolute(store_root).lexically_normal().string();
  std::vector<Setting> params;
  try {
    params = changed_settings(data::find_source(source).params, attribute("source_params"));
  } catch (const Error&) {
    return {};  // no such source in this program
  }

  // The store knows what prices and sizes mean.
  std::string command = "tickfold ingest --store " + shell_word(root);
  const auto add = [&](const char* flag, const std::string& value) {
    command += std::string(" ") + flag + " " + shell_word(value);
  };
  add("--venue", instrument.venue);
  add("--symbol", instrument.symbol);
  add("--source", source);
  for (const Setting& setting : params) add("--set", setting.name + "=" + setting.value);
  for (const Setting& setting : changed_settings(params_type<data::IngestPolicy>(), attribute("policy")))
    add("--policy", setting.name + "=" + setting.value);
  command += " --replace";
  for (const std::string& file : files) command += " " + shell_word(file);
  return command;
}

}  // namespace tf::app
