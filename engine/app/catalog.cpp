// tickfold catalog: everything a config may name.
#include <cmath>

#include "cuda/base/error.hpp"
#include "cuda/market/bar_spec.hpp"
#include "cuda/market/catalogue.hpp"
#include "cuda/market/labels.hpp"
#include "cuda/market/weights.hpp"
#include "cuda/series/catalogue.hpp"
#include "data/policy.hpp"
#include "data/sources/catalogue.hpp"
#include "engine/app/shell.hpp"
#include "engine/learn/catalogue.hpp"

namespace tf::app {
namespace {

const char* type_text(FieldType type) {
  switch (type) {
    case FieldType::boolean:
      return "boolean";
    case FieldType::integer:
    case FieldType::integer64:
      return "integer";
    case FieldType::real:
      return "number";
    case FieldType::text:
      return "text";
    case FieldType::texts:
      return "texts";
  }
  return "";
}

/// The default of one field, as params_text prints it.
std::string default_text(const ParamsType& type, const Field& field) {
  const ParamsType one{{&field, 1}, type.make, type.copy};
  const std::string text = params_text(one, type.make().get());
  return text.substr(text.find('=') + 1);
}

/// What a catalogue says of an entry beside its parameters.
struct Facts {
  Json json = Json::object();
  std::string text;
};

Json bound_json(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Facts facts_of(const series::IndicatorEntry& entry) {
  Facts facts;
  Json bars = Json::array(), ticks = Json::array(), outputs = Json::array();
  std::string inputs;
  const auto input = [&](Json& list, const char* name, const char* of) {
    list.push_back(name);
    inputs += (inputs.empty() ? "" : ", ") + std::string(name) + of;
  };
  for (const series::BarColumn column : entry.bar_inputs) input(bars, series::column_name(column), "");
  for (const series::TickColumn column : entry.tick_inputs) input(ticks, series::column_name(column), " of ticks");
  std::vector<std::vector<std::string>> rows;
  for (const series::Output& output : entry.outputs_of) {
    const bool bounded = std::isfinite(output.low) || std::isfinite(output.high);
    rows.push_back({"    -> " + std::string(output.name), output.unit,
                    bounded ? "[" + short_number(output.low, 10) + ", " + short_number(output.high, 10) + "]" : ""});
    outputs.push_back({{"name", output.name},
                       {"unit", output.unit},
                       {"low", bound_json(output.low)},
                       {"high", bound_json(output.high)}});
  }
  const std::shared_ptr<void> defaults = entry.params.make();
  const int64_t lookback = entry.lookback(defaults.get());
  facts.json = {{"indicator_kind", series::kind_name(entry.kind)},
                {"stability", series::stability_name(entry.stability)},
                {"bar_inputs", bars},
                {"tick_inputs", ticks},
                {"outputs", outputs},
                {"lookback", lookback},
                {"source", entry.source}};
  facts.text = "    " + std::string(series::kind_name(entry.kind)) + ", " + series::stability_name(entry.stability) +
               "; reads " + (inputs.empty() ? "nothing" : inputs) + "; ready after " + std::to_string(lookback) +
               " bars with these defaults\n    source: " + entry.source + "\n" + table_text(rows);
  return facts;
}

struct Listing {
  Json json = Json::array();
  std::string text;

  void add(const char* kind, const char* name, const char* help, const ParamsType& type, const Facts& facts = {}) {
    Json fields = Json::array();
    text += std::string(kind) + " " + name + ": " + help + "\n" + facts.text;
    std::vector<std::vector<std::string>> rows;
    for (const Field& field : type.fields) {
      const bool number =
          field.type == FieldType::integer || field.type == FieldType::integer64 || field.type == FieldType::real;
      std::string range;
      if (number) range = "[" + short_number(field.low, 10) + ", " + short_number(field.high, 10) + "] " + field.unit;
      if (field.choices) range = field.choices;
      rows.push_back({"    " + std::string(field.name), type_text(field.type), "= " + default_text(type, field), range,
                      field.help});
      const auto bound = [&](double value) { return number && std::isfinite(value) ? Json(value) : Json(nullptr); };
      fields.push_back({{"name", field.name},
                        {"type", type_text(field.type)},
                        {"default", default_text(type, field)},
                        {"low", bound(field.low)},
                        {"high", bound(field.high)},
                        {"unit", field.unit},
                        {"choices", field.choices ? Json(field.choices) : Json(nullptr)},
                        {"help", field.help}});
    }
    text += table_text(rows);
    json.push_back({{"kind", kind}, {"name", name}, {"help", help}, {"fields", fields}});
    json.back().update(facts.json);
  }
};

}  // namespace

void add_catalog(CLI::App& app, Shell& shell) {
  CLI::App* command = shell.add(app, "catalog", "everything a config may name, with parameters, ranges, units");
  const auto wanted = std::make_shared<std::string>();
  command->add_option("NAME", *wanted,
                      "only this kind (source, policy, bars, indicator, label, weights, model, strategy) or this name");
  command->callback([&shell, wanted] {
    shell.action = [&shell, wanted] {
      Listing listing;
      const auto add = [&](const char* kind, const char* name, const char* help, const ParamsType& type,
                           const Facts& facts = {}) {
        if (wanted->empty() || *wanted == kind || *wanted == name) listing.add(kind, name, help, type, facts);
      };
      for (const auto& row : source_catalogue::rows()) add("source", row.name, row.entry().help, row.entry().params);
      add("policy", "ingest", "what ingest does with odd ticks", params_type<data::IngestPolicy>());
      add("bars", "bars", "what closes a bar, and its price", params_type<market::BarSpec>());
      for (const auto& row : indicator_catalogue::rows()) {
        const auto& entry = row.v3();
        add("indicator", row.name, entry.help, entry.params, facts_of(entry));
      }
      add("label", "label", "what is predicted, and how its round trip is priced", params_type<market::LabelSpec>());
      add("weights", "weights", "what a training row weighs: the product of what is switched on",
          params_type<market::WeightSpec>());
      for (const auto& row : model_catalogue::rows()) add("model", row.name, row.entry().help, row.entry().params);
      for (const auto& row : strategy_catalogue::rows()) add("strategy", row.name, row.v3().help, row.v3().params);
      if (listing.json.empty())
        throw Error(ErrorKind::usage, "the catalogue has no \"" + *wanted + "\": see tickfold catalog");
      shell.result("tickfold.catalog/1", {{"entries", listing.json}}, listing.text);
    };
  });
}

}  // namespace tf::app
