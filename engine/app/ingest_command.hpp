// The command that ingests a day again from the files it came from.
#pragma once
#include <string>

#include "cuda/base/market.hpp"
#include "data/store/repair.hpp"

namespace tf::app {

struct IngestCommand {
  std::string command;  ///< for a shell, in the folder where the files lie; empty when nobody knows the source
  std::string config;   ///< TOML that the command wants saved as repair.toml there; empty when flags say it all
};

IngestCommand ingest_command(const std::string& store_root, const Instrument& instrument, const data::Repair& repair);

}  // namespace tf::app
