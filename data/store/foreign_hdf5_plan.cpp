#include "data/store/foreign_hdf5_plan.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "cuda/base/error.hpp"

namespace tf::data::foreign {
namespace {

constexpr std::size_t kMostObjects = 20'000, kMostMatrix = 1024;
constexpr std::size_t kMostRowBytes = std::size_t{1} << 20;  // of what H5Dread gives a row for one column
constexpr int kDeepest = 16;

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorKind::bad_data, what); }

/// What there is in a file that may be a table.
struct Candidate {
  enum class Kind { compound, matrix, group, fixed_frame };
  std::string path;
  Kind kind;
};

std::string join(const std::string& group, const std::string& name) { return (group == "/" ? "" : group) + "/" + name; }

std::optional<Dataset> open_dataset(hid_t file, const std::string& path) {
  Dataset dataset;
  dataset.path = path;
  dataset.id = Handle(H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose);
  if (dataset.id < 0) return {};
  dataset.type = Handle(H5Dget_type(dataset.id), H5Tclose);
  dataset.space = Handle(H5Dget_space(dataset.id), H5Sclose);
  const int rank = H5Sget_simple_extent_ndims(dataset.space);
  if (dataset.type < 0 || rank < 0 || rank > 8) return {};
  dataset.size.resize(static_cast<std::size_t>(rank));
  if (rank > 0) H5Sget_simple_extent_dims(dataset.space, dataset.size.data(), nullptr);
  return dataset;
}

// The names of the hard links of a group: no link leads out of the file.
std::vector<std::string> names_in(hid_t group) {
  H5G_info_t info;
  std::vector<std::string> names;
  if (H5Gget_info(group, &info) < 0) fail("a group cannot be listed");
  for (hsize_t at = 0; at < std::min<hsize_t>(info.nlinks, kMostObjects); ++at) {
    const ssize_t length = H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, at, nullptr, 0, H5P_DEFAULT);
    if (length <= 0 || length > 4096) continue;
    std::string name(static_cast<std::size_t>(length) + 1, '\0');
    H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, at, name.data(), name.size(), H5P_DEFAULT);
    name.resize(static_cast<std::size_t>(length));
    H5L_info_t link;
    if (H5Lget_info(group, name.c_str(), &link, H5P_DEFAULT) >= 0 && link.type == H5L_TYPE_HARD) names.push_back(name);
  }
  return names;
}

std::vector<std::string> column_names_of(const Dataset& dataset) {
  for (const char* attribute : {"columns", "column_names", "colnames", "names", "fields", "feature_names", "header"}) {
    const std::vector<std::string> names = attribute_texts(dataset.id, attribute);
    if (dataset.size.size() == 2 && names.size() == dataset.size[1]) return names;
  }
  return {};
}

bool is_plain(const Dataset& dataset) {
  const H5T_class_t type = dataset.type_class();
  ColumnPlan plan;
  return type != H5T_COMPOUND && type != H5T_ARRAY && plan_value(dataset.type, plan);
}

class Finder {
 public:
  explicit Finder(hid_t file) : file_(file) {}
  std::vector<Candidate> found;
  std::string uneven;  ///< a group whose datasets have different lengths

  void look_into(const std::string& path, int depth) {
    const Handle group(H5Gopen2(file_, path.c_str(), H5P_DEFAULT), H5Gclose);
    if (group < 0) fail(path + ": cannot be opened");
    const std::string pandas = attribute_text(group, "pandas_type");
    const std::vector<std::string> names = names_in(group);
    const bool has_table = std::find(names.begin(), names.end(), "table") != names.end();
    if (pandas.ends_with("_table") && has_table) {
      look_at(join(path, "table"));
      return;
    }
    if (pandas == "frame") {
      found.push_back({path, Candidate::Kind::fixed_frame});
      return;
    }
    std::vector<Dataset> columns, matrices;
    for (const std::string& name : names) {
      // PyTables keeps its indexes beside a table under such names.
      if (name.starts_with("_i_") || name.starts_with("_v_") || name.starts_with("_f_")) continue;
      if (++objects_ > kMostObjects) fail("more than 20,000 objects: say which table");
      H5O_info_t info;
      if (H5Oget_info_by_name2(group, name.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0) continue;
      if (info.type == H5O_TYPE_GROUP && depth < kDeepest && seen_.insert(info.addr).second)
        look_into(join(path, name), depth + 1);
      if (info.type != H5O_TYPE_DATASET) continue;
      std::optional<Dataset> dataset = open_dataset(file_, join(path, name));
      if (!dataset) continue;
      if (dataset->size.size() == 1 && dataset->type_class() == H5T_COMPOUND) {
        found.push_back({dataset->path, Candidate::Kind::compound});
      } else if (dataset->size.size() == 1 && is_plain(*dataset)) {
        columns.push_back(std::move(*dataset));
      } else if (dataset->size.size() == 2 && dataset->size[1] <= kMostMatrix && is_plain(*dataset)) {
        matrices.push_back(std::move(*dataset));
      }
    }
    judge_group(path, columns, matrices);
  }

  bool look_at(const std::string& path) {
    const std::optional<Dataset> dataset = open_dataset(file_, path);
    if (!dataset) return false;
    const bool matrix = dataset->size.size() == 2 && is_plain(*dataset);
    const bool compound = dataset->size.size() == 1 && dataset->type_class() == H5T_COMPOUND;
    if (matrix || compound) found.push_back({path, matrix ? Candidate::Kind::matrix : Candidate::Kind::compound});
    return matrix || compound;
  }

 private:
  void judge_group(const std::string& path, const std::vector<Dataset>& columns, const std::vector<Dataset>& matrices) {
    const auto same_rows = [&](const Dataset& one) { return one.rows() == columns[0].rows(); };
    const bool even = std::all_of(columns.begin(), columns.end(), same_rows);
    if (columns.size() >= 2 && even) found.push_back({path, Candidate::Kind::group});
    if (columns.size() >= 2 && !even) {
      uneven += (uneven.empty() ? "" : "; ") + path + " has datasets of different lengths:";
      for (std::size_t at = 0; at < std::min<std::size_t>(columns.size(), 8); ++at)
        uneven += " " + columns[at].path.substr(columns[at].path.find_last_of('/') + 1) + " " +
                  std::to_string(columns[at].rows());
    }
    for (const Dataset& matrix : matrices)
      if (columns.empty() || !even || !same_rows(matrix)) found.push_back({matrix.path, Candidate::Kind::matrix});
  }

  hid_t file_;
  std::set<haddr_t> seen_;
  std::size_t objects_ = 0;
};

// A dataset whose rows are not all in the file would yield made-up zeros, perhaps without end.
void demand_whole(const Dataset& dataset) {
  const Handle creation(H5Dget_create_plist(dataset.id), H5Pclose);
  if (H5Pget_external_count(creation) > 0 || H5Pget_layout(creation) == H5D_VIRTUAL)
    fail(dataset.path + ": its values lie in other files; that is not read");
  const std::string filter = missing_filter(dataset.id);
  if (!filter.empty())
    fail(dataset.path + ": " + filter + " is not available: install a plugin of HDF5 for it (the Python package " +
         "hdf5plugin brings many) and set HDF5_PLUGIN_PATH to its folder");
  hsize_t values = 1;
  for (const hsize_t size : dataset.size)
    if (__builtin_mul_overflow(values, size, &values)) fail(dataset.path + ": its size is nonsense");
  if (values == 0) return;
  if (H5Pget_layout(creation) == H5D_CHUNKED) {
    std::vector<hsize_t> chunk(dataset.size.size());
    if (H5Pget_chunk(creation, static_cast<int>(chunk.size()), chunk.data()) < 0)
      fail(dataset.path + ": no chunk size");
    hsize_t expected = 1, written = 0;
    for (std::size_t at = 0; at < chunk.size(); ++at) {
      if (chunk[at] == 0) fail(dataset.path + ": its chunk size is nonsense");
      expected *= (dataset.size[at] + chunk[at] - 1) / chunk[at];
    }
    if (H5Dget_num_chunks(dataset.id, dataset.space, &written) < 0)
      fail(dataset.path + ": its chunks cannot be listed");
    if (written < expected)
      fail(dataset.path + ": only " + std::to_string(written) + " of " + std::to_string(expected) +
           " chunks are in the file");
  } else if (H5Dget_storage_size(dataset.id) / std::max<std::size_t>(1, H5Tget_size(dataset.type)) < values) {
    fail(dataset.path + ": not all its rows are in the file");
  }
}

/// Turns a candidate into columns.
class Planner {
 public:
  Planner(hid_t file, const Candidate& candidate) : file_(file) {
    table.path = candidate.path;
    switch (candidate.kind) {
      case Candidate::Kind::compound:
        plan_compound(candidate.path);
        break;
      case Candidate::Kind::matrix:
        plan_matrix(add(candidate.path), {}, {});
        break;
      case Candidate::Kind::group:
        plan_group(candidate.path);
        break;
      case Candidate::Kind::fixed_frame:
        plan_fixed_frame(candidate.path);
        break;
    }
    if (table.columns.empty()) fail(candidate.path + ": none of its columns has values that can be read");
    for (const Dataset& dataset : table.datasets) demand_whole(dataset);
  }
  Table table;

 private:
  std::size_t add(const std::string& path) {
    std::optional<Dataset> dataset = open_dataset(file_, path);
    if (!dataset) fail(path + ": cannot be opened");
    const auto rows = static_cast<int64_t>(dataset->rows());
    if (dataset->rows() > (hsize_t{1} << 48)) fail(path + ": its size is nonsense");
    if (table.rows >= 0 && rows != table.rows) fail(path + ": has another length than its fellows");
    table.rows = rows;
    table.datasets.push_back(std::move(*dataset));
    return table.datasets.size() - 1;
  }
  void push(ColumnPlan plan, std::size_t array_length) {
    if (table.columns.size() >= kMostColumns) return;
    plan_read(array_length, plan);
    if (plan.read_bytes > 0 && plan.read_bytes <= kMostRowBytes) table.columns.push_back(std::move(plan));
  }

  void plan_compound(const std::string& path) {
    const std::size_t dataset = add(path);
    const Handle type(H5Tcopy(table.datasets[dataset].type), H5Tclose);
    plan_members(dataset, type, {});
  }

  void plan_members(std::size_t dataset, hid_t type, const std::vector<std::string>& outer) {
    const int count = H5Tget_nmembers(type);
    for (unsigned at = 0; count > 0 && at < static_cast<unsigned>(count); ++at) {
      char* const name = H5Tget_member_name(type, at);
      if (!name) continue;
      std::vector<std::string> members = outer;
      members.emplace_back(name);
      H5free_memory(name);
      const Handle member(H5Tget_member_type(type, at), H5Tclose);
      if (H5Tget_class(member) == H5T_COMPOUND && members.size() < 5) {
        plan_members(dataset, member, members);
      } else if (H5Tget_class(member) == H5T_ARRAY) {
        plan_array(dataset, member, members);
      } else {
        ColumnPlan plan;
        plan.dataset = dataset;
        plan.members = members;
        if (!plan_value(member, plan)) continue;
        plan.column.name = dotted(members);
        pandas_time(dataset, members, plan);
        push(std::move(plan), 0);
      }
    }
  }

  // An array member is as many columns; pandas keeps their names in an attribute of the dataset.
  void plan_array(std::size_t dataset, hid_t type, const std::vector<std::string>& members) {
    hsize_t length = 0;
    if (H5Tget_array_ndims(type) != 1 || H5Tget_array_dims2(type, &length) < 0 || length > kMostMatrix) return;
    const Handle base(H5Tget_super(type), H5Tclose);
    std::vector<std::string> names =
        pickled_texts(attribute_text(table.datasets[dataset].id, (members.back() + "_kind").c_str()));
    for (hsize_t element = 0; element < length; ++element) {
      ColumnPlan plan;
      plan.dataset = dataset;
      plan.members = members;
      plan.element = static_cast<int>(element);
      if (!plan_value(base, plan)) return;
      plan.column.name =
          names.size() == length ? names[element] : dotted(members) + "[" + std::to_string(element) + "]";
      pandas_time(dataset, members, plan);
      push(std::move(plan), length);
    }
  }

  // "index_kind", "values_block_3_dtype", "sent_dtype": datetime64[ns] behind plain integers.
  void pandas_time(std::size_t dataset, const std::vector<std::string>& members, ColumnPlan& plan) const {
    if (members.size() != 1) return;
    const hid_t id = table.datasets[dataset].id;
    if (plan.coding == Coding::integer)
      plan_time(attribute_text(id, (members[0] + "_kind").c_str()), plan) ||
          plan_time(attribute_text(id, (members[0] + "_dtype").c_str()), plan);
    const std::string kind = attribute_text(id, (members[0] + "_dtype").c_str());
    if (kind == "bool" && plan.coding == Coding::integer) plan.column.type = ForeignColumn::Type::boolean;
  }

  void plan_matrix(std::size_t dataset, std::vector<std::string> names, const std::string& time_kind) {
    const Dataset& from = table.datasets[dataset];
    const std::string name = from.path.substr(from.path.find_last_of('/') + 1);
    if (from.size.size() == 2 && names.empty()) names = column_names_of(from);
    const hsize_t width = from.size.size() == 2 ? from.size[1] : 1;
    for (hsize_t at = 0; at < std::min<hsize_t>(width, kMostMatrix); ++at) {
      ColumnPlan plan;
      plan.dataset = dataset;
      if (!plan_value(from.type, plan)) return;
      if (from.size.size() == 2) {
        plan.matrix = true;
        plan.element = static_cast<int>(at);
      }
      plan.column.name = names.size() == width   ? names[at]
                         : from.size.size() == 2 ? name + "[" + std::to_string(at) + "]"
                                                 : name;
      if (plan.coding == Coding::integer) plan_time(time_kind, plan);
      push(std::move(plan), 0);
    }
  }

  void plan_group(const std::string& path) {
    const Handle group(H5Gopen2(file_, path.c_str(), H5P_DEFAULT), H5Gclose);
    std::optional<hsize_t> rows;
    for (const bool first_pass : {true, false}) {
      for (const std::string& name : names_in(group)) {
        const std::optional<Dataset> dataset = open_dataset(file_, join(path, name));
        if (!dataset || !is_plain(*dataset) || dataset->size.size() != (first_pass ? 1u : 2u)) continue;
        if (!first_pass && (dataset->size[1] > kMostMatrix || dataset->rows() != rows.value_or(0))) continue;
        rows = dataset->rows();
        plan_matrix(add(dataset->path), {}, {});
      }
    }
  }

  void plan_fixed_frame(const std::string& path) {
    const std::size_t index = add(join(path, "axis1"));
    plan_matrix(index, {"index"}, attribute_text(table.datasets[index].id, "kind"));
    for (int block = 0; block < 1000; ++block) {
      const std::string name = join(path, "block" + std::to_string(block));
      if (H5Lexists(file_, (name + "_items").c_str(), H5P_DEFAULT) <= 0) break;
      const std::optional<Dataset> values = open_dataset(file_, name + "_values");
      // Texts and other objects of Python are pickled: no columns of ours.
      if (!values || values->size.size() != 2 || !is_plain(*values)) continue;
      if (static_cast<int64_t>(values->rows()) != table.rows) continue;
      plan_matrix(add(name + "_values"), texts_of(name + "_items"), attribute_text(values->id, "value_type"));
    }
  }

  std::vector<std::string> texts_of(const std::string& path) const {
    const std::optional<Dataset> dataset = open_dataset(file_, path);
    ColumnPlan plan;
    if (!dataset || dataset->size.size() != 1 || dataset->rows() > kMostMatrix || !plan_value(dataset->type, plan))
      return {};
    if (plan.coding != Coding::fixed_text) return {};
    std::vector<char> bytes(dataset->rows() * plan.value_bytes);
    if (H5Dread(dataset->id, plan.value_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()) < 0) return {};
    std::vector<std::string> texts;
    for (std::size_t at = 0; at < bytes.size(); at += plan.value_bytes)
      texts.emplace_back(bytes.data() + at, strnlen(bytes.data() + at, plan.value_bytes));
    return texts;
  }

  static std::string dotted(const std::vector<std::string>& members) {
    std::string name;
    for (const std::string& member : members) name += (name.empty() ? "" : ".") + member;
    return name;
  }

  hid_t file_;
};

Candidate choose(hid_t file, const std::string& wanted) {
  Finder finder(file);
  if (wanted.empty()) {
    finder.look_into("/", 0);
  } else {
    const std::string path = wanted.starts_with('/') ? wanted : "/" + wanted;
    H5O_info_t info;
    const bool there = H5Oget_info_by_name2(file, path.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT) >= 0;
    if (there && info.type == H5O_TYPE_GROUP) finder.look_into(path, kDeepest);
    if (there && info.type == H5O_TYPE_DATASET) finder.look_at(path);
    if (finder.found.empty() && finder.uneven.empty()) {
      Finder all(file);
      all.look_into("/", 0);
      std::string list;
      for (const Candidate& one : all.found) list += (list.empty() ? "" : ", ") + one.path;
      fail("no table '" + wanted + "'; there is: " + (list.empty() ? "none" : list));
    }
  }
  if (finder.found.empty())
    fail("no table: neither datasets of one length in a group, nor a compound dataset, nor a frame of pandas" +
         (finder.uneven.empty() ? "" : "; " + finder.uneven));
  if (finder.found.size() > 1) {
    std::string list;
    for (const Candidate& one : finder.found) list += (list.empty() ? "" : ", ") + one.path;
    fail("several tables, say which: " + list);
  }
  return finder.found[0];
}

}  // namespace

Table plan_table(hid_t file, const std::string& wanted) { return std::move(Planner(file, choose(file, wanted)).table); }

}  // namespace tf::data::foreign
