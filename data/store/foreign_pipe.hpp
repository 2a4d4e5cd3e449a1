// What the reading process of a foreign file says to its parent, over a pipe. Frames: kind (u32), bytes (u32), payload.
// Both ends are this program on one machine, so integers are as they lie in memory; the reading end trusts nothing.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "data/store/foreign_table.hpp"

namespace tf::data::foreign {

enum class Frame : uint32_t {
  table = 1,   ///< rows (i64), columns (u32), of each: type (u32), name (text)
  error = 2,   ///< text: why there is no table
  batch = 3,   ///< rows (u32), then the values of the columns asked for
  damage = 4,  ///< text: what is wrong after the rows sent
  end = 5,
  select = 6,  ///< parent to child: count (u32), indices (u32 each)
};

inline constexpr uint32_t kMostBytes = 1u << 28;  ///< of a frame
inline constexpr uint32_t kBatchRows = 1u << 16;  ///< rows of a batch
inline constexpr std::size_t kMostColumns = 4096;
inline constexpr std::size_t kLongestText = 256;  ///< bytes of a text value; the rest is cut off

/// Appends plain values.
class Writer {
 public:
  template <class T>
  void put(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(T));
  }
  void put_text(std::string_view text) {
    put(static_cast<uint32_t>(text.size()));
    bytes_.append(text);
  }
  void put_bytes(const void* from, std::size_t count) { bytes_.append(static_cast<const char*>(from), count); }
  const std::string& bytes() const { return bytes_; }
  void clear() { bytes_.clear(); }

 private:
  std::string bytes_;
};

/// Takes them back; false, and never a read past the end, when the payload is too short.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  template <class T>
  bool get(T& value) {
    return get_bytes(&value, sizeof(T));
  }
  bool get_text(std::string& text, std::size_t most) {
    uint32_t count;
    if (!get(count) || count > most || count > rest_.size()) return false;
    text.assign(rest_.substr(0, count));
    rest_.remove_prefix(count);
    return true;
  }
  bool get_bytes(void* to, std::size_t count) {
    if (count > rest_.size()) return false;
    if (count > 0) std::memcpy(to, rest_.data(), count);
    rest_.remove_prefix(count);
    return true;
  }
  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

/// The child's life: opens the file, describes the table, waits for the columns asked for, sends the rows. Ends the
/// process. `to_parent` and `from_parent` are the pipe ends; nothing else is open.
[[noreturn]] void read_foreign_hdf5(const std::string& path, const std::string& table, int to_parent, int from_parent);

}  // namespace tf::data::foreign
