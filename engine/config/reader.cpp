#include "engine/config/reader.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

namespace tf::config {
namespace {

std::string number_text(double value) {
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  if (std::isnan(value)) return "nan";
  std::ostringstream out;
  out << toml::value<double>{value};
  return out.str();
}

std::string toml_text(const std::string& text) {
  std::ostringstream out;
  out << toml::value<std::string>{text};
  return out.str();
}

std::vector<std::string> split(std::string_view text, char mark) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  while (true) {
    const std::size_t to = text.find(mark, from);
    parts.emplace_back(text.substr(from, to == std::string_view::npos ? to : to - from));
    if (to == std::string_view::npos) return parts;
    from = to + 1;
  }
}

std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t column = 0; column <= b.size(); ++column) row[column] = column;
  for (std::size_t line = 1; line <= a.size(); ++line) {
    std::size_t diagonal = row[0];
    row[0] = line;
    for (std::size_t column = 1; column <= b.size(); ++column) {
      const std::size_t replace = diagonal + (a[line - 1] != b[column - 1]);
      diagonal = row[column];
      row[column] = std::min({replace, row[column] + 1, row[column - 1] + 1});
    }
  }
  return row[b.size()];
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

std::string suggest(const std::string& word, std::vector<std::string> known) {
  std::sort(known.begin(), known.end());
  if (known.empty()) return "nothing is known here";
  std::vector<std::string> near;
  for (const std::string& candidate : known)
    if (edit_distance(word, candidate) <= std::max<std::size_t>(2, word.size() / 3)) near.push_back(candidate);
  return (near.empty() ? "" : "did you mean " + join(near) + "? ") + "known: " + join(known);
}

struct Reader::Body {
  std::string name, folder;
  toml::table document;
  std::map<const toml::node*, std::string> overridden;  // nodes made by --set, and the path that made them
  std::set<const toml::node*> used;
  std::map<const toml::table*, std::set<std::string>> asked;  // keys asked for, per table
  std::map<const toml::table*, std::string> table_path;
  struct Entry {
    std::string section, key, value;
  };
  std::vector<Entry> entries;
  std::set<std::string> seen;  // section.key already in entries

  std::string where(const toml::node& node) const {
    if (const auto found = overridden.find(&node); found != overridden.end()) return "--set " + found->second;
    const toml::source_region& source = node.source();
    if (source.begin.line == 0) return name;
    return name + ":" + std::to_string(source.begin.line) + ":" + std::to_string(source.begin.column);
  }
};

struct Section::Node {
  std::shared_ptr<Reader::Body> body;
  const toml::table* table = nullptr;  // nullptr: absent in the document
  std::string path;                    // "bars", "features.0", "" for the root
  std::string place;                   // where errors about absent keys point

  const toml::node* find(const std::string& key) const {
    if (!table) return nullptr;
    body->asked[table].insert(key);
    const toml::node* node = table->get(key);
    if (node) body->used.insert(node);
    return node;
  }
  std::string full(const std::string& key) const { return path.empty() ? key : path + "." + key; }
  void record(const std::string& key, const std::string& value) const {
    if (body->seen.insert(full(key)).second) body->entries.push_back({path, key, value});
  }
  [[noreturn]] void wrong(const std::string& key, const toml::node& node, const std::string& expected) const {
    std::ostringstream got;
    node.visit([&](const auto& value) {
      if constexpr (toml::is_value<decltype(value)>)
        got << value;
      else if constexpr (toml::is_array<decltype(value)>)
        got << "an array";
      else
        got << "a table";
    });
    throw Error(ErrorKind::config, body->where(node) + ": " + full(key) + " = " + got.str() + ": expected " + expected);
  }
};

namespace {

std::string range_text(const Field& field, const char* kind) {
  std::string text = kind;
  const auto bound = [&](double value) {
    const bool whole = field.type != FieldType::real && std::abs(value) < 9e15;
    return whole ? std::to_string(static_cast<int64_t>(value)) : number_text(value);
  };
  if (field.low != -kAny || field.high != kAny) text += " in [" + bound(field.low) + ", " + bound(field.high) + "]";
  if (*field.unit) text += std::string(" (") + field.unit + ")";
  return text;
}

/// Checks one value against a field, writes it into the struct, and returns its canonical text; empty = does not fit,
/// then `expected` says what would.
std::string take(const Field& field, const toml::node& node, void* params, std::string& expected) {
  char* at = static_cast<char*>(params) + field.offset;
  const auto in_range = [&](double value) { return value >= field.low && value <= field.high; };
  switch (field.type) {
    case FieldType::boolean: {
      expected = "true or false";
      const auto value = node.value_exact<bool>();
      if (!value) return {};
      *reinterpret_cast<bool*>(at) = *value;
      return *value ? "true" : "false";
    }
    case FieldType::integer:
    case FieldType::integer64: {
      expected = range_text(field, "an integer");
      const auto value = node.value_exact<int64_t>();
      if (!value || !in_range(static_cast<double>(*value))) return {};
      if (field.type == FieldType::integer) {
        if (*value != static_cast<int>(*value)) return {};
        *reinterpret_cast<int*>(at) = static_cast<int>(*value);
      } else {
        *reinterpret_cast<int64_t*>(at) = *value;
      }
      return std::to_string(*value);
    }
    case FieldType::real: {
      expected = range_text(field, "a number");
      if (!node.is_number()) return {};
      const double value = *node.value<double>();
      if (!in_range(value)) return {};
      *reinterpret_cast<double*>(at) = value;
      return number_text(value);
    }
    case FieldType::text: {
      expected = field.choices ? "one of " + join(split(field.choices, '|')) : "a text";
      const auto value = node.value_exact<std::string>();
      if (!value) return {};
      if (field.choices) {
        const auto known = split(field.choices, '|');
        if (std::find(known.begin(), known.end(), *value) == known.end()) {
          expected += " (" + suggest(*value, known) + ")";
          return {};
        }
      }
      *reinterpret_cast<std::string*>(at) = *value;
      return toml_text(*value);
    }
    case FieldType::texts: {
      expected = "an array of texts";
      const toml::array* array = node.as_array();
      if (!array) return {};
      std::vector<std::string> items;
      std::string text = "[";
      for (const toml::node& item : *array) {
        const auto value = item.value_exact<std::string>();
        if (!value) return {};
        text += (items.empty() ? "" : ", ") + toml_text(*value);
        items.push_back(*value);
      }
      *reinterpret_cast<std::vector<std::string>*>(at) = std::move(items);
      return text + "]";
    }
  }
  return {};
}

/// The canonical text of what the struct holds.
std::string held(const Field& field, const void* params) {
  const char* at = static_cast<const char*>(params) + field.offset;
  switch (field.type) {
    case FieldType::boolean:
      return *reinterpret_cast<const bool*>(at) ? "true" : "false";
    case FieldType::integer:
      return std::to_string(*reinterpret_cast<const int*>(at));
    case FieldType::integer64:
      return std::to_string(*reinterpret_cast<const int64_t*>(at));
    case FieldType::real:
      return number_text(*reinterpret_cast<const double*>(at));
    case FieldType::text:
      return toml_text(*reinterpret_cast<const std::string*>(at));
    case FieldType::texts: {
      std::string text;
      for (const std::string& item : *reinterpret_cast<const std::vector<std::string>*>(at))
        text += (text.empty() ? "" : ", ") + toml_text(item);
      return "[" + text + "]";
    }
  }
  return {};
}

}  // namespace

bool Section::has(const std::string& key) const { return node_->table && node_->table->contains(key); }

Section Section::table(const std::string& key) const {
  const toml::node* node = node_->find(key);
  if (node && !node->is_table()) node_->wrong(key, *node, "a table");
  Section section;
  section.node_ = std::make_shared<Node>(Node{node_->body, node ? node->as_table() : nullptr, node_->full(key),
                                              node ? node_->body->where(*node) : node_->place});
  return section;
}

std::vector<Section> Section::tables(const std::string& key) const {
  std::vector<Section> sections;
  const toml::node* node = node_->find(key);
  if (!node) return sections;
  const toml::array* array = node->as_array();
  if (!array) node_->wrong(key, *node, "an array of tables, written [[" + node_->full(key) + "]]");
  for (const toml::node& item : *array) {
    if (!item.is_table()) node_->wrong(key, item, "a table, written [[" + node_->full(key) + "]]");
    node_->body->used.insert(&item);
    Section section;
    section.node_ = std::make_shared<Node>(Node{node_->body, item.as_table(),
                                                node_->full(key) + "." + std::to_string(sections.size()),
                                                node_->body->where(item)});
    sections.push_back(section);
  }
  return sections;
}

std::string Section::text(const std::string& key, const char* choices) const {
  if (!has(key)) {
    node_->find(key);
    throw Error(ErrorKind::config, node_->place + ": " + node_->full(key) + " is missing: expected " +
                                       (choices ? "one of " + join(split(choices, '|')) : std::string("a text")));
  }
  return text_or(key, "", choices);
}

std::string Section::text_or(const std::string& key, const std::string& fallback, const char* choices) const {
  const Field field{key.c_str(), FieldType::text, 0, 0, 0, "", "", choices};
  std::string value = fallback, expected;
  const toml::node* node = node_->find(key);
  if (node && take(field, *node, &value, expected).empty()) node_->wrong(key, *node, expected);
  node_->record(key, toml_text(value));
  return value;
}

std::vector<std::string> Section::texts_or(const std::string& key, std::vector<std::string> fallback) const {
  const Field field{key.c_str(), FieldType::texts, 0, 0, 0, "", "", nullptr};
  std::vector<std::string> value = std::move(fallback);
  std::string expected;
  const toml::node* node = node_->find(key);
  if (node && take(field, *node, &value, expected).empty()) node_->wrong(key, *node, expected);
  node_->record(key, held(field, &value));
  return value;
}

std::string Section::path(const std::string& key) const {
  const std::filesystem::path written = text(key);
  return written.is_absolute() ? written.string()
                               : (std::filesystem::path(node_->body->folder) / written).lexically_normal().string();
}

std::string Section::path_or(const std::string& key, const std::string& fallback) const {
  const std::filesystem::path written = text_or(key, fallback);
  if (written.empty() || written.is_absolute()) return written.string();
  return (std::filesystem::path(node_->body->folder) / written).lexically_normal().string();
}

void Section::read(const ParamsType& type, void* params) const {
  for (const Field& field : type.fields) {
    const toml::node* node = node_->find(field.name);
    std::string expected;
    if (node && take(field, *node, params, expected).empty()) node_->wrong(field.name, *node, expected);
    node_->record(field.name, held(field, params));
  }
}

std::vector<std::shared_ptr<void>> Section::read_grid(const ParamsType& type) const {
  std::vector<std::shared_ptr<void>> grid{type.make()};
  for (const Field& field : type.fields) {
    const toml::node* node = node_->find(field.name);
    std::string expected;
    const toml::array* array = node && field.type != FieldType::texts ? node->as_array() : nullptr;
    if (!array) {
      for (const auto& params : grid)
        if (node && take(field, *node, params.get(), expected).empty())
          node_->wrong(field.name, *node, expected + ", or an array of such");
      node_->record(field.name, held(field, grid.front().get()));
      continue;
    }
    if (array->empty()) node_->wrong(field.name, *node, "at least one value");
    std::vector<std::shared_ptr<void>> wider;
    std::string text;
    for (const auto& params : grid)
      for (const toml::node& item : *array) {
        wider.push_back(type.copy(params.get()));
        const std::string value = take(field, item, wider.back().get(), expected);
        if (value.empty()) node_->wrong(field.name, item, expected);
        if (params == grid.front()) text += (text.empty() ? "" : ", ") + value;
      }
    node_->record(field.name, "[" + text + "]");
    grid = std::move(wider);
  }
  return grid;
}

std::string Section::where(const std::string& key) const {
  const toml::node* node = node_->table ? node_->table->get(key) : nullptr;
  return node ? node_->body->where(*node) : node_->place;
}

void Section::fail(const std::string& key, const std::string& problem) const {
  throw Error(ErrorKind::config, where(key) + ": " + node_->full(key) + ": " + problem);
}

namespace {

/// Puts one "a.b.c=value" into the document; returns the new node and the dotted path.
std::pair<const toml::node*, std::string> apply(toml::table& document, const std::string& set) {
  const std::size_t equal = set.find('=');
  if (equal == std::string::npos || equal == 0)
    throw Error(ErrorKind::usage, "--set " + set + ": expected key.path=value");
  const std::string path = set.substr(0, equal), value = set.substr(equal + 1);
  toml::table parsed;
  try {
    parsed = toml::parse("v = " + value + "\n");
  } catch (const toml::parse_error&) { parsed.insert("v", value); }
  toml::node* at = &document;
  const std::vector<std::string> keys = split(path, '.');
  for (std::size_t depth = 0; depth < keys.size(); ++depth) {
    const std::string& key = keys[depth];
    const bool last = depth + 1 == keys.size();
    if (toml::table* table = at->as_table()) {
      if (last) {
        table->insert_or_assign(key, *parsed.get("v"));
        return {table->get(key), path};
      }
      if (!table->contains(key)) table->insert(key, toml::table{});
      at = table->get(key);
    } else if (toml::array* array = at->as_array()) {
      const bool digits = !key.empty() && key.find_first_not_of("0123456789") == std::string::npos && key.size() < 7;
      if (!digits || std::stoul(key) >= array->size())
        throw Error(ErrorKind::usage,
                    "--set " + path + ": " + key + " is no index below " + std::to_string(array->size()));
      at = array->get(std::stoul(key));
      if (last) throw Error(ErrorKind::usage, "--set " + path + ": name a key of that table too");
    } else {
      throw Error(ErrorKind::usage, "--set " + path + ": " + keys[depth - 1] + " is a value, not a table");
    }
  }
  throw Error(ErrorKind::usage, "--set " + set + ": expected key.path=value");
}

}  // namespace

Reader Reader::from_text(const std::string& text, const std::string& name, const std::vector<std::string>& sets) {
  Reader reader;
  reader.body_ = std::make_shared<Body>();
  reader.body_->name = name;
  try {
    reader.body_->document = toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    const auto& begin = error.source().begin;
    throw Error(ErrorKind::config, name + ":" + std::to_string(begin.line) + ":" + std::to_string(begin.column) + ": " +
                                       std::string(error.description()));
  }
  for (const std::string& set : sets) {
    const auto [node, path] = apply(reader.body_->document, set);
    reader.body_->overridden[node] = path;
  }
  return reader;
}

Reader Reader::from_file(const std::string& path, const std::vector<std::string>& sets) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) throw Error(ErrorKind::no_input, path + ": no such config file");
  std::stringstream text;
  text << file.rdbuf();
  Reader reader = from_text(text.str(), path, sets);
  reader.body_->folder = std::filesystem::path(path).parent_path().string();
  return reader;
}

Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
const std::string& Reader::folder() const { return body_->folder; }

Section Reader::root() const {
  Section section;
  section.node_ = std::make_shared<Section::Node>(Section::Node{body_, &body_->document, "", body_->name});
  return section;
}

void Reader::finish() const {
  const std::function<void(const toml::table&, const std::string&)> check = [&](const toml::table& table,
                                                                                const std::string& path) {
    const auto& asked = body_->asked[&table];
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      const std::string full = path.empty() ? name : path + "." + name;
      if (!body_->used.contains(&node)) {
        throw Error(ErrorKind::config,
                    body_->where(node) + ": unknown key " + full + ": " + suggest(name, {asked.begin(), asked.end()}));
      }
      if (const toml::table* inner = node.as_table()) check(*inner, full);
      if (const toml::array* array = node.as_array()) {
        int index = 0;
        for (const toml::node& item : *array) {
          if (const toml::table* inner = item.as_table()) check(*inner, full + "." + std::to_string(index));
          ++index;
        }
      }
    }
  };
  check(body_->document, "");
}

std::string Reader::resolved() const {
  // Sections in the order of first reading; "features.3" is the fourth [[features]].
  std::vector<std::string> order;
  std::map<std::string, std::string> body;
  for (const auto& entry : body_->entries) {
    if (!body.contains(entry.section)) order.push_back(entry.section);
    body[entry.section] += entry.key + " = " + entry.value + "\n";
  }
  std::stable_partition(order.begin(), order.end(), [](const std::string& section) { return section.empty(); });
  std::string text;
  for (const std::string& section : order) {
    const std::vector<std::string> parts = split(section, '.');
    const bool listed = parts.size() > 1 && parts.back().find_first_not_of("0123456789") == std::string::npos;
    std::string name = section;
    if (listed) name.resize(section.size() - parts.back().size() - 1);
    if (!section.empty())
      text += (text.empty() ? "" : "\n") + std::string(listed ? "[[" : "[") + name + (listed ? "]]\n" : "]\n");
    text += body[section];
  }
  return text;
}

std::string Reader::digest() const {
  std::string text;
  for (const auto& entry : body_->entries)
    if (entry.section != "paths" && entry.section != "run")
      text += entry.section + "." + entry.key + "=" + entry.value + "\n";
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash);
  static const char* const digits = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : hash) {
    hex += digits[byte >> 4];
    hex += digits[byte & 15];
  }
  return hex;
}

}  // namespace tf::config
