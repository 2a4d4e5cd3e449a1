// Foreign HDF5 files, written here by HDF5's own C API; foreign_hdf5_frames_test.py has those of pandas and PyTables.
#include "data/store/foreign_hdf5.hpp"

#include <doctest/doctest.h>
#include <hdf5.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>

#include "cuda/base/error.hpp"
#include "data/store/panel_file.hpp"

using namespace tf;
using data::ForeignColumn;
using Type = data::ForeignColumn::Type;

namespace {

struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "tickfold_test_XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string operator/(const std::string& name) const { return (path / name).string(); }
};

/// A file under construction; ids are left to H5Fclose of a strong file.
struct Writer {
  hid_t file;
  explicit Writer(const std::string& path) {
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access);
  }
  ~Writer() { H5Fclose(file); }
  hid_t put(const char* name, hid_t type, hid_t memory, std::vector<hsize_t> size, const void* values,
            bool gzip = false) {
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE), links = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links, 1);
    if (gzip) {
      std::vector<hsize_t> chunk = size;
      chunk[0] = std::min<hsize_t>(chunk[0], 1000);
      H5Pset_chunk(creation, static_cast<int>(chunk.size()), chunk.data());
      H5Pset_shuffle(creation);
      H5Pset_deflate(creation, 4);
      H5Pset_fletcher32(creation);
    }
    const hid_t space = H5Screate_simple(static_cast<int>(size.size()), size.data(), nullptr);
    const hid_t dataset = H5Dcreate2(file, name, type, space, links, creation, H5P_DEFAULT);
    H5Dwrite(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    return dataset;
  }
  void note(hid_t object, const char* name, const std::vector<const char*>& texts) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    const hsize_t count = texts.size();
    const hid_t space = count == 1 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &count, nullptr);
    H5Awrite(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT), type, texts.data());
  }
};

struct Row {
  int64_t time;
  struct {
    double bid, ask;
  } quote;
  float sizes[2];
  char symbol[8];
};

hid_t row_type() {
  const hid_t quote = H5Tcreate(H5T_COMPOUND, 16), text = H5Tcopy(H5T_C_S1),
              type = H5Tcreate(H5T_COMPOUND, sizeof(Row));
  const hsize_t two = 2;
  H5Tinsert(quote, "bid", 0, H5T_NATIVE_DOUBLE);
  H5Tinsert(quote, "ask", 8, H5T_NATIVE_DOUBLE);
  H5Tset_size(text, 8);
  H5Tinsert(type, "time", HOFFSET(Row, time), H5T_NATIVE_INT64);
  H5Tinsert(type, "quote", HOFFSET(Row, quote), quote);
  H5Tinsert(type, "sizes", HOFFSET(Row, sizes), H5Tarray_create2(H5T_NATIVE_FLOAT, 1, &two));
  H5Tinsert(type, "symbol", HOFFSET(Row, symbol), text);
  return type;
}

struct Read {
  std::vector<ForeignColumn> columns;
  data::ForeignBatch all;
  int64_t rows = 0;
  std::string damage;
  const data::ForeignValues& operator[](const std::string& name) const {
    for (std::size_t at = 0; at < columns.size(); ++at)
      if (columns[at].name == name) return all.columns[at];
    throw std::runtime_error("no column " + name);
  }
};

Read read(const std::string& path, const std::string& table = {}) {
  const auto opened = data::open_foreign_hdf5(path, table);
  Read result;
  result.columns = opened->columns();
  std::vector<std::size_t> every(result.columns.size());
  for (std::size_t at = 0; at < every.size(); ++at) every[at] = at;
  opened->select(every);
  data::ForeignBatch batch;
  while (opened->next(batch)) {
    CHECK(batch.first_row == result.rows);
    result.rows += batch.rows;
    if (result.all.columns.empty()) {
      result.all = batch;
      continue;
    }
    for (std::size_t at = 0; at < every.size(); ++at)
      std::visit(
          [&](auto& into) {
            const auto& from = std::get<std::decay_t<decltype(into)>>(batch.columns[at].values);
            into.insert(into.end(), from.begin(), from.end());
          },
          result.all.columns[at].values);
  }
  result.damage = opened->damage();
  return result;
}

bool refused(const std::string& path, const std::string& table, const std::string& word) {
  try {
    read(path, table);
  } catch (const Error& error) {
    INFO(error.what());
    return error.kind() == ErrorKind::bad_data && std::string(error.what()).find(word) != std::string::npos;
  }
  return false;
}

std::vector<int64_t> count_up(std::size_t rows) {
  std::vector<int64_t> values(rows);
  for (std::size_t row = 0; row < rows; ++row)
    values[row] = 1'700'000'000'000'000'000 + static_cast<int64_t>(row * row);
  return values;
}

void write_group(const std::string& path, std::size_t rows) {
  Writer out(path);
  const std::vector<int64_t> time = count_up(rows);
  std::vector<float> bid(rows);
  std::vector<uint64_t> id(rows);
  std::vector<uint8_t> small(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    bid[row] = 1.1f + static_cast<float>(row % 1000) * 0.25f;
    id[row] = ~uint64_t{0} - row;
    small[row] = static_cast<uint8_t>(row);
  }
  out.put("/a/ticks/time", H5T_STD_I64BE, H5T_NATIVE_INT64, {rows}, time.data(), true);
  out.put("/a/ticks/bid", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {rows}, bid.data(), true);
  out.put("/a/ticks/id", H5T_STD_U64LE, H5T_NATIVE_UINT64, {rows}, id.data());
  out.put("/a/ticks/small", H5T_STD_U8LE, H5T_NATIVE_UINT8, {rows}, small.data(), true);
}

void write_compound(const std::string& path, hsize_t rows) {
  Writer out(path);
  std::vector<Row> values(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    values[row] = {static_cast<int64_t>(row), {1.5, 1.75}, {0.1f, 3}, "EURUSD"};
  }
  out.put("/ticks", row_type(), row_type(), {rows}, values.data(), true);
}

bool any_child() { return waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD; }

}  // namespace

TEST_CASE("datasets of one length in a group are columns, whatever the width and order of bytes") {
  const Folder folder;
  write_group(folder / "a.h5", 150'000);
  const Read all = read(folder / "a.h5");
  CHECK(all.rows == 150'000);
  CHECK(all.damage == "");
  CHECK(std::get<std::vector<int64_t>>(all["time"].values) == count_up(150'000));
  CHECK(std::get<std::vector<double>>(all["bid"].values)[1] == 1.35);
  CHECK(std::get<std::vector<double>>(all["bid"].values)[0] == 1.1);  // not 1.10000002384
  CHECK(std::get<std::vector<uint64_t>>(all["id"].values)[2] == ~uint64_t{2});
  CHECK(std::get<std::vector<int64_t>>(all["small"].values)[257] == 1);
  CHECK(read(folder / "a.h5", "a/ticks").rows == 150'000);
  CHECK(!any_child());
}

TEST_CASE("members of a compound dataset are columns, nested ones with dots, arrays with numbers") {
  const Folder folder;
  write_compound(folder / "a.h5", 2500);
  const Read all = read(folder / "a.h5");
  CHECK(all.rows == 2500);
  CHECK(std::get<std::vector<int64_t>>(all["time"].values)[2499] == 2499);
  CHECK(std::get<std::vector<double>>(all["quote.ask"].values)[7] == 1.75);
  CHECK(std::get<std::vector<double>>(all["sizes[0]"].values)[7] == 0.1);
  CHECK(std::get<std::vector<std::string>>(all["symbol"].values)[7] == "EURUSD");
}

TEST_CASE("enums are truths or names, variable texts are texts, tagged opaque values are times") {
  const Folder folder;
  {
    Writer out(folder / "a.h5");
    const hid_t truth = H5Tenum_create(H5T_NATIVE_INT8), side = H5Tenum_create(H5T_NATIVE_INT16);
    int8_t no = 0, yes = 1;
    int16_t buy = -1, sell = 4;
    H5Tenum_insert(truth, "FALSE", &no);
    H5Tenum_insert(truth, "TRUE", &yes);
    H5Tenum_insert(side, "BUY", &buy);
    H5Tenum_insert(side, "SELL", &sell);
    const int8_t truths[] = {1, 0};
    const int16_t sides[] = {-1, 4};
    const char* const texts[] = {"one", ""};
    const hid_t text = H5Tcopy(H5T_C_S1), time = H5Tcreate(H5T_OPAQUE, 8);
    H5Tset_size(text, H5T_VARIABLE);
    H5Tset_tag(time, "NUMPY:<M8[us]");
    const int64_t times[] = {5, INT64_MIN};
    out.put("truth", truth, truth, {2}, truths);
    out.put("side", side, side, {2}, sides);
    out.put("text", text, text, {2}, texts);
    out.put("when", time, time, {2}, times);
  }
  const Read all = read(folder / "a.h5");
  CHECK(std::get<std::vector<int64_t>>(all["truth"].values) == std::vector<int64_t>{1, 0});
  CHECK(std::get<std::vector<std::string>>(all["side"].values) == std::vector<std::string>{"BUY", "SELL"});
  CHECK(std::get<std::vector<std::string>>(all["text"].values) == std::vector<std::string>{"one", ""});
  CHECK(std::get<std::vector<int64_t>>(all["when"].values)[0] == 5000);
  CHECK(all["when"].missing == std::vector<uint8_t>{0, 1});
}

TEST_CASE("a matrix has its names in an attribute, or numbers") {
  const Folder folder;
  const double values[] = {1, 2, 3, 4, 5, 6};
  for (const bool named : {true, false}) {
    {
      Writer out(folder / "a.h5");
      const hid_t dataset = out.put("m", H5T_NATIVE_DOUBLE, H5T_NATIVE_DOUBLE, {2, 3}, values, true);
      if (named) out.note(dataset, "columns", {"ts", "bid", "ask"});
    }
    CHECK(std::get<std::vector<double>>(read(folder / "a.h5")[named ? "ask" : "m[2]"].values) ==
          std::vector<double>{3, 6});
  }
}

TEST_CASE("several tables have to be told apart, and what is not there is listed") {
  const Folder folder;
  {
    Writer out(folder / "a.h5");
    const std::vector<int64_t> rows = count_up(10);
    for (const char* name : {"x/t", "x/p", "y/t", "y/p"})
      out.put(name, H5T_NATIVE_INT64, H5T_NATIVE_INT64, {10}, rows.data());
    out.put("z/t", H5T_NATIVE_INT64, H5T_NATIVE_INT64, {10}, rows.data());
    out.put("z/p", H5T_NATIVE_INT64, H5T_NATIVE_INT64, {9}, rows.data());
    H5Lcreate_external("other.h5", "/x", out.file, "w", H5P_DEFAULT, H5P_DEFAULT);
  }
  CHECK(refused(folder / "a.h5", "", "several tables, say which: /x, /y"));
  CHECK(refused(folder / "a.h5", "/q", "there is: /x, /y"));
  CHECK(refused(folder / "a.h5", "/z", "different lengths"));
  CHECK(refused(folder / "a.h5", "/w", "no table"));
  CHECK(read(folder / "a.h5", "/x").rows == 10);
}

TEST_CASE("rows that are not in the file, other files and unknown filters are refused by name") {
  const Folder folder;
  const hsize_t rows = 1'000'000'000, chunk = 1000;
  const auto write = [&](auto prepare) {
    Writer out(folder / "a.h5");
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(1, &rows, nullptr);
    prepare(creation);
    for (const char* name : {"t", "p"})
      H5Dcreate2(out.file, name, H5T_NATIVE_INT64, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  };
  write([&](hid_t creation) { H5Pset_chunk(creation, 1, &chunk); });
  CHECK(refused(folder / "a.h5", "", "only 0 of 1000000 chunks"));
  write([&](hid_t creation) { H5Pset_external(creation, "/etc/passwd", 0, H5F_UNLIMITED); });
  CHECK(refused(folder / "a.h5", "", "other files"));
  write([](hid_t) {});
  CHECK(refused(folder / "a.h5", "", "not all its rows"));
  if (H5Zfilter_avail(32001) <= 0) {
    write([&](hid_t creation) {
      H5Pset_chunk(creation, 1, &chunk);
      H5Pset_filter(creation, 32001, H5Z_FLAG_OPTIONAL, 0, nullptr);
    });
    CHECK(refused(folder / "a.h5", "", "blosc (32001)"));
  }
}

TEST_CASE("what is no HDF5 file is refused before libhdf5 sees it") {
  const Folder folder;
  std::ofstream(folder / "a.h5") << "time,bid,ask\n";
  CHECK(refused(folder / "a.h5", "", "no HDF5 file"));
  CHECK_THROWS_AS(data::open_foreign_hdf5(folder / "none.h5", ""), Error);
  std::ofstream(folder / "b.h5") << "\x89HDF\r\n\x1a\n" << std::string(100, 'x');
  CHECK(refused(folder / "b.h5", "", "cannot open"));
}

TEST_CASE("our own panels and day files are known, foreign files are not ours") {
  const Folder folder;
  const std::vector<int64_t> times = count_up(3);
  const std::vector<double> values(6, 0.5);
  data::write_panel_file(folder / "panel.h5", {{"one", "two"}, "digest", "schema", "made"}, times,
                         Panel<const double>{values.data(), 3, 2, 2});
  CHECK(data::is_own_file(folder / "panel.h5"));
  write_group(folder / "a.h5", 100);
  CHECK(!data::is_own_file(folder / "a.h5"));
  CHECK(data::is_own_file(std::string(TF_SOURCE) + "/tests/data/store/legacy/made/EURUSD/2014-05-02.h5"));
}

TEST_CASE("a table that is left half read leaves no process behind") {
  const Folder folder;
  write_group(folder / "a.h5", 150'000);
  {
    const auto opened = data::open_foreign_hdf5(folder / "a.h5", "");
    opened->select({0, 1, 2});
    data::ForeignBatch batch;
    CHECK(opened->next(batch));
    CHECK(any_child());
  }
  CHECK(!any_child());
}

TEST_CASE("flipped bits never crash or hang the program, nor leave a process behind") {
  const Folder folder;
  write_group(folder / "group.h5", 3000);
  write_compound(folder / "compound.h5", 1500);
  std::mt19937 random(7);
  int errors = 0, damages = 0, sound = 0;
  for (const char* name : {"group.h5", "compound.h5"}) {
    std::ifstream in(folder / name, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    for (int round = 0; round < 150; ++round) {
      std::string flipped = bytes;
      const int flips = 1 + round % 4;
      // Half of the flips near the start, where the structure lies.
      for (int flip = 0; flip < flips; ++flip) {
        const std::size_t range = random() % 2 ? std::min<std::size_t>(4096, bytes.size()) : bytes.size();
        flipped[random() % range] ^= static_cast<char>(1 << random() % 8);
      }
      std::ofstream(folder / "flipped.h5", std::ios::binary) << flipped;
      try {
        read(folder / "flipped.h5").damage.empty() ? ++sound : ++damages;
      } catch (const Error& error) {
        CHECK(error.kind() != ErrorKind::internal);
        ++errors;
      }
    }
  }
  MESSAGE("errors ", errors, ", damages ", damages, ", unnoticed ", sound);
  CHECK(errors + damages + sound == 300);
  CHECK(errors > 0);
  CHECK(damages > 0);
  CHECK(!any_child());
}
