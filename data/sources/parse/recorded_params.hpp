// What a user may say about a recording of websocket messages.
#pragma once
#include <span>
#include <string>

#include "cuda/base/fields.hpp"

namespace tf::data {

struct RecordedParams {
  std::string venue = "auto";
  std::string symbol;
  bool touch = true;
  int depth = 0;
  std::string off_grid = "refuse";
  std::string time_member, message_member;

  static std::span<const Field> fields();
};

}  // namespace tf::data
