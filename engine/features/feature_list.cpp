#include "engine/features/feature_list.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "cuda/base/error.hpp"
#include "engine/config/reader.hpp"

namespace tf::features {
namespace {

/// More instances than a machine computes are a slip of a grid.
constexpr std::size_t kMostInstances = 100'000;

/// A piece of the text of one option, with its place there.
struct Piece {
  const char* option;
  std::string_view text;
  std::size_t at = 0;

  Piece part(std::size_t from, std::size_t count) const {
    Piece piece{option, text.substr(from, count), at + from};
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!piece.text.empty() && blank(piece.text.front())) {
      piece.text.remove_prefix(1);
      ++piece.at;
    }
    while (!piece.text.empty() && blank(piece.text.back())) piece.text.remove_suffix(1);
    return piece;
  }
  std::string word() const { return std::string(text); }
  [[noreturn]] void fail(const std::string& problem) const {
    throw Error(ErrorKind::usage,
                std::string(option) + ", character " + std::to_string(at + 1) + ": \"" + word() + "\": " + problem);
  }
};

std::vector<Piece> split(const Piece& piece, char mark) {
  std::vector<Piece> parts;
  for (std::size_t from = 0;;) {
    const std::size_t end = std::min(piece.text.find(mark, from), piece.text.size());
    parts.push_back(piece.part(from, end - from));
    if (end == piece.text.size()) return parts;
    from = end + 1;
  }
}

std::string number_text(double value) {
  char digits[40];
  const bool plain = std::fabs(value) >= 1e-4 && std::fabs(value) < 1e16;  // 100000, not 1e+05
  const auto end = plain ? std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed)
                         : std::to_chars(digits, digits + sizeof digits, value);
  return std::string(digits, end.ptr);
}

[[noreturn]] void fail_range(const Piece& value, const Field& field) {
  value.fail(std::string(field.name) + " must lie in [" + number_text(field.low) + ", " + number_text(field.high) +
             "]" + (*field.unit ? " " : "") + field.unit);
}

template <class T>
void set_number(const Piece& value, const Field& field, const char* kind, T* to) {
  const char* const end = value.text.data() + value.text.size();
  T number{};
  const auto [stop, failure] = std::from_chars(value.text.data(), end, number);
  const bool whole = stop == end && failure == std::errc{};
  if (failure == std::errc::result_out_of_range) fail_range(value, field);
  if (!whole || !std::isfinite(static_cast<double>(number))) value.fail(std::string(field.name) + " takes " + kind);
  if (static_cast<double>(number) < field.low || static_cast<double>(number) > field.high) fail_range(value, field);
  *to = number;
}

std::vector<std::string> choices_of(const Field& field) {
  std::vector<std::string> choices;
  for (const Piece& choice : split({"", field.choices}, '|')) choices.push_back(choice.word());
  return choices;
}

void set_field(const Piece& value, const Field& field, void* params) {
  void* const to = static_cast<char*>(params) + field.offset;
  switch (field.type) {
    case FieldType::boolean:
      if (value.text != "true" && value.text != "false") value.fail(std::string(field.name) + " is true or false");
      *static_cast<bool*>(to) = value.text == "true";
      return;
    case FieldType::integer:
      return set_number(value, field, "a whole number", static_cast<int*>(to));
    case FieldType::integer64:
      return set_number(value, field, "a whole number", static_cast<int64_t*>(to));
    case FieldType::real:
      return set_number(value, field, "a number", static_cast<double*>(to));
    case FieldType::text:
    case FieldType::texts:
      if (field.choices) {
        const std::vector<std::string> choices = choices_of(field);
        if (std::find(choices.begin(), choices.end(), value.word()) == choices.end())
          value.fail(std::string(field.name) + ": " + config::suggest(value.word(), choices));
      }
      if (field.type == FieldType::text)
        *static_cast<std::string*>(to) = value.word();
      else
        *static_cast<std::vector<std::string>*>(to) = {value.word()};
  }
}

const Field& field_of(const ParamsType& type, std::string_view name) {
  for (const Field& field : type.fields)
    if (name == field.name) return field;
  throw Error(ErrorKind::internal, "internal error: no field " + std::string(name));
}

/// The values given to each field of a type.
class Grid {
 public:
  Grid(std::string owner, const ParamsType& type) : owner_(std::move(owner)), type_(type), given_(type.fields.size()) {}

  /// Takes "name=value" or "name=value|value".
  void take(const Piece& pair) {
    const std::size_t equals = pair.text.find('=');
    if (equals == std::string_view::npos) pair.fail("expected PARAM=VALUE of " + owner_ + ": " + names(""));
    const Piece name = pair.part(0, equals);
    const auto field = std::find_if(type_.fields.begin(), type_.fields.end(),
                                    [&](const Field& candidate) { return name.text == candidate.name; });
    if (field == type_.fields.end()) name.fail(owner_ + " has no such parameter: " + names(name.word()));
    auto& values = given_[static_cast<std::size_t>(field - type_.fields.begin())];
    if (!values.empty()) name.fail("is given twice for one " + owner_);
    values = split(pair.part(equals + 1, std::string_view::npos), '|');
    for (const Piece& value : values)
      if (value.text.empty()) value.fail("a value of " + std::string(field->name) + " is missing");
  }

  /// One a combination, the last field fastest.
  std::vector<std::shared_ptr<void>> combinations() const {
    std::vector<std::shared_ptr<void>> made{type_.make()};
    for (std::size_t at = 0; at < given_.size(); ++at) {
      if (given_[at].empty()) continue;
      std::vector<std::shared_ptr<void>> grown;
      if (made.size() * given_[at].size() > kMostInstances)
        given_[at][0].fail("the grid of " + owner_ + " has more than " + std::to_string(kMostInstances) + " points");
      for (const auto& params : made)
        for (const Piece& value : given_[at]) {
          grown.push_back(type_.copy(params.get()));
          set_field(value, type_.fields[at], grown.back().get());
        }
      made = std::move(grown);
    }
    return made;
  }

 private:
  std::string names(const std::string& word) const {
    if (type_.fields.empty()) return "it has none";
    std::vector<std::string> known;
    for (const Field& field : type_.fields) known.emplace_back(field.name);
    return config::suggest(word, known);
  }

  std::string owner_;
  const ParamsType& type_;
  std::vector<std::vector<Piece>> given_;
};

/// An item and the parameters that follow it.
struct Item {
  Piece name;
  std::vector<Piece> pairs;
};

std::vector<Item> items_of(const Piece& whole) {
  std::vector<Item> items;
  for (const Piece& piece : split(whole, ',')) {
    const std::size_t colon = piece.text.find(':'), equals = piece.text.find('=');
    if (colon == std::string_view::npos && equals != std::string_view::npos) {
      if (items.empty()) piece.fail("a parameter before any indicator: expected NAME or NAME:PARAM=VALUE");
      for (const Piece& pair : split(piece, ';')) items.back().pairs.push_back(pair);
      continue;
    }
    items.push_back({piece.part(0, colon), {}});
    if (items.back().name.text.empty())
      piece.fail("the name of an indicator is missing: see tickfold catalog indicator");
    if (colon != std::string_view::npos) items.back().pairs = split(piece.part(colon + 1, std::string_view::npos), ';');
  }
  return items;
}

}  // namespace

std::vector<series::Instance> read_feature_list(std::string_view text, const Exec& exec, const Lacking& lacking) {
  std::vector<series::Instance> instances;
  std::set<std::string> seen;
  const auto add = [&](const series::IndicatorEntry& entry, const std::shared_ptr<const void>& params) {
    if (seen.insert(std::string(entry.name) + "(" + params_text(entry.params, params.get()) + ")").second)
      instances.push_back({entry.name, params});
  };
  std::vector<std::string> known{"all"};
  for (const auto& row : indicator_catalogue::rows()) known.emplace_back(row.name);

  for (const Item& item : items_of({"--set", text})) {
    if (std::find(known.begin(), known.end(), item.name.word()) == known.end())
      item.name.fail("no indicator has this name: " + config::suggest(item.name.word(), known));
    if (item.name.text == "all") {
      if (!item.pairs.empty()) item.pairs[0].fail("`all` takes no parameters");
      for (const auto& row : indicator_catalogue::rows()) {
        const series::IndicatorEntry& entry = series::find_indicator(exec, row.name);
        if (!lacking || lacking(entry).empty()) add(entry, entry.params.make());
      }
      if (instances.empty()) item.name.fail("no indicator can be computed from this");
      continue;
    }
    const series::IndicatorEntry& entry = series::find_indicator(exec, item.name.word());
    if (lacking)
      if (const std::string what = lacking(entry); !what.empty()) item.name.fail("lacks " + what);
    Grid grid(entry.name, entry.params);
    for (const Piece& pair : item.pairs) grid.take(pair);
    for (const auto& params : grid.combinations()) add(entry, params);
    if (instances.size() > kMostInstances)
      item.name.fail("more than " + std::to_string(kMostInstances) + " indicators in all");
  }
  return instances;
}

market::BarSpec read_bar(std::string_view text) {
  const Piece whole{"--bar", text};
  const ParamsType type = params_type<market::BarSpec>();
  std::vector<Piece> parts = split(whole, ';');
  const Piece head = parts[0];
  const std::size_t colon = head.text.find(':');
  const Piece kind = head.part(0, colon);
  market::BarSpec first;
  set_field(kind, field_of(type, "kind"), &first);
  Grid grid("bar", type);
  double unit_s = 0;
  Piece size{"--bar", ""};
  if (colon != std::string_view::npos) {
    size = head.part(colon + 1, std::string_view::npos);
    if (first.kind == "time" && !size.text.empty()) {
      const std::string_view units = "smhd";
      static constexpr double kSeconds[] = {1, 60, 3600, 86400};
      if (const std::size_t found = units.find(size.text.back()); found != std::string_view::npos) {
        unit_s = kSeconds[found];
        size = size.part(0, size.text.size() - 1);
      }
    }
  }
  for (std::size_t at = 1; at < parts.size(); ++at) {
    if (parts[at].text.starts_with("kind=") || parts[at].text.starts_with("size="))
      parts[at].fail("kind and size come first: time:60");
    grid.take(parts[at]);
  }
  const auto combinations = grid.combinations();
  if (combinations.size() != 1) whole.fail("one bar at a time, no grid");
  market::BarSpec spec = *static_cast<const market::BarSpec*>(combinations[0].get());
  spec.kind = first.kind;
  if (colon != std::string_view::npos) {
    set_field(size, field_of(type, "size"), &spec);
    if (unit_s > 0) spec.size *= unit_s;
  }
  return spec;
}

}  // namespace tf::features
