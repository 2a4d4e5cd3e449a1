// What is computed from ticks before any model sees them, as a config names it, and the schema a model is frozen with.
#pragma once
#include <string>
#include <vector>

#include "cuda/base/device.hpp"
#include "cuda/market/bars.hpp"
#include "cuda/series/feature_set.hpp"
#include "engine/config/reader.hpp"

namespace tf::features {

/// Where the indicators' memory ends.
enum class Carry {
  day,      ///< every trading day starts anew: a feature is a pure function of its own day's ticks (the default)
  history,  ///< states run on over the days: values depend on the first day of the history
};

struct Spec {
  market::BarSpec bars;
  std::vector<series::Instance> instances;
  Carry carry = Carry::day;
  /// What recurrences compute in; the rest is always in doubles. Serving follows training: it is part of the schema.
  series::Precision precision = series::Precision::float64;
  /// "venue/symbol" whose mid the reference columns show; empty: none. Of each trading day the reference's day of the
  /// same name is used, and what of it was received before the bar (event) was known; where it is missing, NaN.
  std::string reference;
  /// With Carry::history: rows at the start of the series that are NaN, so that a value no longer tells where the
  /// history began (warm_up.hpp finds how many that takes).
  int64_t warmup = 0;
};

/// Reads [bars], [[features]] (name = an indicator; its parameters, each a value or an array that spans a grid),
/// [features_memory] and [features_reference] (instrument = "venue/symbol").
Spec read_spec(const config::Section& root, const Exec& exec);

/// Names of the lanes of the panel, and one digest over everything that decides their values: bars, indicators with all
/// their parameters, memory, and the instrument's trading hours where it has any (bars end at a session's bounds, clock
/// features count from them). A model refuses features of another digest.
struct Schema {
  std::vector<std::string> names;
  std::string canonical;  ///< the text under the digest
  std::string digest;     ///< hex SHA-256
};
Schema schema_of(const Spec& spec, const Instrument& instrument, const Exec& exec);

/// Raised by hand when an indicator's arithmetic changes: part of every schema digest.
inline constexpr const char* kArithmeticVersion = "2";

}  // namespace tf::features
