// Described parameters: default, range, unit and help of every parameter stand in one place, beside the struct. The
// config room parses any described struct, `tickfold catalog` prints it, error messages name its candidates.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace tf {

enum class FieldType { boolean, integer, integer64, real, text, texts };

struct Field {
  const char* name;
  FieldType type;
  std::size_t offset;
  double low, high;  ///< inclusive bounds of numbers; unused for text
  const char* unit;  ///< "bars", "ns", "bps", "" ...
  const char* help;
  const char* choices;  ///< "a|b|c": the only texts allowed; nullptr = any
};

template <class T>
constexpr FieldType field_type() {
  if constexpr (std::is_same_v<T, bool>) return FieldType::boolean;
  if constexpr (std::is_same_v<T, int>) return FieldType::integer;
  if constexpr (std::is_same_v<T, int64_t>) return FieldType::integer64;
  if constexpr (std::is_same_v<T, double>) return FieldType::real;
  if constexpr (std::is_same_v<T, std::string>) return FieldType::text;
  if constexpr (std::is_same_v<T, std::vector<std::string>>) return FieldType::texts;
}

inline constexpr double kAny = std::numeric_limits<double>::infinity();

// In a Params struct:
//   int period = 14;
//   static std::span<const Field> fields() {
//     using P = Params;
//     static const Field table[] = {TF_FIELD(P, period, 1, 100000, "bars", "length of the average")};
//     return table;
//   }
// clang-format off
#define TF_FIELD(P, member, low, high, unit, help) \
  ::tf::Field { #member, ::tf::field_type<decltype(P::member)>(), offsetof(P, member), low, high, unit, help, nullptr }
#define TF_TEXT_FIELD(P, member, choices, help) \
  ::tf::Field { #member, ::tf::field_type<decltype(P::member)>(), offsetof(P, member), 0, 0, "", help, choices }

// clang-format on

/// A described struct without its type: its fields and how to make, copy and drop one.
struct ParamsType {
  std::span<const Field> fields;
  std::shared_ptr<void> (*make)() = nullptr;  ///< a new one, all defaults
  std::shared_ptr<void> (*copy)(const void*) = nullptr;
};

template <class P>
ParamsType params_type() {
  return {P::fields(), [] { return std::shared_ptr<void>(std::make_shared<P>()); },
          [](const void* from) { return std::shared_ptr<void>(std::make_shared<P>(*static_cast<const P*>(from))); }};
}

/// For a struct without parameters.
struct NoParams {
  static std::span<const Field> fields() { return {}; }
};

/// Canonical text "name=value,name=value" in field order; numbers printed so that they read back to the same bits.
std::string params_text(const ParamsType& type, const void* params);

}  // namespace tf
