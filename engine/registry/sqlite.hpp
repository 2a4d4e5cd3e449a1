// SQLite with owners and exceptions: the little of it that the catalogue needs.
#pragma once
#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tf::registry {

using SqlValue = std::variant<std::nullptr_t, int64_t, std::string>;

class Sqlite {
 public:
  /// WAL, waits up to 30 s for others. Throws Error{again} where that was not enough, Error{ledger} if the file is
  /// damaged.
  explicit Sqlite(const std::string& path);

  void run(const std::string& sql, const std::vector<SqlValue>& values = {});
  /// First column of each row.
  std::vector<std::string> texts(const std::string& sql, const std::vector<SqlValue>& values = {});
  void each_row(const std::string& sql, const std::vector<SqlValue>& values,
                const std::function<void(const std::vector<std::string>& columns)>& visit);
  /// All of `body` or nothing; takes the write lock at once.
  void transaction(const std::function<void()>& body);

 private:
  [[noreturn]] void fail(int code, const std::string& doing) const;
  std::string path_;
  std::unique_ptr<sqlite3, decltype(&sqlite3_close)> connection_;
};

}  // namespace tf::registry
