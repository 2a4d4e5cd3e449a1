// Bytes as a packed file of any kind: whatever they are, their members end and nothing is thrown. At most 64 MiB are
// unpacked of one input, so that a bomb ends in time.
#include <algorithm>

#include "data/sources/parse/input_file.hpp"
#include "tests/fuzz/fuzzed_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count) {
  for (const char* name : {"input.bin", "input.lzma"}) {
    const std::string path = fuzzed::file(name, bytes, count);
    tf::data::InputFile file(path);
    std::vector<char> piece(100'000);
    std::size_t left = std::size_t{64} << 20;
    while (left > 0 && file.next_member()) {
      static_cast<void>(tf::data::known_format(file.peek(512)));
      while (const std::size_t got = file.read(piece)) {
        left -= std::min(left, got);
        if (left == 0) break;
      }
      if (file.share() < 0 || file.share() > 1) std::abort();
    }
    static_cast<void>(file.damage());
    std::string raw, unpacked;
    const tf::data::InputHead head = tf::data::read_head(path, raw, unpacked);
    if (head.raw.size() > 65536 || head.bytes.size() > 65536) std::abort();
  }
  return 0;
}
