#include "engine/config/reader.hpp"

#include <doctest/doctest.h>

using namespace tf;
using config::Reader;

namespace {

struct Shape {
  int width = 16;
  double rate = 0.5;
  bool on = true;
  std::string kind = "relu";
  static std::span<const Field> fields() {
    using P = Shape;
    static const Field table[] = {TF_FIELD(P, width, 1, 1024, "units", "width"), TF_FIELD(P, rate, 0, 1, "", "rate"),
                                  TF_FIELD(P, on, 0, 1, "", "switch"),
                                  TF_TEXT_FIELD(P, kind, "relu|tanh", "activation")};
    return table;
  }
};

/// The message with which reading `text` ends; "" when it is accepted.
std::string message(const std::string& text, const std::vector<std::string>& sets = {}) {
  try {
    const Reader reader = Reader::from_text(text, "a.toml", sets);
    reader.root().table("shape").read<Shape>();
    for (const auto& layer : reader.root().tables("layers")) layer.text("name");
    reader.finish();
  } catch (const Error& error) { return error.what(); }
  return "";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("defaults hold where a key or a whole table is absent") {
  const Reader reader = Reader::from_text("", "a.toml");
  const Shape shape = reader.root().table("shape").read<Shape>();
  CHECK(shape.width == 16);
  CHECK(shape.kind == "relu");
  reader.finish();
}

TEST_CASE(
    "an unknown key, a wrong type, a number out of range and an unknown word name file, line, column and candidates") {
  CHECK(message("[shape]\nwidth = 32\nrate = 1\n") == "");
  const std::string unknown = message("[shape]\nwidht = 32\n");
  CHECK(has(unknown, "a.toml:2:"));
  CHECK(has(unknown, "unknown key shape.widht: did you mean width?"));
  const std::string type = message("[shape]\nwidth = \"wide\"\n");
  CHECK(has(type, "a.toml:2:9: shape.width"));
  CHECK(has(type, "expected an integer in [1, 1024"));
  CHECK(has(type, "(units)"));
  CHECK(has(message("[shape]\nwidth = 0\n"), "expected an integer in [1, "));
  CHECK(has(message("[shape]\nwidth = 1.5\n"), "expected an integer"));
  CHECK(has(message("[shape]\nrate = nan\n"), "expected a number in [0"));
  {
    const std::string choice = message("[shape]\nkind = \"relo\"\n");
    CHECK(has(choice, "expected one of relu, tanh"));
    CHECK(has(choice, "did you mean relu?"));
  }
  CHECK(has(message("shape = 3\n"), "expected a table"));
  CHECK(has(message("[[layers]]\nname = \"a\"\n[[layers]]\n"), "a.toml:3:1: layers.1.name is missing"));
  CHECK(has(message("[[layers]]\nname = \"a\"\nnmae = \"b\"\n"), "unknown key layers.0.nmae"));
  CHECK(has(message("[oops]\nx = 1\n"), "unknown key oops"));
  CHECK(has(message("[shape\n"), "a.toml:1:"));
}

TEST_CASE("overrides are checked like the file and are named in errors") {
  const Reader reader =
      Reader::from_text("[shape]\nwidth = 32\n[[layers]]\nname = \"a\"\n", "a.toml",
                        {"shape.width=64", "shape.kind=tanh", "layers.0.name=\"b\"", "shape.rate=0.25"});
  const Shape shape = reader.root().table("shape").read<Shape>();
  CHECK(shape.width == 64);
  CHECK(shape.kind == "tanh");
  CHECK(shape.rate == 0.25);
  CHECK(reader.root().tables("layers").at(0).text("name") == "b");
  CHECK(has(message("", {"shape.width=0"}), "--set shape.width"));
  CHECK(has(message("", {"shape.with=3"}), "unknown key shape.with"));
  CHECK(has(message("", {"shape"}), "expected key.path=value"));
  CHECK(has(message("[[layers]]\nname = \"a\"\n", {"layers.7.name=x"}), "no index below 1"));
}

TEST_CASE("a field given as an array spans a grid, last field fastest") {
  const Reader reader = Reader::from_text("[shape]\nwidth = [8, 16]\nkind = [\"relu\", \"tanh\"]\n", "a.toml");
  const auto grid = reader.root().table("shape").read_grid(params_type<Shape>());
  REQUIRE(grid.size() == 4);
  CHECK(static_cast<Shape*>(grid[1].get())->width == 8);
  CHECK(static_cast<Shape*>(grid[1].get())->kind == "tanh");
  CHECK(static_cast<Shape*>(grid[2].get())->width == 16);
  CHECK(params_text(params_type<Shape>(), grid[3].get()) == "width=16,rate=0.5,on=true,kind=tanh");
  CHECK_THROWS_AS(Reader::from_text("[s]\nwidth = []\n", "a").root().table("s").read_grid(params_type<Shape>()), Error);
}

TEST_CASE("the resolved text reads back to the same resolved text and digest") {
  const auto read = [](const std::string& text) {
    const Reader reader = Reader::from_text(text, "a.toml");
    reader.root().table("shape").read_grid(params_type<Shape>());
    for (const auto& layer : reader.root().tables("layers")) layer.text("name");
    reader.root().table("paths").text_or("store", "s");
    reader.finish();
    return std::pair{reader.resolved(), reader.digest()};
  };
  const auto first =
      read("[[layers]]\nname = \"a \\\" b\"\n[shape]\nwidth = [4, 8]\nrate = 0.1\n[paths]\nstore=\"x\"\n");
  const auto second = read(first.first);
  CHECK(first == second);
  CHECK(read("[shape]\nwidth = 4\n").second != read("[shape]\nwidth = 5\n").second);
  CHECK(read("[paths]\nstore=\"y\"\n").second == read("").second);
}
