// The table of models, written by CMake from engine/learn/models/*.cpp. A model file turns its Params into a Network;
// training, early stopping and saving are the trainer's. File NAME.cpp defines
//   namespace tf::model_catalogue { const Entry& tf_model_NAME(); }
#pragma once
#include <span>

#include "cuda/base/fields.hpp"
#include "cuda/network/network.hpp"

namespace tf::learn {

struct ModelEntry {
  const char* help;
  ParamsType params;
  network::Network (*build)(const void* params, int inputs, network::Task task);
};

}  // namespace tf::learn

namespace tf::model_catalogue {

using Entry = learn::ModelEntry;
struct Row {
  const char* name;
  const Entry& (*entry)();
};
std::span<const Row> rows();

}  // namespace tf::model_catalogue
