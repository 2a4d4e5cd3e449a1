// The files of a run folder as text: one place for their names and their JSON.
#pragma once
#include <string>
#include <vector>

#include "engine/learn/trainer.hpp"
#include "engine/registry/canonical_json.hpp"
#include "engine/walk/runner.hpp"

namespace tf::walk {

std::string fit_stem(const std::string& folder, int fold, int fit);  ///< ".../fits/f003-m002"
std::string fold_path(const std::string& folder, int fold);          ///< ".../folds/f003.json"

/// Canonical text of an object with a member "sha256" over the rest, and a newline: how every JSON file of a run is
/// written.
std::string sealed(registry::Json object);
/// Reads such a file. Throws Error{bad_data} naming it when a byte was changed.
registry::Json read_sealed(const std::string& path);

std::string manifest_json(const Setup& setup, const Outcome& run);
std::string fit_json(const learn::FitReport& report);
std::string fold_json(const std::vector<std::vector<score::Period>>& periods);
/// Throws Error{bad_data} naming the file unless it holds `candidates` lists.
std::vector<std::vector<score::Period>> read_fold(const std::string& path, std::size_t candidates);
std::string result_json(const Setup& setup, const Outcome& run);

/// NaN and infinity become null: JSON has no word for them.
registry::Json number(double value);
registry::Json to_json(const score::Scorecard& card);
registry::Json to_json(const std::vector<score::Period>& periods);
std::vector<score::Period> periods_from(const registry::Json& json, const std::string& where);
registry::Json to_json(const score::GateResult& result);

std::vector<double> net_of(const std::vector<score::Period>& periods);

}  // namespace tf::walk
