// libFuzzer entry of the npz source: whatever the bytes, no crash, no hang, and the counts add up.
#include "data/sources/parse/open.hpp"
#include "tests/fuzz/fuzzed_file.hpp"

namespace tf::source_catalogue {
const Entry& tf_source_npz();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, std::size_t count) {
  const auto& entry = tf::source_catalogue::tf_source_npz();
  const auto params = entry.params.make();
  fuzzed::drain(entry, {fuzzed::file("20190130.bin", bytes, count)}, params);
  return 0;
}
