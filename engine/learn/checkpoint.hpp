// A fitted model as bytes: our own plain format, checked on reading.
#pragma once
#include <string>

#include "cuda/network/network.hpp"

namespace tf::learn {

struct Checkpoint {
  network::Fitted fitted;
  std::string model;          ///< catalogue name
  std::string model_params;   ///< canonical text
  std::string schema_digest;  ///< of the features it was trained on; serving refuses another
  uint64_t seed = 0;
};

/// Little-endian, with a SHA-256 over everything: the same model gives the same bytes.
std::string save(const Checkpoint& checkpoint);
/// Throws Error{bad_data} naming `where` for anything but what save() wrote.
Checkpoint load(const std::string& bytes, const std::string& where);

}  // namespace tf::learn
