#include "cuda/base/fields.hpp"

#include <charconv>

namespace tf {
namespace {

template <class T>
const T& member(const void* params, const Field& field) {
  return *reinterpret_cast<const T*>(static_cast<const char*>(params) + field.offset);
}

std::string number_text(double value) {
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return {text, end};
}

}  // namespace

std::string params_text(const ParamsType& type, const void* params) {
  std::string text;
  for (const Field& field : type.fields) {
    if (!text.empty()) text += ',';
    text += field.name;
    text += '=';
    switch (field.type) {
      case FieldType::boolean:
        text += member<bool>(params, field) ? "true" : "false";
        break;
      case FieldType::integer:
        text += std::to_string(member<int>(params, field));
        break;
      case FieldType::integer64:
        text += std::to_string(member<int64_t>(params, field));
        break;
      case FieldType::real:
        text += number_text(member<double>(params, field));
        break;
      case FieldType::text:
        text += member<std::string>(params, field);
        break;
      case FieldType::texts:
        for (const std::string& item : member<std::vector<std::string>>(params, field)) text += item + ";";
        break;
    }
  }
  return text;
}

}  // namespace tf
