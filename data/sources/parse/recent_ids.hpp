// Which trade ids were seen lately, in bounded memory.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace tf::data {

/// Remembers one id a slot of 65,536: a repeat within a short distance is found, one far away may not be, and an id
/// that is new is never called a repeat (ids that are no numbers: up to a collision of 64-bit hashes).
class RecentIds {
 public:
  RecentIds() : slots_(kSlots) {}
  /// True when the id was seen; remembers it either way.
  bool seen(std::string_view text) {
    uint64_t id = 0;
    bool number = !text.empty() && text.size() < 19;
    for (const char c : text) {
      if (c < '0' || c > '9') number = false;
      id = id * 10 + static_cast<uint64_t>(c - '0');
    }
    if (!number) {
      id = 0xcbf29ce484222325u;
      for (const char c : text) id = (id ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
      id |= uint64_t{1} << 63;
    }
    uint64_t& slot = slots_[(id ^ id >> 32) % kSlots];
    const bool repeated = slot == id + 1;
    slot = id + 1;
    return repeated;
  }

 private:
  static constexpr std::size_t kSlots = 1 << 16;
  std::vector<uint64_t> slots_;
};

}  // namespace tf::data
