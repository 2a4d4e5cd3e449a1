#include "data/store/foreign_hdf5_types.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace tf::data::foreign {
namespace {

constexpr std::size_t kLongestAttribute = std::size_t{1} << 20;

template <class T>
T load(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}

int64_t load_whole(const char* at, std::size_t bytes, bool is_signed) {
  switch (bytes) {
    case 1:
      return is_signed ? load<int8_t>(at) : load<uint8_t>(at);
    case 2:
      return is_signed ? load<int16_t>(at) : load<uint16_t>(at);
    case 4:
      return is_signed ? load<int32_t>(at) : load<uint32_t>(at);
    default:
      return load<int64_t>(at);
  }
}

// The double whose shortest decimal is that of the float: 1.1f is 1.1, not 1.10000002384.
double widen(float value) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof(text), value).ptr;
  double wide = value;
  if (value - value == 0) std::from_chars(text, end, wide);
  return wide;
}

std::string_view trimmed(std::string_view text) {
  text = text.substr(0, text.find('\0'));
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool plan_enum(hid_t type, ColumnPlan& plan) {
  const Handle base(H5Tget_super(type), H5Tclose);
  plan.value_type = Handle(H5Tget_native_type(type, H5T_DIR_ASCEND), H5Tclose);
  const int count = H5Tget_nmembers(type);
  const std::size_t bytes = plan.value_type < 0 ? 0 : H5Tget_size(plan.value_type);
  if (count <= 0 || count > 10'000 || bytes == 0 || bytes > 8) return false;
  const bool is_signed = H5Tget_sign(base) == H5T_SGN_2;
  for (unsigned member = 0; member < static_cast<unsigned>(count); ++member) {
    char value[8] = {};
    char* const name = H5Tget_member_name(plan.value_type, member);
    if (!name || H5Tget_member_value(plan.value_type, member, value) < 0) return false;
    plan.names[load_whole(value, bytes, is_signed)] = std::string(name).substr(0, kLongestText);
    H5free_memory(name);
  }
  const auto named = [&](int64_t value, const char* name) {
    const auto at = plan.names.find(value);
    return at != plan.names.end() && at->second == name;
  };
  const bool truth = count == 2 && named(0, "FALSE") && named(1, "TRUE");
  plan.coding = truth ? Coding::truth : Coding::names;
  plan.column.type = truth ? ForeignColumn::Type::boolean : ForeignColumn::Type::text;
  return true;
}

bool plan_text(hid_t type, ColumnPlan& plan) {
  plan.column.type = ForeignColumn::Type::text;
  if (H5Tis_variable_str(type) > 0) {
    plan.coding = Coding::variable_text;
    plan.value_type = Handle(H5Tcopy(H5T_C_S1), H5Tclose);
    return H5Tset_size(plan.value_type, H5T_VARIABLE) >= 0 && H5Tset_cset(plan.value_type, H5Tget_cset(type)) >= 0;
  }
  plan.coding = Coding::fixed_text;
  plan.value_type = Handle(H5Tcopy(type), H5Tclose);
  return H5Tget_size(type) <= 65'536;
}

}  // namespace

bool plan_value(hid_t type, ColumnPlan& plan) {
  const std::size_t bytes = H5Tget_size(type);
  bool planned = false;
  switch (H5Tget_class(type)) {
    case H5T_INTEGER: {
      const bool natural = bytes == 8 && H5Tget_sign(type) == H5T_SGN_NONE;
      plan.coding = natural ? Coding::natural : Coding::integer;
      plan.column.type = natural ? ForeignColumn::Type::uint64 : ForeignColumn::Type::int64;
      plan.value_type = Handle(H5Tcopy(natural ? H5T_NATIVE_UINT64 : H5T_NATIVE_INT64), H5Tclose);
      planned = bytes <= 8;
      break;
    }
    case H5T_FLOAT:
      plan.coding = bytes == 4 ? Coding::real32 : Coding::real;
      plan.column.type = ForeignColumn::Type::float64;
      plan.value_type = Handle(H5Tcopy(bytes == 4 ? H5T_NATIVE_FLOAT : H5T_NATIVE_DOUBLE), H5Tclose);
      planned = true;
      break;
    case H5T_STRING:
      planned = plan_text(type, plan);
      break;
    case H5T_ENUM:
      planned = plan_enum(type, plan);
      break;
    case H5T_BITFIELD:
      plan.coding = Coding::truth;
      plan.column.type = ForeignColumn::Type::boolean;
      plan.value_type = Handle(H5Tcopy(H5T_NATIVE_B8), H5Tclose);
      planned = bytes == 1;
      break;
    case H5T_OPAQUE: {
      // h5py's way to keep numpy.datetime64: tag "NUMPY:<M8[ns]".
      char* const tag = H5Tget_tag(type);
      const std::string kind = tag ? tag : "";
      if (tag) H5free_memory(tag);
      plan.value_type = Handle(H5Tcopy(type), H5Tclose);
      planned =
          bytes == 8 && kind.find("M8[") != kind.npos && plan_time("datetime64" + kind.substr(kind.find('[')), plan);
      break;
    }
    default:
      break;
  }
  if (!planned || plan.value_type < 0) return false;
  plan.value_bytes = H5Tget_size(plan.value_type);
  return plan.value_bytes > 0;
}

bool plan_time(const std::string& kind, ColumnPlan& plan) {
  if (!kind.starts_with("datetime64")) return false;
  const std::size_t open = kind.find('['), close = kind.find_first_of("],", open == kind.npos ? 0 : open);
  const std::string unit = open == kind.npos || close == kind.npos ? "ns" : kind.substr(open + 1, close - open - 1);
  const std::pair<const char*, int64_t> factors[] = {{"ns", 1}, {"us", 1'000}, {"ms", 1'000'000}, {"s", 1'000'000'000}};
  for (const auto& [name, factor] : factors) {
    if (unit != name) continue;
    plan.coding = Coding::time;
    plan.column.type = ForeignColumn::Type::time_ns;
    plan.time_factor = factor;
    return true;
  }
  return false;
}

void plan_read(std::size_t array_length, ColumnPlan& plan) {
  Handle type(H5Tcopy(plan.value_type), H5Tclose);
  if (array_length > 0) {
    const hsize_t length = array_length;
    type = Handle(H5Tarray_create2(plan.value_type, 1, &length), H5Tclose);
  }
  for (auto member = plan.members.rbegin(); member != plan.members.rend(); ++member) {
    Handle outer(H5Tcreate(H5T_COMPOUND, H5Tget_size(type)), H5Tclose);
    H5Tinsert(outer, member->c_str(), 0, type);
    type = std::move(outer);
  }
  plan.read_bytes = H5Tget_size(type);
  plan.read_type = std::move(type);
}

void write_values(const ColumnPlan& plan, const char* bytes, std::size_t rows, Writer& out) {
  const char* at =
      bytes + (plan.matrix || plan.element < 0 ? 0 : static_cast<std::size_t>(plan.element) * plan.value_bytes);
  for (std::size_t row = 0; row < rows; ++row, at += plan.read_bytes) {
    switch (plan.coding) {
      case Coding::integer:
      case Coding::natural:
        out.put(load<int64_t>(at));
        break;
      case Coding::real:
        out.put(load<double>(at));
        break;
      case Coding::real32:
        out.put(widen(load<float>(at)));
        break;
      case Coding::fixed_text:
        out.put_text(trimmed({at, plan.value_bytes}).substr(0, kLongestText));
        break;
      case Coding::variable_text: {
        const char* const text = load<const char*>(at);
        out.put_text(text ? trimmed({text, strnlen(text, kLongestText)}) : std::string_view());
        break;
      }
      case Coding::truth:
        out.put(int64_t{at[0] != 0});
        break;
      case Coding::names: {
        const auto name = plan.names.find(load_whole(at, plan.value_bytes, true));
        const auto again = name != plan.names.end() ? name : plan.names.find(load_whole(at, plan.value_bytes, false));
        out.put_text(again != plan.names.end() ? std::string_view(again->second) : std::string_view());
        break;
      }
      case Coding::time: {
        int64_t ns = load<int64_t>(at);
        if (ns == INT64_MIN || __builtin_mul_overflow(ns, plan.time_factor, &ns)) ns = INT64_MIN;
        out.put(ns);
        break;
      }
    }
  }
}

std::vector<std::string> attribute_texts(hid_t object, const char* name) {
  if (H5Aexists(object, name) <= 0) return {};
  const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
  const Handle type(H5Aget_type(attribute), H5Tclose), space(H5Aget_space(attribute), H5Sclose);
  if (attribute < 0 || H5Tget_class(type) != H5T_STRING) return {};
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  ColumnPlan plan;
  if (count <= 0 || count > 65'536 || !plan_text(type, plan)) return {};
  const std::size_t bytes = H5Tget_size(plan.value_type);
  if (bytes == 0 || bytes * static_cast<std::size_t>(count) > kLongestAttribute) return {};
  std::vector<char> values(bytes * static_cast<std::size_t>(count));
  if (H5Aread(attribute, plan.value_type, values.data()) < 0) return {};
  std::vector<std::string> texts;
  for (std::size_t at = 0; at < values.size(); at += bytes) {
    if (plan.coding == Coding::fixed_text) {
      texts.emplace_back(trimmed({values.data() + at, bytes}));
    } else {
      const char* const text = load<const char*>(values.data() + at);
      texts.emplace_back(text ? std::string_view(text, strnlen(text, kLongestAttribute)) : std::string_view());
    }
  }
  if (plan.coding == Coding::variable_text) H5Dvlen_reclaim(plan.value_type, space, H5P_DEFAULT, values.data());
  if (texts.size() > 1 || texts[0].find(',') == std::string::npos) return texts;
  std::vector<std::string> cut(1);
  for (const char c : texts[0]) {
    if (c == ',') {
      cut.emplace_back();
    } else if (c != ' ' || !cut.back().empty()) {
      cut.back() += c;
    }
  }
  return cut;
}

std::string attribute_text(hid_t object, const char* name) {
  std::string whole;
  for (const std::string& text : attribute_texts(object, name)) whole += (whole.empty() ? "" : ",") + text;
  return whole;
}

std::vector<std::string> pickled_texts(const std::string& pickle) {
  std::vector<std::string> texts;
  const auto unsigned_at = [&](std::size_t at, std::size_t bytes) {
    std::size_t value = 0;
    for (std::size_t place = bytes; place-- > 0;) value = value << 8 | static_cast<unsigned char>(pickle[at + place]);
    return value;
  };
  for (std::size_t at = 0; at < pickle.size();) {
    const char code = pickle[at++];
    const auto line_end = [&] { return std::min(pickle.find('\n', at), pickle.size()); };
    const std::size_t width = code == 'X' ? 4 : code == '\x8c' || code == 'U' || code == 'C' ? 1 : 0;
    if (width > 0) {  // a text behind its length
      if (at + width > pickle.size()) break;
      const std::size_t length = unsigned_at(at, width);
      at += width;
      texts.push_back(pickle.substr(at, length));
      at += std::min(length, pickle.size() - at);
    } else if (code == 'V' || code == 'S') {  // a text to the end of the line, S in quotes
      const std::size_t end = line_end();
      std::string text = pickle.substr(at, end - at);
      if (code == 'S' && text.size() >= 2) text = text.substr(1, text.size() - 2);
      texts.push_back(text);
      at = end + 1;
    } else if (code == 'p' || code == 'g' || code == 'I' || code == 'c') {
      at = line_end() + 1;
    } else if (code == 'q' || code == 'K' || code == '\x80' || code == 'h') {
      at += 1;
    } else if (code == '\x95') {
      at += 8;
    }
  }
  return texts;
}

}  // namespace tf::data::foreign
