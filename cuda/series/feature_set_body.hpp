// What a FeatureSet holds; its constructor stands beside the catalogue, in cuda/indicators.
#pragma once
#include "cuda/series/instance_set.hpp"

namespace tf::series {

struct FeatureSet::Body {
  InstanceSet set;
};

}  // namespace tf::series
