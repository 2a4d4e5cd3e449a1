// HTML made of escaped pieces: what is not yet Html cannot reach the page without passing text().
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tf::report {

/// Markup that is safe to put between tags.
struct Html {
  std::string bytes;

  Html& operator+=(const Html& more) {
    bytes += more.bytes;
    return *this;
  }
};

inline Html operator+(Html left, const Html& right) { return left += right; }

/// Markup of our own; never anything that came with the document.
template <std::size_t N>
Html markup(const char (&literal)[N]) {
  return {std::string(literal, N - 1)};
}

/// Escapes & < > " ' and control characters: safe between tags and inside quoted attributes.
Html text(std::string_view raw);

/// <name class="css">inside</name>
Html element(const char* name, const char* css, const Html& inside);

/// A dash when there is nothing to say.
Html text_or_dash(std::string_view raw);

/// Figures; NaN gives a dash. Thousands are separated by commas, the decimal sign is a point.
std::string count_text(double value);  ///< whole: 1,234,567
std::string figure_text(
    double value);  ///< whole ones as such; 2 decimals from 10 on, 4 below 1, else 3; small and huge ones with exponent
std::string percent_text(double share);  ///< 0.5432 -> 54.3 %
std::string duration_text(int64_t ns);   ///< the two largest units: 3 d 4 h
std::string minute_text(int64_t t_ns);   ///< 2024-01-02 03:04 UTC

/// What a mark of state looks like; the word is always written too, colour alone says nothing.
enum class Tone { good, fair, bad, quiet };
Html badge(Tone tone, std::string_view word);

struct Column {
  std::string title;
  bool figures = false;  ///< right-aligned
};

class Table {
 public:
  /// `caption` is read by screen readers and shown above the table.
  Table(std::string caption, std::vector<Column> columns)
      : caption_(std::move(caption)), columns_(std::move(columns)) {}
  void row(const std::vector<Html>& cells);
  void total(const std::vector<Html>& cells);  ///< the foot
  /// The first column heads its row. Long tables scroll on screen and are whole in print.
  Html html() const;

 private:
  Html cells_html(const std::vector<Html>& cells) const;

  std::string caption_;
  std::vector<Column> columns_;
  std::string rows_, foot_;
  std::size_t count_ = 0;
};

}  // namespace tf::report
