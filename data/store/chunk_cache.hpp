// Decoded chunks that readers share, and which encoded chunks were found sound already. For several threads.
#pragma once
#include <compare>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "data/store/codec.hpp"
#include "data/store/day_file.hpp"

namespace tf::data {

class ChunkCache {
 public:
  struct Key {
    FileIdentity file;
    uint32_t chunk = 0, column = 0;
    auto operator<=>(const Key&) const = default;
  };
  /// Decoded values as bytes; stay as long as somebody holds them, cached or not.
  using Values = std::shared_ptr<const Scratch>;
  struct Answer {
    Values values;
    std::string wrong;  ///< why there are none
  };

  /// Keeps at most this many bytes, least recently used out first.
  explicit ChunkCache(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  /// The values of `bytes` bytes, by `decode` (which returns what is wrong) unless they are here. While one thread
  /// decodes a chunk, others that want it wait.
  Answer find_or_decode(const Key& key, std::size_t bytes, const std::function<std::string(Scratch&)>& decode);

  /// Whether the checksum of an encoded chunk was compared since this cache was made; `at` numbers the chunks of a
  /// file.
  bool is_checked(const FileIdentity& file, std::size_t at) const;
  void note_checked(const FileIdentity& file, std::size_t at);

  int64_t decoded() const;  ///< chunks that had to be decoded so far
  int64_t found() const;    ///< chunks that were here
  std::size_t bytes() const;

 private:
  struct Entry {
    Values values;  ///< empty while a thread decodes it
    std::size_t bytes = 0;
    std::list<Key>::iterator use;
  };
  void make_room();

  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable decoded_one_;
  std::map<Key, Entry> entries_;
  std::list<Key> uses_;  ///< last used first; of entries with values
  std::size_t bytes_ = 0;
  int64_t decoded_ = 0, found_ = 0;
  std::map<FileIdentity, std::vector<bool>> checked_;
};

}  // namespace tf::data
