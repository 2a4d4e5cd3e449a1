// A set's state as bytes: magic, digest of the instances, row, the recurrences' lanes instance by instance (so that the
// level that saved does not matter), the states of tick recurrences and chains, the history of the sources, checksum.
// Little-endian words of 8 bytes.
#include <algorithm>
#include <cstring>

#include "cuda/base/error.hpp"
#include "cuda/series/instance_set.hpp"

namespace tf::series {
namespace {

constexpr uint64_t kMagic = 0x3330455441545346;  // "FSTATE03"

// FNV-1a over words: catches damage and mix-ups, not malice.
uint64_t mix(uint64_t hash, uint64_t word) {
  for (int byte = 0; byte < 8; ++byte) hash = (hash ^ (word >> (8 * byte) & 0xff)) * 0x100000001b3ull;
  return hash;
}
constexpr uint64_t kMixStart = 0xcbf29ce484222325ull;

struct Words {
  std::string bytes;
  void put(uint64_t word) { bytes.append(reinterpret_cast<const char*>(&word), 8); }
  void put(double word) { bytes.append(reinterpret_cast<const char*>(&word), 8); }
};

uint64_t word_at(const std::string& bytes, std::size_t index) {
  uint64_t word;
  std::memcpy(&word, bytes.data() + 8 * index, 8);
  return word;
}

uint64_t checksum(const std::string& bytes, std::size_t words) {
  uint64_t hash = kMixStart;
  for (std::size_t index = 0; index < words; ++index) hash = mix(hash, word_at(bytes, index));
  return hash;
}

}  // namespace

uint64_t InstanceSet::digest() const {
  uint64_t hash = mix(kMixStart, static_cast<uint64_t>(output_));
  if (precision_ == Precision::float32) hash = mix(hash, 32);
  for (const Part& part : parts_) {
    const std::string text =
        std::string(part.what.entry->name) + "(" + params_text(part.what.entry->params, part.what.params.get()) + ")\n";
    for (const char letter : text) hash = mix(hash, static_cast<unsigned char>(letter));
  }
  return hash;
}

std::string InstanceSet::save_state() const {
  Words words;
  words.put(kMagic);
  words.put(digest());
  words.put(static_cast<uint64_t>(row_));
  for (const Group& group : groups_)
    for (std::size_t lane = 0; lane < group.parts.size(); ++lane)
      for (int word = 0; word < group.frames->lane_words; ++word) words.put(group.lanes[word * group.width + lane]);
  std::vector<double> more;
  for (const Part& part : parts_) {
    more.insert(more.end(), part.lanes.begin(), part.lanes.end());
    if (part.run) part.run->save(more);
  }
  for (const double value : more) words.put(value);
  for (const double value : sources_.save()) words.put(value);
  words.put(checksum(words.bytes, words.bytes.size() / 8));
  return words.bytes;
}

void InstanceSet::load_state(const std::string& bytes) {
  const auto refuse = [](const char* why) { throw Error(ErrorKind::bad_data, std::string("feature state: ") + why); };
  const std::size_t words = bytes.size() / 8;
  if (bytes.size() % 8 != 0 || words < 4 || word_at(bytes, 0) != kMagic) refuse("not a saved feature state");
  if (word_at(bytes, words - 1) != checksum(bytes, words - 1)) refuse("damaged: its checksum does not hold");
  if (word_at(bytes, 1) != digest()) refuse("of another set of instances");

  std::size_t at = 3;
  std::size_t lane_words = 0;
  for (const Group& group : groups_) lane_words += group.parts.size() * group.frames->lane_words;
  if (words < 4 + lane_words) refuse("too short");
  const auto number = [&](std::size_t index) {
    double value;
    std::memcpy(&value, bytes.data() + 8 * index, 8);
    return value;
  };
  reset();
  std::vector<double> rest(words - 1 - at - lane_words);
  for (std::size_t index = 0; index < rest.size(); ++index) rest[index] = number(at + lane_words + index);
  std::size_t used = 0;
  for (Part& part : parts_) {
    if (rest.size() - used < part.lanes.size()) refuse("too short");
    std::copy_n(rest.data() + used, part.lanes.size(), part.lanes.begin());
    used += part.lanes.size();
    if (!part.run) continue;
    const int64_t taken = part.run->load(rest.data() + used, rest.size() - used);
    if (taken < 0) refuse("too short");
    used += static_cast<std::size_t>(taken);
  }
  if (!sources_.load(rest.data() + used, rest.size() - used)) refuse("its history has another length");
  row_ = static_cast<int64_t>(word_at(bytes, 2));
  for (Group& group : groups_) {
    const int width = group.width, last = static_cast<int>(group.parts.size()) - 1;
    for (int lane = 0; lane < width; ++lane)
      for (int word = 0; word < group.frames->lane_words; ++word)
        group.lanes[word * width + lane] = number(at + std::min(lane, last) * group.frames->lane_words + word);
    at += group.parts.size() * group.frames->lane_words;
  }
}

}  // namespace tf::series
