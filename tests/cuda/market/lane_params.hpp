// Parameter sets of catalogue strategies by field name, as the config room would make them.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "cuda/market/simulate.hpp"

namespace tf::market {

inline std::shared_ptr<const void> params_of(const std::string& strategy, const std::map<std::string, double>& numbers,
                                             const std::string& direction = "") {
  const ParamsType& type = find_strategy(pick_exec(), strategy).params;
  const std::shared_ptr<void> params = type.make();
  for (const Field& field : type.fields) {
    char* at = static_cast<char*>(params.get()) + field.offset;
    if (field.type == FieldType::text && !direction.empty()) *reinterpret_cast<std::string*>(at) = direction;
    const auto number = numbers.find(field.name);
    if (number == numbers.end()) continue;
    if (field.type == FieldType::integer) *reinterpret_cast<int*>(at) = static_cast<int>(number->second);
    if (field.type == FieldType::real) *reinterpret_cast<double*>(at) = number->second;
  }
  return params;
}

}  // namespace tf::market
