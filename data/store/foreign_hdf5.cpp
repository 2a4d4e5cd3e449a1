#include "data/store/foreign_hdf5.hpp"

#include <fcntl.h>
#include <sys/poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "cuda/base/error.hpp"
#include "data/store/foreign_pipe.hpp"

namespace tf::data {
namespace {

using foreign::Frame;

constexpr int kPatience_ms = 30'000;         // without a byte from the child: a batch takes milliseconds
constexpr rlim_t kMemory = rlim_t{4} << 30;  // that the child may take beyond what it inherits
constexpr std::string_view kMagic{"\x89HDF\r\n\x1a\n", 8};

// An HDF5 file begins with its magic at 0, 512, 1024, 2048, ...: some put a block of their own in front.
bool is_hdf5(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  for (std::streamoff at = 0; at <= (1 << 20); at = at == 0 ? 512 : 2 * at) {
    std::array<char, kMagic.size()> bytes{};
    if (!file.seekg(at) || !file.read(bytes.data(), bytes.size())) return false;
    if (std::string_view(bytes.data(), bytes.size()) == kMagic) return true;
  }
  return false;
}

std::string signal_name(int number) {
  switch (number) {
    case SIGSEGV:
      return "a segmentation fault";
    case SIGABRT:
      return "an abort";
    case SIGBUS:
      return "a bus error";
    case SIGFPE:
      return "an arithmetic fault";
    case SIGKILL:
      return "a kill";
    default:
      return "signal " + std::to_string(number);
  }
}

/// The child process and the pipes to it. Killed and waited for when this goes.
class Child {
 public:
  Child(const std::string& path, const std::string& table) {
    int up[2], down[2];
    if (pipe2(up, O_CLOEXEC) != 0) throw Error(ErrorKind::io, path + ": no pipe: " + std::strerror(errno));
    if (pipe2(down, O_CLOEXEC) != 0) {
      ::close(up[0]);
      ::close(up[1]);
      throw Error(ErrorKind::io, path + ": no pipe: " + std::strerror(errno));
    }
    const std::string path_copy = path, table_copy = table;
    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ == 0) live(path_copy, table_copy, up[1], down[0], parent);
    const int wrong = errno;
    ::close(up[1]);
    ::close(down[0]);
    from_ = up[0];
    to_ = down[1];
    if (pid_ < 0) {
      close();
      throw Error(ErrorKind::io, path + ": no process to read it: " + std::strerror(wrong));
    }
  }
  ~Child() {
    close();
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      wait();
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// The next frame; false when the child is gone or does not answer, with `wrong` saying how.
  bool read(Frame& kind, std::string& payload, std::string& wrong) {
    uint32_t head[2];
    if (!fill(head, sizeof(head), wrong)) return false;
    kind = static_cast<Frame>(head[0]);
    if (head[1] > foreign::kMostBytes) {
      wrong = "the process that reads it answered nonsense";
      return false;
    }
    payload.resize(head[1]);
    return fill(payload.data(), payload.size(), wrong);
  }

  bool write(Frame kind, const std::string& payload) {
    const uint32_t head[2] = {static_cast<uint32_t>(kind), static_cast<uint32_t>(payload.size())};
    std::string bytes(reinterpret_cast<const char*>(head), sizeof(head));
    bytes += payload;
    // The child's end may be closed: no SIGPIPE for us, whatever the program does with that signal.
    sigset_t pipe_signal, before;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t count = ::write(to_, bytes.data() + done, bytes.size() - done);
      if (count > 0) {
        done += static_cast<std::size_t>(count);
      } else if (errno != EINTR) {
        break;
      }
    }
    if (done < bytes.size()) {
      const timespec none{};
      sigtimedwait(&pipe_signal, nullptr, &none);
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return done == bytes.size();
  }

 private:
  [[noreturn]] static void live(const std::string& path, const std::string& table, int to, int from, pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    for (const int one : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGPIPE, SIGTERM, SIGINT, SIGHUP, SIGALRM})
      std::signal(one, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    // Nothing of the parent's stays open but the pipes, which come to lie on 3 and 4; nothing is printed.
    const int high_to = fcntl(to, F_DUPFD, 100), high_from = fcntl(from, F_DUPFD, 100);
    dup2(high_to, 3);
    dup2(high_from, 4);
    close_range(5, ~0u, 0);
    const int nowhere = ::open("/dev/null", O_RDWR);
    for (const int standard : {0, 1, 2}) dup2(nowhere, standard);
    if (nowhere > 4) ::close(nowhere);
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    limit_memory();
    foreign::read_foreign_hdf5(path, table, 3, 4);
  }

  // A hostile file may claim chunks of any size.
  static void limit_memory() {
    std::ifstream statm("/proc/self/statm");
    rlim_t pages = 0;
    if (!(statm >> pages)) return;
    const rlim_t most = pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) + kMemory;
    const rlimit limit{most, most};
    setrlimit(RLIMIT_AS, &limit);
  }

  bool fill(void* to, std::size_t count, std::string& wrong) {
    char* at = static_cast<char*>(to);
    while (count > 0) {
      pollfd waiting{from_, POLLIN, 0};
      const int ready = poll(&waiting, 1, kPatience_ms);
      if (ready < 0 && errno == EINTR) continue;
      if (ready == 0) {
        wrong = "reading it takes forever: the process that reads it was stopped";
        kill(pid_, SIGKILL);
        wait();
        return false;
      }
      const ssize_t got = ::read(from_, at, count);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) {
        wrong = how_it_ended();
        return false;
      }
      at += got;
      count -= static_cast<std::size_t>(got);
    }
    return true;
  }

  std::string how_it_ended() {
    const int status = wait();
    if (WIFSIGNALED(status))
      return "libhdf5 ended with " + signal_name(WTERMSIG(status)) + " while reading it: the file is damaged";
    return "the process that reads it ended too early (code " + std::to_string(WEXITSTATUS(status)) +
           "): the file is damaged";
  }

  int wait() {
    int status = 0;
    while (pid_ > 0 && waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
    pid_ = -1;
    return status;
  }

  void close() {
    if (from_ >= 0) ::close(from_);
    if (to_ >= 0) ::close(to_);
    from_ = to_ = -1;
  }

  pid_t pid_ = -1;
  int from_ = -1, to_ = -1;
};

class ForeignHdf5 : public ForeignTable {
 public:
  ForeignHdf5(const std::string& path, const std::string& table) : path_(path), child_(path, table) {
    Frame kind;
    std::string payload, wrong;
    if (!child_.read(kind, payload, wrong)) throw Error(ErrorKind::bad_data, path + ": " + wrong);
    if (kind == Frame::error) throw Error(ErrorKind::bad_data, path + ": " + payload);
    if (kind != Frame::table || !take_table(payload))
      throw Error(ErrorKind::bad_data, path + ": the process that reads it answered nonsense");
  }

  const std::vector<ForeignColumn>& columns() const override { return columns_; }
  int64_t rows() const override { return rows_; }
  void select(const std::vector<std::size_t>& columns) override {
    expect(!asked_, "columns are selected once, before the first batch");
    for (const std::size_t column : columns) expect(column < columns_.size(), "a selected column is there");
    selected_ = columns;
  }

  bool next(ForeignBatch& batch) override {
    if (ended_) return false;
    if (!asked_ && !ask()) return false;
    Frame kind;
    std::string wrong;
    if (!child_.read(kind, payload_, wrong)) return end(wrong);
    if (kind == Frame::end) return end({});
    if (kind == Frame::damage || kind == Frame::error) return end(payload_);
    batch.first_row = given_;
    if (kind != Frame::batch || !take_batch(batch)) return end("the process that reads it answered nonsense");
    given_ += batch.rows;
    return true;
  }
  std::string damage() const override { return damage_; }

 private:
  bool end(const std::string& wrong) {
    ended_ = true;
    if (!wrong.empty()) damage_ = path_ + ": after row " + std::to_string(given_) + ": " + wrong;
    return false;
  }

  bool ask() {
    asked_ = true;
    foreign::Writer out;
    out.put(static_cast<uint32_t>(selected_.size()));
    for (const std::size_t column : selected_) out.put(static_cast<uint32_t>(column));
    return child_.write(Frame::select, out.bytes()) || end("the process that reads it is gone");
  }

  bool take_table(const std::string& payload) {
    foreign::Reader in(payload);
    uint32_t count;
    if (!in.get(rows_) || rows_ < 0 || !in.get(count) || count > foreign::kMostColumns) return false;
    columns_.resize(count);
    for (ForeignColumn& column : columns_) {
      uint32_t type;
      if (!in.get(type) || type > static_cast<uint32_t>(ForeignColumn::Type::time_ns)) return false;
      column.type = static_cast<ForeignColumn::Type>(type);
      if (!in.get_text(column.name, 4096)) return false;
    }
    return in.done();
  }

  template <class T>
  static bool take_values(foreign::Reader& in, std::size_t rows, ForeignValues& out) {
    auto& values = out.values.emplace<std::vector<T>>();
    values.resize(rows);
    return in.get_bytes(values.data(), rows * sizeof(T));
  }

  bool take_batch(ForeignBatch& batch) {
    foreign::Reader in(payload_);
    uint32_t rows;
    if (!in.get(rows) || rows == 0 || rows > foreign::kBatchRows || given_ + rows > rows_) return false;
    batch.rows = rows;
    batch.columns.resize(selected_.size());
    for (std::size_t at = 0; at < selected_.size(); ++at) {
      ForeignValues& out = batch.columns[at];
      out.missing.clear();
      bool taken = true;
      switch (columns_[selected_[at]].type) {
        case ForeignColumn::Type::uint64:
          taken = take_values<uint64_t>(in, rows, out);
          break;
        case ForeignColumn::Type::float64:
          taken = take_values<double>(in, rows, out);
          break;
        case ForeignColumn::Type::text: {
          auto& texts = out.values.emplace<std::vector<std::string>>(rows);
          for (std::string& text : texts) taken = taken && in.get_text(text, foreign::kLongestText);
          break;
        }
        default:
          taken = take_values<int64_t>(in, rows, out);
      }
      if (!taken) return false;
      mark_missing(columns_[selected_[at]].type, out);
    }
    return in.done();
  }

  // NaN and pandas' "not a time" (the least int64) are nulls.
  static void mark_missing(ForeignColumn::Type type, ForeignValues& out) {
    const auto mark = [&](const auto& values, auto is_missing) {
      if (std::none_of(values.begin(), values.end(), is_missing)) return;
      out.missing.resize(values.size());
      std::transform(values.begin(), values.end(), out.missing.begin(), is_missing);
    };
    if (type == ForeignColumn::Type::float64)
      mark(std::get<std::vector<double>>(out.values), [](double value) { return value != value; });
    if (type == ForeignColumn::Type::time_ns)
      mark(std::get<std::vector<int64_t>>(out.values), [](int64_t value) { return value == INT64_MIN; });
  }

  std::string path_;
  Child child_;
  std::vector<ForeignColumn> columns_;
  std::vector<std::size_t> selected_;
  int64_t rows_ = 0, given_ = 0;
  bool asked_ = false, ended_ = false;
  std::string payload_, damage_;
};

}  // namespace

std::unique_ptr<ForeignTable> open_foreign_hdf5(const std::string& path, const std::string& table) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    throw Error(ErrorKind::no_input, path + ": there is no such file");
  if (!is_hdf5(path)) throw Error(ErrorKind::bad_data, path + ": is no HDF5 file");
  return std::make_unique<ForeignHdf5>(path, table);
}

// A day file ends with its own magic; the attributes of a panel lie near its start or its end, as plain text. Neither
// needs libhdf5, which may crash on a damaged file.
bool is_own_file(const std::string& path) {
  if (!is_hdf5(path)) return false;
  constexpr std::string_view kDayFile{"TFDAY\r\n\x1a", 8};
  constexpr std::streamoff kLook = 1 << 16;
  std::ifstream file(path, std::ios::binary);
  const auto look = [&](std::streamoff from) {
    std::string bytes(kLook, '\0');
    file.clear();
    file.seekg(from);
    file.read(bytes.data(), kLook);
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    return bytes;
  };
  file.seekg(0, std::ios::end);
  const std::streamoff bytes = file.tellg();
  const std::string start = look(0), end = look(std::max<std::streamoff>(0, bytes - kLook));
  const auto has = [&](std::string_view word) { return start.find(word) != start.npos || end.find(word) != end.npos; };
  return end.ends_with(kDayFile) || (has("feature_names") && has("schema_digest"));
}

}  // namespace tf::data
