// How values of somebody else's HDF5 types become plain columns. For the child process alone: nothing here is safe to
// call on a file that nobody checked, except where a crash is cheap.
#pragma once
#include <hdf5.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "data/store/foreign_pipe.hpp"

namespace tf::data::foreign {

/// Owner of an HDF5 id.
class Handle {
 public:
  Handle() = default;
  Handle(hid_t id, herr_t (*close_id)(hid_t)) : id_(id), close_(close_id) {}
  ~Handle() {
    if (id_ >= 0 && close_) close_(id_);
  }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  operator hid_t() const { return id_; }

 private:
  hid_t id_ = -1;
  herr_t (*close_)(hid_t) = nullptr;
};

/// How the bytes that HDF5 hands over are to be read.
enum class Coding { integer, natural, real, real32, fixed_text, variable_text, truth, names, time };

/// One column: which part of which dataset it is.
struct ColumnPlan {
  ForeignColumn column;
  std::size_t dataset = 0;           ///< index into the table's datasets
  std::vector<std::string> members;  ///< way into a compound type, outermost first
  int element = -1;                  ///< of an array member, or column of a two-dimensional dataset
  bool matrix = false;               ///< `element` is a column of the dataset
  Coding coding = Coding::integer;
  int64_t time_factor = 1;  ///< ns a unit, for Coding::time
  std::map<int64_t, std::string> names;
  Handle value_type;  ///< in memory, of one value
  Handle read_type;   ///< of what H5Dread is to give a row: the value, an array of it, inside compounds
  std::size_t value_bytes = 0, read_bytes = 0;
};

/// Fills coding, column.type and value_type for a type that has plain values; false for one that has none.
bool plan_value(hid_t type, ColumnPlan& plan);
/// Declares that integers are times: "datetime64[ns]" and the like; false if the text says no such thing.
bool plan_time(const std::string& kind, ColumnPlan& plan);
/// Completes read_type from value_type, the array length (0 = none) and the members.
void plan_read(std::size_t array_length, ColumnPlan& plan);
/// Appends `rows` values, which H5Dread gave in read_type, to a batch.
void write_values(const ColumnPlan& plan, const char* bytes, std::size_t rows, Writer& out);

/// A text attribute; empty if there is none. The texts of an array attribute, or of one text cut at commas.
std::string attribute_text(hid_t object, const char* name);
std::vector<std::string> attribute_texts(hid_t object, const char* name);
/// All texts in a pickled list: pandas keeps the names of the columns of a block so.
std::vector<std::string> pickled_texts(const std::string& pickle);

/// Teaches this process the filters zstd (32015) and LZF (32000). Filters that cannot be had: name and number.
void register_filters();
std::string missing_filter(hid_t dataset);

}  // namespace tf::data::foreign
