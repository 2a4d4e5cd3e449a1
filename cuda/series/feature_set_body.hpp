// What a FeatureSet holds; its constructor stands beside the catalogue, in cuda/indicators.
#pragma once
#include "cuda/series/instance_set.hpp"

namespace tf::series {

struct FeatureSet::Body {
  Body(const Exec& exec, std::vector<ResolvedInstance> instances, Precision precision)
      : set(exec, std::move(instances), -1, precision) {}
  InstanceSet set;
};

}  // namespace tf::series
