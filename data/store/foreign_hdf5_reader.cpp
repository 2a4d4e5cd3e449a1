// The child process of a foreign HDF5 file: opens it, says what columns there are, sends the rows.
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "cuda/base/error.hpp"
#include "data/store/foreign_hdf5_plan.hpp"

namespace tf::data::foreign {
namespace {

constexpr std::size_t kBatchBytes = std::size_t{1} << 26;  // of the columns asked for, as they are sent

void send(int to, Frame kind, const std::string& payload) {
  const uint32_t head[2] = {static_cast<uint32_t>(kind), static_cast<uint32_t>(payload.size())};
  std::string bytes(reinterpret_cast<const char*>(head), sizeof(head));
  bytes += payload;
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t count = ::write(to, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) _exit(1);
    done += static_cast<std::size_t>(count);
  }
}

void receive(int from, void* to, std::size_t count) {
  for (char* at = static_cast<char*>(to); count > 0;) {
    const ssize_t got = ::read(from, at, count);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) _exit(0);  // nobody asks any more
    at += got;
    count -= static_cast<std::size_t>(got);
  }
}

std::vector<uint32_t> wait_for_selection(int from, std::size_t columns) {
  uint32_t head[2], count;
  receive(from, head, sizeof(head));
  receive(from, &count, sizeof(count));
  std::vector<uint32_t> selected(std::min<std::size_t>(count, kMostColumns));
  receive(from, selected.data(), selected.size() * sizeof(uint32_t));
  for (const uint32_t column : selected)
    if (column >= columns) _exit(1);
  return selected;
}

// What HDF5 itself says went wrong, from the innermost of its calls.
std::string innermost_error() {
  std::string text;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_DOWNWARD,
      [](unsigned, const H5E_error2_t* error, void* to) {
        if (error->desc) *static_cast<std::string*>(to) = error->desc;
        return herr_t{0};
      },
      &text);
  return text.substr(0, 200);
}

// Appends the values of some rows of a column; empty, or what is wrong.
std::string read_rows(const Table& table, const ColumnPlan& plan, hsize_t first, hsize_t rows, Writer& out) {
  const Dataset& dataset = table.datasets[plan.dataset];
  const Handle from(H5Scopy(dataset.space), H5Sclose), to(H5Screate_simple(1, &rows, nullptr), H5Sclose);
  const hsize_t start[2] = {first, plan.matrix ? static_cast<hsize_t>(plan.element) : 0}, count[2] = {rows, 1};
  std::vector<char> bytes(plan.read_bytes * rows);
  if (H5Sselect_hyperslab(from, H5S_SELECT_SET, start, nullptr, count, nullptr) < 0 ||
      H5Dread(dataset.id, plan.read_type, to, from, H5P_DEFAULT, bytes.data()) < 0)
    return dataset.path + ": rows " + std::to_string(first) + " to " + std::to_string(first + rows - 1) +
           " cannot be read: " + innermost_error();
  write_values(plan, bytes.data(), rows, out);
  if (plan.coding == Coding::variable_text) H5Dvlen_reclaim(plan.read_type, to, H5P_DEFAULT, bytes.data());
  return {};
}

void send_rows(const Table& table, const std::vector<uint32_t>& selected, int to) {
  std::size_t row_bytes = 1, widest = 1;
  for (const uint32_t column : selected) {
    const ColumnPlan& plan = table.columns[column];
    row_bytes += plan.column.type == ForeignColumn::Type::text ? 4 + kLongestText : 8;
    widest = std::max(widest, plan.read_bytes);
  }
  const hsize_t most =
      std::min<hsize_t>(kBatchRows, std::max<std::size_t>(1, kBatchBytes / std::max(row_bytes, widest)));
  Writer out;
  const auto whole = static_cast<hsize_t>(table.rows);
  for (hsize_t row = 0; row < whole; row += most) {
    const hsize_t rows = std::min(most, whole - row);
    out.clear();
    out.put(static_cast<uint32_t>(rows));
    for (const uint32_t column : selected) {
      const std::string wrong = read_rows(table, table.columns[column], row, rows, out);
      if (!wrong.empty()) {
        send(to, Frame::damage, wrong);
        return;
      }
    }
    send(to, Frame::batch, out.bytes());
  }
  send(to, Frame::end, {});
}

void serve(const std::string& path, const std::string& wanted, int to, int from) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  register_filters();
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_file_locking(access, false, true);
  H5Pset_cache(access, 0, 12'421, std::size_t{128} << 20, 1);  // a chunk is decoded once for all its columns
  const Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access), H5Fclose);
  if (file < 0) throw Error(ErrorKind::bad_data, "HDF5 cannot open it: " + innermost_error());
  const Table table = plan_table(file, wanted);
  Writer out;
  out.put(table.rows);
  out.put(static_cast<uint32_t>(table.columns.size()));
  for (const ColumnPlan& plan : table.columns) {
    out.put(static_cast<uint32_t>(plan.column.type));
    out.put_text(std::string_view(plan.column.name).substr(0, 1024));
  }
  send(to, Frame::table, out.bytes());
  send_rows(table, wait_for_selection(from, table.columns.size()), to);
  _exit(0);  // HDF5's own ending would walk through the damaged file once more
}

}  // namespace

void read_foreign_hdf5(const std::string& path, const std::string& table, int to_parent, int from_parent) {
  // A table that was announced can only be damaged; the parent takes either frame where it waits for one.
  try {
    serve(path, table, to_parent, from_parent);
  } catch (const std::exception& error) { send(to_parent, Frame::error, error.what()); }
  _exit(0);
}

}  // namespace tf::data::foreign
