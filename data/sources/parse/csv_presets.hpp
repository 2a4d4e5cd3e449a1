// Layouts of known vendors, as settings of the csv parameters.
#pragma once
#include <span>
#include <vector>

#include "data/sources/parse/csv_params.hpp"

namespace tf::data {

struct CsvSetting {
  std::string CsvParams::*member;
  const char* value;
};
struct CsvPreset {
  const char* name;
  std::vector<CsvSetting> settings;
  double price_scale = 1;
};

std::span<const CsvPreset> csv_presets();
/// Their names, as "a|b|c".
const char* csv_preset_choices();

}  // namespace tf::data
