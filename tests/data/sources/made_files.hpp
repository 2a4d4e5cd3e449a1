// Small input files that tests make themselves, and draining a source.
#pragma once
#include <unistd.h>
#include <zip.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "cuda/base/error.hpp"
#include "data/sources/parse/csv_params.hpp"
#include "data/sources/parse/open.hpp"

namespace made {

/// A folder of its own, gone at the end of the test.
struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "tickfold_test_XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string file(const std::string& name, const std::string& bytes) const {
    const auto where = path / name;
    std::ofstream(where, std::ios::binary) << bytes;
    return where.string();
  }
  /// Entries are stored in the order given.
  std::string zip(const std::string& name, const std::vector<std::pair<std::string, std::string>>& entries) const {
    const std::string where = (path / name).string();
    int code = 0;
    zip_t* archive = zip_open(where.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    for (const auto& [entry, bytes] : entries)
      zip_file_add(archive, entry.c_str(), zip_source_buffer(archive, bytes.data(), bytes.size(), 0), 0);
    zip_close(archive);
    return where;
  }
};

inline std::string gzip(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

inline std::string read_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Everything a source gave.
struct Drained {
  std::vector<tf::Tick> ticks;
  tf::data::SourceCounts counts;
  std::string damage;
  int64_t row_ends = 0;  ///< ticks with kRowEnd
  int64_t refused() const {
    int64_t rows = 0;
    for (const auto& [reason, refusal] : counts.refused) rows += refusal.rows;
    return rows;
  }
  bool consistent() const {
    return counts.rows_read == counts.rows_stored + refused() && counts.ticks == static_cast<int64_t>(ticks.size()) &&
           counts.rows_stored == row_ends;
  }
};

inline tf::Instrument instrument(double tick_size, double lot_size = 1) {
  tf::Instrument made;
  made.venue = "test";
  made.symbol = "TEST";
  made.tick_size = tick_size;
  made.lot_size = lot_size;
  return made;
}

inline Drained drain(tf::data::Source& source, std::size_t batch = 4096) {
  Drained all;
  std::vector<tf::Tick> buffer(batch);
  while (const std::size_t count = source.next_batch(buffer))
    all.ticks.insert(all.ticks.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
  for (const tf::Tick& tick : all.ticks) all.row_ends += (tick.flags & tf::data::kRowEnd) != 0;
  all.counts = source.counts();
  all.damage = source.damage();
  return all;
}

/// The ticks come without kRowEnd.
inline Drained read_csv(const std::vector<std::string>& files, const tf::data::CsvParams& params,
                        const tf::Instrument& instrument, std::size_t batch = 4096) {
  const auto source = tf::data::find_source("csv").open({files, instrument}, &params);
  Drained all = drain(*source, batch);
  for (tf::Tick& tick : all.ticks) tick.flags &= ~tf::data::kRowEnd;
  return all;
}

inline tf::data::CsvParams preset(const char* name) {
  tf::data::CsvParams params;
  params.preset = name;
  return params;
}

/// Does `work` end in an error of that kind whose message has that word?
inline bool error_with(tf::ErrorKind kind, const std::string& word, const std::function<void()>& work) {
  try {
    work();
  } catch (const tf::Error& error) {
    return error.kind() == kind && std::string(error.what()).find(word) != std::string::npos;
  }
  return false;
}

}  // namespace made
