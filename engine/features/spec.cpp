#include "engine/features/spec.hpp"

#include "cuda/base/error.hpp"
#include "data/store/digest.hpp"

namespace tf::features {
namespace {

struct Memory {
  std::string carry = "day", precision = "float64";
  int64_t warmup = 0;
  static std::span<const Field> fields() {
    using P = Memory;
    static const Field table[] = {
        TF_TEXT_FIELD(P, carry, "day|history", "where indicators forget: at each trading day, or never"),
        TF_TEXT_FIELD(P, precision, "float64|float32",
                      "what recurrences compute in: float32 is faster and less exact (README has a table)"),
        TF_FIELD(P, warmup, 0, 1e9, "bars", "with history: first bars without features; tickfold audit --warmup")};
    return table;
  }
};

}  // namespace

Spec read_spec(const config::Section& root, const Exec& exec) {
  Spec spec;
  spec.bars = root.table("bars").read<market::BarSpec>();
  const config::Section memory_section = root.table("features_memory");
  const auto memory = memory_section.read<Memory>();
  spec.carry = memory.carry == "day" ? Carry::day : Carry::history;
  spec.warmup = memory.warmup;
  spec.precision = memory.precision == "float64" ? series::Precision::float64 : series::Precision::float32;
  if (spec.warmup > 0 && spec.carry == Carry::day)
    memory_section.fail("warmup", "is of a memory that runs on: it needs carry = \"history\"");
  for (const config::Section& section : root.tables("features")) {
    const std::string name = section.text("name");
    const series::IndicatorEntry* entry = nullptr;
    try {
      entry = &series::find_indicator(exec, name);
    } catch (const Error& error) { section.fail("name", error.what()); }
    for (const auto& params : section.read_grid(entry->params)) spec.instances.push_back({name, params});
  }
  if (root.has("features_reference")) {
    const config::Section section = root.table("features_reference");
    spec.reference = section.text("instrument");
    const std::size_t slash = spec.reference.find('/');
    if (slash == 0 || slash == std::string::npos || slash + 1 == spec.reference.size())
      section.fail("instrument", "\"" + spec.reference + "\": expected an instrument as venue/symbol");
  }
  if (spec.instances.empty()) root.fail("features", "at least one [[features]] with a name is needed");
  return spec;
}

Schema schema_of(const Spec& spec, const Instrument& instrument, const Exec& exec) {
  Schema schema;
  const series::FeatureSet set(exec, spec.instances, spec.precision);
  for (int64_t lane = 0; lane < set.outputs(); ++lane) schema.names.push_back(set.output_name(lane));
  schema.canonical = std::string("arithmetic=") + kArithmeticVersion + "\nbars: " + spec.bars.text() +
                     "\nmemory=" + (spec.carry == Carry::day ? "day" : "history") + "\n";
  if (spec.precision == series::Precision::float32) schema.canonical += "precision=float32\n";
  if (spec.warmup > 0) schema.canonical += "warmup=" + std::to_string(spec.warmup) + "\n";
  if (!spec.reference.empty()) schema.canonical += "reference=" + spec.reference + "\n";
  if (!instrument.sessions.empty())
    schema.canonical += "sessions=" + instrument.zone + " " + instrument.sessions + "\n";
  for (const series::Instance& instance : spec.instances)
    schema.canonical += instance.indicator + "(" +
                        params_text(series::find_indicator(exec, instance.indicator).params, instance.params.get()) +
                        ")\n";
  data::Sha256 hash;
  hash.add(schema.canonical.data(), schema.canonical.size());
  schema.digest = hash.hex();
  return schema;
}

}  // namespace tf::features
