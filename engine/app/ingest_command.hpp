// The command that ingests a day again from the files it came from.
#pragma once
#include <string>

#include "cuda/base/market.hpp"
#include "data/store/repair.hpp"

namespace tf::app {

/// For a shell, in the folder where the files lie; empty when nobody knows the source any more.
std::string ingest_command(const std::string& store_root, const Instrument& instrument, const data::Repair& repair);

}  // namespace tf::app
