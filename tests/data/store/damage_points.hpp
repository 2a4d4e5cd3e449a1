// Random damage of day files of several shapes and codecs: none may pass unseen, and none may change ticks silently.
#pragma once
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "data/store/day_file.hpp"
#include "made_days.hpp"

namespace damage {

using namespace tf;
using namespace tf::data;

struct Shape {
  std::string name;
  std::vector<Tick> ticks;
};

/// One row, one chunk with and without the optional columns, several chunks (whose values hardly change, so that they
/// are small in every codec).
inline std::vector<Shape> small_shapes() {
  return {{"one row", made::ticks(1)},
          {"all columns", made::ticks(700)},
          {"no local time, no ids", made::ticks(2'500, {false, false})}};
}
inline Shape many_chunks() {
  std::vector<Tick> ticks(2 * std::size_t(kChunkRows) + 50);
  for (std::size_t row = 0; row < ticks.size(); ++row) {
    const int64_t time = made::kDay.start_ns() + static_cast<int64_t>(row / 4096 * 1000);
    ticks[row] = {time, time + (row % 65'536 == 9 ? 1 : 0), static_cast<int64_t>(130'000 + row / 8192), 7, row / 2048,
                  1};
  }
  return {"three chunks", ticks};
}

struct Tally {
  int flips = 0, cuts = 0, in_chunks = 0, in_metadata = 0, in_footer = 0;
  int stopped_reads = 0, equal_reads = 0;  ///< of a flip in bytes that only HDF5 reads, the ticks are right
  int unseen = 0, misplaced = 0, other_ticks = 0;
  std::string first_wrong;
  void operator+=(const Tally& other) {
    flips += other.flips, cuts += other.cuts, in_chunks += other.in_chunks, in_metadata += other.in_metadata;
    in_footer += other.in_footer, stopped_reads += other.stopped_reads, equal_reads += other.equal_reads;
    unseen += other.unseen, misplaced += other.misplaced, other_ticks += other.other_ticks;
    if (first_wrong.empty()) first_wrong = other.first_wrong;
  }
};

/// A day whose file is spoiled in place and healed, `count` times: four of five by a flipped bit, the rest cut short.
class Victim {
 public:
  Victim(const Shape& shape, Codec codec) : shape_(shape), name_(shape.name + " in " + name_of(codec)) {
    WriteOptions how;
    how.codec = codec;
    const auto writer = store_.write_day(made::kId, made::kDay, false, how);
    writer->append(shape.ticks);
    path_ = writer->commit({{"source", "csv"}, {"source_files", "a.csv"}}).path;
    sound_ = made::bytes_of(path_);
    footer_ = open_sound_day(path_, made::kId, made::kDay, 0).footer;
  }

  Tally spoil(int count, uint64_t seed) {
    random_.seed(seed);
    for (int trial = 0; trial < count; ++trial) trial % 5 == 4 ? cut() : flip(trial % 5);
    CHECK(made::bytes_of(path_) == sound_);
    CHECK(store_.verify_day(made::kId, made::kDay).empty());
    return tally_;
  }

 private:
  /// In a chunk, in the footer, or in what belongs to neither: each gets its share.
  void flip(int kind) {
    const auto hdf5 = static_cast<std::size_t>(footer_.hdf5_bytes);
    const ChunkEntry& entry = footer_.chunks[random_() % footer_.chunks.size()];
    std::size_t place =
        static_cast<std::size_t>(entry.offset) + random_() % static_cast<std::size_t>(entry.encoded_bytes);
    if (kind == 2) place = hdf5 + random_() % (sound_.size() - hdf5);
    if (kind == 3) do
        place = random_() % hdf5;
      while (place_name(place) != "metadata");
    const int bit = static_cast<int>(random_() % 8);
    put(place, static_cast<char>(sound_[place] ^ (1 << bit)));
    ++tally_.flips;
    judge(place_name(place), "bit " + std::to_string(bit) + " of byte " + std::to_string(place));
    put(place, sound_[place]);
  }
  void cut() {
    const std::size_t bytes = random_() % sound_.size();
    REQUIRE(::truncate(path_.c_str(), static_cast<off_t>(bytes)) == 0);
    ++tally_.cuts;
    judge("footer", "cut to " + std::to_string(bytes) + " bytes");
    made::put_bytes(path_, sound_);
  }

  void put(std::size_t place, char value) const {
    const int fd = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    REQUIRE(::pwrite(fd, &value, 1, static_cast<off_t>(place)) == 1);
    ::close(fd);
  }

  /// What the report must name: "px 1", "metadata" or "footer".
  std::string place_name(std::size_t place) const {
    const auto at = static_cast<int64_t>(place);
    if (at >= footer_.hdf5_bytes) return "footer";
    for (const ChunkEntry& entry : footer_.chunks)
      if (at >= entry.offset && at < entry.offset + entry.encoded_bytes)
        return std::string(kColumnNames[entry.column]) + " " + std::to_string(entry.chunk);
    return "metadata";
  }

  void judge(const std::string& expected, const std::string& what) {
    (expected == "footer" ? tally_.in_footer : expected == "metadata" ? tally_.in_metadata : tally_.in_chunks)++;
    const auto wrong = [&](int& counter, const std::string& how) {
      ++counter;
      if (tally_.first_wrong.empty()) tally_.first_wrong = name_ + ", " + what + " (" + expected + "): " + how;
    };
    const std::vector<Damage> damages = store_.verify_day(made::kId, made::kDay);
    if (damages.empty()) wrong(tally_.unseen, "verify finds nothing");
    for (const Damage& damage : damages) {
      const std::string named = damage.column + (damage.rows ? " " + std::to_string(damage.chunk) : "");
      if (named != expected || damage.file != path_ || damage.reason.empty())
        wrong(tally_.misplaced, "verify names " + named);
    }
    // Reading all: the right ticks, or an error that names the place.
    try {
      std::vector<Tick> ticks = made::read(store_, {made::kDay});
      if (ticks != shape_.ticks) wrong(tally_.other_ticks, "other ticks are read");
      if (expected != "metadata") wrong(tally_.unseen, "it is read without an error");
      ++tally_.equal_reads;
    } catch (const Error& error) {
      ++tally_.stopped_reads;
      const std::string said = error.what();
      const std::size_t space = expected.find(' ');
      const std::string place = space == std::string::npos ? expected
                                                           : "column " + expected.substr(0, space) + ", chunk " +
                                                                 expected.substr(space + 1) + " ";
      if (error.kind() != ErrorKind::bad_data || said.find(place) == std::string::npos ||
          said.find(path_) == std::string::npos)
        wrong(tally_.misplaced, "the error says " + said);
    }
  }

  Shape shape_;
  std::string name_;
  made::Folder folder_;
  TickStore store_ = made::store(folder_);
  std::string path_, sound_;
  DayFooter footer_;
  std::mt19937_64 random_;
  Tally tally_;
};

/// `small` times every small shape and codec, `many` times the one of several chunks.
inline Tally spoil_all(int small, int many, uint64_t seed) {
  if (::access("/dev/shm", W_OK) == 0) ::setenv("TMPDIR", "/dev/shm", 0);  // nothing here is about syncs
  Tally all;
  for (const Codec codec : {Codec::zstd, Codec::packed, Codec::packed_zstd}) {
    for (const Shape& shape : small_shapes()) all += Victim(shape, codec).spoil(small, ++seed);
    all += Victim(many_chunks(), codec).spoil(many, ++seed);
  }
  CHECK_MESSAGE(all.unseen == 0, all.first_wrong);
  CHECK_MESSAGE(all.misplaced == 0, all.first_wrong);
  CHECK_MESSAGE(all.other_ticks == 0, all.first_wrong);
  MESSAGE(all.flips << " flipped bits and " << all.cuts << " cuts: " << all.in_chunks << " in chunks, "
                    << all.in_metadata << " in metadata, " << all.in_footer << " in the footer; " << all.stopped_reads
                    << " reads stopped, " << all.equal_reads << " gave equal ticks, " << all.other_ticks
                    << " other ticks; " << all.unseen << " unseen, " << all.misplaced << " with a wrong place");
  return all;
}

}  // namespace damage
