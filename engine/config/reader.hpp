// TOML in, structs out: the only room that sees toml++. Every value is checked for type, range and choice where it is
// read, every key that nobody read is an error, and every error says file:line:column, what was expected, and the
// candidates.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cuda/base/error.hpp"
#include "cuda/base/fields.hpp"

namespace tf::config {

/// One thing a config can name by a key "use"/"name" in a list, found in a catalogue by the caller.
struct Position {
  std::string text;  ///< "file:line:column" or "--set a.b"
};

/// A table of the document. Cheap to copy; lives no longer than its Reader.
class Section {
 public:
  bool has(const std::string& key) const;
  /// A sub-table; absent = an empty one, so that all its defaults hold.
  Section table(const std::string& key) const;
  /// An array of tables; absent = none.
  std::vector<Section> tables(const std::string& key) const;

  /// A single text. Required, or with a default; `choices` as "a|b|c" (nullptr = any).
  std::string text(const std::string& key, const char* choices = nullptr) const;
  std::string text_or(const std::string& key, const std::string& fallback, const char* choices = nullptr) const;
  std::vector<std::string> texts_or(const std::string& key, std::vector<std::string> fallback) const;
  /// A path: as written, relative to the config file's folder.
  std::string path(const std::string& key) const;
  std::string path_or(const std::string& key, const std::string& fallback) const;

  /// All described fields of a struct; absent keys keep what the struct holds (its defaults).
  void read(const ParamsType& type, void* params) const;
  template <class P>
  P read() const {
    P params;
    read(params_type<P>(), &params);
    return params;
  }
  /// The cartesian product over the fields given as arrays: hidden1 = [16, 32] gives two. Last field fastest.
  std::vector<std::shared_ptr<void>> read_grid(const ParamsType& type) const;

  /// "file:line:column" of a key, or of the table where the key is absent.
  std::string where(const std::string& key) const;
  [[noreturn]] void fail(const std::string& key, const std::string& problem) const;

 private:
  friend class Reader;
  struct Node;
  std::shared_ptr<Node> node_;
};

class Reader {
 public:
  /// Parses a file and applies overrides "a.b.c=value" (value in TOML syntax, a bare word is a text; a number steps
  /// into an array of tables). Throws Error{no_input} or Error{config}.
  static Reader from_file(const std::string& path, const std::vector<std::string>& sets = {});
  static Reader from_text(const std::string& text, const std::string& name, const std::vector<std::string>& sets = {});
  ~Reader();
  Reader(Reader&&) noexcept;

  Section root() const;
  const std::string& folder() const;  ///< relative paths start here
  /// After all reading: throws Error{config} for the first key that nobody asked for, with the nearest known keys.
  void finish() const;
  /// Everything that was read, defaults included, as TOML in the order of reading: running it again gives the same run.
  std::string resolved() const;
  /// Hex SHA-256 of resolved() without the sections that only say where and how to run ("paths", "run").
  std::string digest() const;

 private:
  Reader() = default;
  struct Body;
  std::shared_ptr<Body> body_;
  friend class Section;
};

/// The candidates nearest to an unknown word, all of them when few: "did you mean a, b? known: a, b, c".
std::string suggest(const std::string& word, std::vector<std::string> known);

}  // namespace tf::config
