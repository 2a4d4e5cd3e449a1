#include <cmath>
#include <limits>

#include "data/arrow/arrow_table.hpp"

namespace tf::data {
namespace {

using Type = ForeignColumn::Type;

int64_t ns_per(arrow::TimeUnit::type unit) {
  switch (unit) {
    case arrow::TimeUnit::SECOND:
      return 1'000'000'000;
    case arrow::TimeUnit::MILLI:
      return 1'000'000;
    case arrow::TimeUnit::MICRO:
      return 1'000;
    case arrow::TimeUnit::NANO:
      return 1;
  }
  return 1;
}

/// One value a row through `take(row)`; rows that are null stay zero.
template <class T, class Take>
void fill(const arrow::Array& array, ForeignValues& out, Take take) {
  std::vector<T> values(static_cast<std::size_t>(array.length()));
  for (int64_t row = 0; row < array.length(); ++row)
    if (!array.IsNull(row)) values[static_cast<std::size_t>(row)] = take(row);
  out.values = std::move(values);
}

template <class ArrayType, class T>
void fill_from(const arrow::Array& array, ForeignValues& out) {
  const auto& typed = static_cast<const ArrayType&>(array);
  fill<T>(array, out, [&](int64_t row) { return static_cast<T>(typed.Value(row)); });
}

template <class ArrayType>
void fill_text(const arrow::Array& array, ForeignValues& out) {
  const auto& typed = static_cast<const ArrayType&>(array);
  fill<std::string>(array, out, [&](int64_t row) { return std::string(typed.GetView(row)); });
}

template <class ArrayType>
std::string fill_time(const arrow::Array& array, int64_t unit_ns, ForeignValues& out) {
  const auto& typed = static_cast<const ArrayType&>(array);
  bool fits = true;
  fill<int64_t>(array, out, [&](int64_t row) {
    int64_t ns = 0;
    fits &= !__builtin_mul_overflow(static_cast<int64_t>(typed.Value(row)), unit_ns, &ns);
    return ns;
  });
  return fits ? "" : "a time that does not fit into nanoseconds since 1970";
}

std::string fill_decimal(const arrow::Array& array, ForeignValues& out) {
  const auto& typed = static_cast<const arrow::Decimal128Array&>(array);
  bool fits = true;
  fill<int64_t>(array, out, [&](int64_t row) {
    const arrow::Decimal128 value(typed.GetValue(row));
    const bool small = value.high_bits() == (static_cast<int64_t>(value.low_bits()) < 0 ? -1 : 0);
    fits &= small;
    return small ? static_cast<int64_t>(value.low_bits()) : 0;
  });
  return fits ? "" : "a decimal of more than 18 digits";
}

std::string fill_dictionary(const arrow::Array& array, const ForeignColumn& column, ForeignValues& out) {
  const auto& typed = static_cast<const arrow::DictionaryArray&>(array);
  ForeignValues words;
  if (std::string wrong = convert(*typed.dictionary(), column, words); !wrong.empty()) return wrong;
  const auto& texts = std::get<std::vector<std::string>>(words.values);
  bool fits = true;
  fill<std::string>(array, out, [&](int64_t row) {
    const int64_t at = typed.GetValueIndex(row);
    const bool inside = at >= 0 && at < static_cast<int64_t>(texts.size());
    fits &= inside;
    return inside ? texts[static_cast<std::size_t>(at)] : std::string();
  });
  return fits ? "" : "a dictionary index outside its dictionary";
}

bool plain_type(const arrow::DataType& type, ForeignColumn& column) {
  switch (type.id()) {
    case arrow::Type::BOOL:
      column.type = Type::boolean;
      return true;
    case arrow::Type::INT8:
    case arrow::Type::INT16:
    case arrow::Type::INT32:
    case arrow::Type::INT64:
    case arrow::Type::UINT8:
    case arrow::Type::UINT16:
    case arrow::Type::UINT32:
      column.type = Type::int64;
      return true;
    case arrow::Type::UINT64:
      column.type = Type::uint64;
      return true;
    case arrow::Type::FLOAT:
    case arrow::Type::DOUBLE:
      column.type = Type::float64;
      return true;
    case arrow::Type::STRING:
    case arrow::Type::LARGE_STRING:
    case arrow::Type::STRING_VIEW:
      column.type = Type::text;
      return true;
    case arrow::Type::TIMESTAMP:
    case arrow::Type::DATE32:
    case arrow::Type::DATE64:
      column.type = Type::time_ns;
      return true;
    case arrow::Type::DECIMAL128:
      column.type = Type::int64;
      column.decimal_places = static_cast<const arrow::Decimal128Type&>(type).scale();
      return column.decimal_places >= 0 && column.decimal_places <= 18;
    case arrow::Type::DICTIONARY:
      return plain_type(*static_cast<const arrow::DictionaryType&>(type).value_type(), column) &&
             column.type == Type::text;
    default:
      return false;
  }
}

}  // namespace

bool plain_column(const arrow::Field& field, ForeignColumn& column) {
  column.name = field.name();
  return plain_type(*field.type(), column);
}

std::string convert(const arrow::Array& array, const ForeignColumn& column, ForeignValues& out) {
  out.missing.clear();
  if (array.null_count() > 0) {
    out.missing.resize(static_cast<std::size_t>(array.length()));
    for (int64_t row = 0; row < array.length(); ++row) out.missing[static_cast<std::size_t>(row)] = array.IsNull(row);
  }
  switch (array.type_id()) {
    case arrow::Type::BOOL:
      fill_from<arrow::BooleanArray, int64_t>(array, out);
      return {};
    case arrow::Type::INT8:
      fill_from<arrow::Int8Array, int64_t>(array, out);
      return {};
    case arrow::Type::INT16:
      fill_from<arrow::Int16Array, int64_t>(array, out);
      return {};
    case arrow::Type::INT32:
      fill_from<arrow::Int32Array, int64_t>(array, out);
      return {};
    case arrow::Type::INT64:
      fill_from<arrow::Int64Array, int64_t>(array, out);
      return {};
    case arrow::Type::UINT8:
      fill_from<arrow::UInt8Array, int64_t>(array, out);
      return {};
    case arrow::Type::UINT16:
      fill_from<arrow::UInt16Array, int64_t>(array, out);
      return {};
    case arrow::Type::UINT32:
      fill_from<arrow::UInt32Array, int64_t>(array, out);
      return {};
    case arrow::Type::UINT64:
      fill_from<arrow::UInt64Array, uint64_t>(array, out);
      return {};
    case arrow::Type::FLOAT:
      fill_from<arrow::FloatArray, double>(array, out);
      return {};
    case arrow::Type::DOUBLE:
      fill_from<arrow::DoubleArray, double>(array, out);
      return {};
    case arrow::Type::STRING:
      fill_text<arrow::StringArray>(array, out);
      return {};
    case arrow::Type::LARGE_STRING:
      fill_text<arrow::LargeStringArray>(array, out);
      return {};
    case arrow::Type::STRING_VIEW:
      fill_text<arrow::StringViewArray>(array, out);
      return {};
    case arrow::Type::TIMESTAMP:
      return fill_time<arrow::TimestampArray>(
          array, ns_per(static_cast<const arrow::TimestampType&>(*array.type()).unit()), out);
    case arrow::Type::DATE32:
      return fill_time<arrow::Date32Array>(array, 86'400'000'000'000, out);
    case arrow::Type::DATE64:
      return fill_time<arrow::Date64Array>(array, 1'000'000, out);
    case arrow::Type::DECIMAL128:
      return fill_decimal(array, out);
    case arrow::Type::DICTIONARY:
      return fill_dictionary(array, column, out);
    default:
      return "values of type " + array.type()->ToString();
  }
}

}  // namespace tf::data
