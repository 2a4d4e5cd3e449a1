// Which trade ids were seen lately, in bounded memory.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace tf::data {

inline constexpr uint64_t kNoNumber = uint64_t{1} << 63;  ///< bit of the keys of ids that are no numbers

/// An id of up to 18 digits is its own key, any other text its hash with kNoNumber set.
inline uint64_t id_key(std::string_view text) {
  uint64_t id = 0;
  bool number = !text.empty() && text.size() < 19;
  for (const char c : text) {
    number &= c >= '0' && c <= '9';
    id = id * 10 + static_cast<uint64_t>(c - '0');
  }
  if (number) return id;
  id = 0xcbf29ce484222325u;
  for (const char c : text) id = (id ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return id | kNoNumber;
}

/// Remembers one id a slot of 65,536: a repeat within a short distance is found, one far away may not be, and an id
/// that is new is never called a repeat (ids that are no numbers: up to a collision of 64-bit hashes).
class RecentIds {
 public:
  RecentIds() : slots_(kSlots) {}
  /// True when the id was seen; remembers it either way.
  bool seen(std::string_view text) { return seen_key(id_key(text)); }
  /// The same for a key of id_key.
  bool seen_key(uint64_t key) {
    uint64_t& slot = slots_[(key ^ key >> 32) % kSlots];
    const bool repeated = slot == key + 1;
    slot = key + 1;
    return repeated;
  }

 private:
  static constexpr std::size_t kSlots = 1 << 16;
  std::vector<uint64_t> slots_;
};

}  // namespace tf::data
