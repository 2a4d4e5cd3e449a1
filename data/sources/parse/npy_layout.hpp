// The header of a .npy array of hftbacktest events: which fields there are and where they lie in a record.
// Format: numpy.lib.format versions 1.0 to 3.0 (a Python literal with descr, fortran_order and shape).
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tf::data {

enum class EventField { ev, exch_ts, local_ts, px, qty, order_id };
inline constexpr int kEventFields = 6;

struct NpyField {
  char kind = 0;  ///< i, u, f; 0 = no such field
  int bytes = 0;  ///< 1, 2, 4, 8
  bool swap = false;
  std::size_t offset = 0;  ///< in the record
};

struct NpyLayout {
  std::array<NpyField, kEventFields> fields;
  std::size_t record_bytes = 0;
  int64_t rows = 0;

  const NpyField& operator[](EventField field) const { return fields[static_cast<std::size_t>(field)]; }
};

/// Reads the literal. Returns what is wrong with it, naming what it is if that is known; empty = good.
std::string parse_npy_header(std::string_view literal, NpyLayout& out);

/// The value of a field of a record; fields of floats are to be asked as doubles, others as integers.
int64_t npy_integer(const NpyField& field, const char* record);
double npy_real(const NpyField& field, const char* record);

}  // namespace tf::data
