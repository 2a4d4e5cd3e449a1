// The columns that a set of indicators reads, each once: raw columns, their transforms, and what the window services
// need, with the rows of history that windows reach back into. The same class feeds the CPU's blocks and a GPU's.
// Window sums go by running totals on the CPU as long as these are exact, by ladders elsewhere: to the same bits.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cuda/base/buffer.hpp"
#include "cuda/series/frames.hpp"
#include "cuda/series/services.hpp"

namespace tf::series {

class SourceRows {
 public:
  /// Blocks of at most `block_rows` rows.
  SourceRows(const Exec& exec, int64_t block_rows);
  /// Registers an input that reaches `reach` rows back (a window of reach + 1 rows); returns its number. Before
  /// start().
  int add(const Input& input, int64_t reach);
  void start();

  int64_t block_rows() const { return block_rows_; }
  /// Takes rows [first, first + count) of bars, count <= block_rows. Rows before the first ever taken read as 0.
  void append(const BarRows& bars, int64_t first, int64_t count);
  /// Of the block appended last.
  InputView view(int input) const;

  void reset();
  /// The history's values as words, and back; only what start() laid out the same way may load it. CPU only.
  std::size_t words() const { return values_.size() * static_cast<std::size_t>(history_); }
  std::vector<double> save() const;
  bool load(const double* words, std::size_t count);

 private:
  struct Value {  ///< one row's value: a raw column or a transform of some
    Input input;  ///< without its service
    int array;
    int raw_arrays[kMostRawColumns];
  };
  struct Ladder {
    int value;
    Service service;
    int64_t reach;
    int sums;                 ///< of lag sums: the ladder of the sums; else -1
    std::vector<int> arrays;  ///< level -> array
    std::size_t pointers;     ///< where its levels' pointers begin
    int totals = -1;          ///< its running totals; -1 = always by levels
    int lags = -1;  ///< of sums: the ladder of lag sums in whose pass these totals are made, and whose fate they share
    double limit = 0;        ///< of a value in the totals' unit
    int64_t unfit_rows = 0;  ///< until the history holds only rows fit for totals; 0 = by totals
    bool climbed = false;    ///< whether the levels of the history are there
  };
  int value_of(Input input);
  int ladder_of(int value, Service service, int64_t reach);
  const double* const* level_pointers(int ladder) const;
  bool add_totals(const Ladder& ladder, int64_t from, int64_t count);
  void choose_totals(Ladder& ladder, int64_t count);
  void climb(Ladder& ladder, int64_t count);
  double* array(int index) { return memory_.data() + index * capacity_; }
  const double* array(int index) const { return memory_.data() + index * capacity_; }
  int64_t* totals(int index) { return totals_.data() + index * capacity_; }
  const int64_t* totals(int index) const { return totals_.data() + index * capacity_; }
  void make_room(int64_t count);
  void begin();

  Exec exec_;
  const ServiceTable& services_;
  int64_t block_rows_, history_ = 1, capacity_ = 0, at_ = 0, block_at_ = 0;
  int arrays_ = 0;
  std::vector<Value> values_;
  std::vector<Ladder> ladders_;
  std::vector<std::pair<int, int>> inputs_;  ///< value, ladder or -1
  Buffer<double> memory_;
  Buffer<int64_t> totals_;
  std::vector<const double*> level_pointers_;
  Buffer<const double*> device_pointers_;
};

}  // namespace tf::series
