#include "data/store/chunk_cache.hpp"

namespace tf::data {
namespace {

/// What is known of more files than this is forgotten: they are compared once more.
constexpr std::size_t kMostFiles = 1 << 16;

}  // namespace

std::shared_ptr<ChunkCache> make_chunk_cache(std::size_t most_bytes) {
  return std::make_shared<ChunkCache>(most_bytes);
}

ChunkCache::Answer ChunkCache::find_or_decode(const Key& key, std::size_t bytes,
                                              const std::function<std::string(Scratch&)>& decode) {
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto [at, is_new] = entries_.try_emplace(key);
    if (is_new) break;
    if (at->second.values) {
      uses_.splice(uses_.begin(), uses_, at->second.use);
      ++found_;
      return {at->second.values, {}};
    }
    decoded_one_.wait(lock);
  }
  ++decoded_;
  lock.unlock();
  // Damage and exceptions take the entry away again: the next to ask finds out for itself.
  const auto give_up = [&] {
    const std::lock_guard again(mutex_);
    entries_.erase(key);
    decoded_one_.notify_all();
  };
  Answer answer;
  try {
    const auto values = std::make_shared<Scratch>();
    values->data(bytes);
    answer.wrong = decode(*values);
    if (answer.wrong.empty()) answer.values = values;
  } catch (...) {
    give_up();
    throw;
  }
  if (!answer.values) {
    give_up();
    return answer;
  }
  lock.lock();
  Entry& entry = entries_.at(key);
  entry.values = answer.values;
  entry.bytes = bytes;
  uses_.push_front(key);
  entry.use = uses_.begin();
  bytes_ += bytes;
  make_room();
  decoded_one_.notify_all();
  return answer;
}

void ChunkCache::make_room() {
  while (bytes_ > most_bytes_ && !uses_.empty()) {
    const auto oldest = entries_.find(uses_.back());
    bytes_ -= oldest->second.bytes;
    entries_.erase(oldest);
    uses_.pop_back();
  }
}

bool ChunkCache::is_checked(const FileIdentity& file, std::size_t at) const {
  const std::lock_guard lock(mutex_);
  const auto known = checked_.find(file);
  return known != checked_.end() && at < known->second.size() && known->second[at];
}

void ChunkCache::note_checked(const FileIdentity& file, std::size_t at) {
  const std::lock_guard lock(mutex_);
  if (checked_.size() >= kMostFiles && !checked_.contains(file)) checked_.clear();
  std::vector<bool>& bits = checked_[file];
  if (bits.size() <= at) bits.resize(at + 1);
  bits[at] = true;
}

int64_t ChunkCache::decoded() const {
  const std::lock_guard lock(mutex_);
  return decoded_;
}

int64_t ChunkCache::found() const {
  const std::lock_guard lock(mutex_);
  return found_;
}

std::size_t ChunkCache::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace tf::data
