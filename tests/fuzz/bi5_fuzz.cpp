// Bytes as a packed .bi5 file, as the records in one, and as Dukascopy's JSON; all must be read to an end.
#include "data/sources/catalogue.hpp"
#include "data/sources/parse/input_file.hpp"
#include "tests/fuzz/fuzzed_file.hpp"

namespace tf::source_catalogue {
const Entry& tf_source_bi5();
const Entry& tf_source_dukascopy_json();
}  // namespace tf::source_catalogue

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count) {
  const tf::data::SourceEntry& bi5 = tf::source_catalogue::tf_source_bi5();
  const auto params = bi5.params.make();
  for (const tf::Field& field : bi5.params.fields) {
    char* const at = static_cast<char*>(params.get()) + field.offset;
    if (std::string(field.name) == "symbol") *reinterpret_cast<std::string*>(at) = "EURUSD";
    if (std::string(field.name) == "hour") *reinterpret_cast<std::string*>(at) = "2020-01-02T03";
  }
  std::string raw, unpacked;
  for (const char* name : {"input.bi5", "input.bin"}) {
    const std::string path = fuzzed::file(name, bytes, count);
    fuzzed::drain(bi5, {path}, params);
    bi5.guess(tf::data::read_head(path, raw, unpacked));
  }
  const tf::data::SourceEntry& json = tf::source_catalogue::tf_source_dukascopy_json();
  const std::string path = fuzzed::file("input.json", bytes, count);
  fuzzed::drain(json, {path}, json.params.make());
  json.guess(tf::data::read_head(path, raw, unpacked));
  return 0;
}
