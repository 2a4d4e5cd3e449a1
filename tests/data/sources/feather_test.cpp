// Feather: what is no Arrow IPC file is refused by name; files of pyarrow are read in arrow_files_test.py.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "cuda/base/error.hpp"
#include "data/arrow/arrow_library.hpp"
#include "data/sources/catalogue.hpp"
#include "data/sources/parse/open.hpp"
#include "data/sources/parse/table_rows.hpp"

using namespace tf;
using namespace tf::data;

TEST_CASE("version 1, other formats and broken files are refused with their name") {
  try {
    arrow_library();
  } catch (const Error& error) {
    MESSAGE("skipped: " << error.what());
    return;
  }
  const std::string path =
      (std::filesystem::temp_directory_path() / ("tf_feather_" + std::to_string(::getpid()))).string();
  Instrument instrument;
  instrument.tick_size = instrument.lot_size = 1;
  const TableParams params;
  const auto refuses = [&](const std::string& bytes, const char* said) {
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    const auto source = find_source("feather").open({{path}, instrument}, &params);
    std::vector<Tick> batch(10);
    CHECK_THROWS_WITH_AS(source->next_batch(batch), doctest::Contains(said), Error);
  };
  refuses("FEA1 and so on", "version 1");
  refuses("ARROW1 and nothing that follows", "not a readable Arrow");
  refuses("time,price\n1,2\n", "neither Parquet");
  refuses("", "neither Parquet");
  std::filesystem::remove(path);
}

TEST_CASE("the magic alone makes the guess") {
  const auto guess = find_source("feather").guess;
  CHECK(guess({"x", "", "ARROW1\0\0", ""}).sure == Guess::Sure::yes);
  CHECK(guess({"x", "", "FEA1", ""}).sure == Guess::Sure::maybe);
  CHECK(guess({"x", "", "PAR1", ""}).sure == Guess::Sure::no);
}
