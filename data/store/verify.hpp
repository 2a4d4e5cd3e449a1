// Every check there is on one day file.
#pragma once
#include <string>
#include <vector>

#include "data/store/tick_store.hpp"

namespace tf::data {

/// Footer, bytes outside the chunks, checksums of encoded chunks, digests of decoded chunks and columns, content
/// digest. Damage of the footer or of the bytes outside the chunks is one entry of column "footer" or "metadata" with
/// rows = 0.
std::vector<Damage> verify_day_file(const std::string& path, const std::string& instrument, Day day);

}  // namespace tf::data
