// Bytes as a DBN file, then as a fragment of bare records; both must be read to an end.
#include "data/sources/catalogue.hpp"
#include "data/sources/parse/input_file.hpp"
#include "tests/fuzz/fuzzed_file.hpp"

namespace tf::source_catalogue {
const Entry& tf_source_dbn();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count) {
  const tf::data::SourceEntry& entry = tf::source_catalogue::tf_source_dbn();
  for (const char* fragment : {"no", "yes"}) {
    const auto params = entry.params.make();
    for (const tf::Field& field : entry.params.fields) {
      char* const at = static_cast<char*>(params.get()) + field.offset;
      if (std::string(field.name) == "symbol") *reinterpret_cast<std::string*>(at) = "*";
      if (std::string(field.name) == "fragment") *reinterpret_cast<std::string*>(at) = fragment;
    }
    fuzzed::drain(entry, {fuzzed::file("input.dbn", bytes, count)}, params);
  }
  std::string raw, unpacked;
  entry.guess(tf::data::read_head(fuzzed::file("input.dbn.frag", bytes, count), raw, unpacked));
  return 0;
}
