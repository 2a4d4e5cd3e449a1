// libFuzzer entry of the lobster source: the bytes up to the first 0 are the message file, the rest the orderbook;
// whatever they are, no crash, no hang, and the counts add up.
#include <cstring>

#include "data/sources/parse/open.hpp"
#include "tests/fuzz/fuzzed_file.hpp"

namespace tf::source_catalogue {
const Entry& tf_source_lobster();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, std::size_t count) {
  const auto& entry = tf::source_catalogue::tf_source_lobster();
  const auto params = entry.params.make();
  const auto* const cut = static_cast<const uint8_t*>(count ? std::memchr(bytes, 0, count) : nullptr);
  const std::size_t messages = cut ? static_cast<std::size_t>(cut - bytes) : count;
  std::vector<std::string> files = {fuzzed::file("AAPL_2012-06-21_1_2_message_2.csv", bytes, messages)};
  if (cut) files.push_back(fuzzed::file("AAPL_2012-06-21_1_2_orderbook_2.csv", cut + 1, count - messages - 1));
  if (!cut) std::filesystem::remove(fuzzed::folder() / "AAPL_2012-06-21_1_2_orderbook_2.csv");
  fuzzed::drain(entry, files, params);
  return 0;
}
