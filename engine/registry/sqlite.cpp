#include "engine/registry/sqlite.hpp"

#include "cuda/base/error.hpp"

namespace tf::registry {

Sqlite::Sqlite(const std::string& path) : path_(path), connection_(nullptr, sqlite3_close) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, nullptr);
  connection_.reset(opened);
  if (code != SQLITE_OK) fail(code, "opening");
  sqlite3_busy_timeout(opened, 30'000);
  // Two processes that make the file at once: the switch to WAL is the one step that does not wait by itself.
  for (int attempt = 0;; ++attempt) {
    const int switched = sqlite3_exec(opened, "PRAGMA journal_mode=WAL", nullptr, nullptr, nullptr);
    if (switched == SQLITE_OK) break;
    if (switched != SQLITE_BUSY || attempt == 3000) fail(switched, "switching to WAL");
    sqlite3_sleep(10);
  }
  // A commit lost with the machine leaves the index behind the files, never ahead: no sync needed here.
  run("PRAGMA synchronous=NORMAL");
}

void Sqlite::fail(int code, const std::string& doing) const {
  const std::string what =
      path_ + ": " + doing + ": " + (connection_ ? sqlite3_errmsg(connection_.get()) : "no memory");
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Error(ErrorKind::again, what);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      throw Error(ErrorKind::ledger, what + " (an index of the files: rebuilding makes it again)");
    default:
      throw Error(ErrorKind::io, what);
  }
}

void Sqlite::each_row(const std::string& sql, const std::vector<SqlValue>& values,
                      const std::function<void(const std::vector<std::string>&)>& visit) {
  sqlite3_stmt* made = nullptr;
  int code = sqlite3_prepare_v2(connection_.get(), sql.c_str(), static_cast<int>(sql.size()), &made, nullptr);
  if (code != SQLITE_OK) fail(code, sql);
  const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement(made, sqlite3_finalize);
  for (std::size_t at = 0; at < values.size(); ++at) {
    const int place = static_cast<int>(at) + 1;
    if (const int64_t* integer = std::get_if<int64_t>(&values[at]))
      sqlite3_bind_int64(made, place, *integer);
    else if (const std::string* text = std::get_if<std::string>(&values[at]))
      sqlite3_bind_text(made, place, text->data(), static_cast<int>(text->size()), SQLITE_TRANSIENT);
    else
      sqlite3_bind_null(made, place);
  }
  std::vector<std::string> columns;
  while ((code = sqlite3_step(made)) == SQLITE_ROW) {
    columns.clear();
    for (int column = 0; column < sqlite3_column_count(made); ++column) {
      const unsigned char* text = sqlite3_column_text(made, column);
      columns.emplace_back(text ? reinterpret_cast<const char*>(text) : "");
    }
    visit(columns);
  }
  if (code != SQLITE_DONE) fail(code, sql);
}

void Sqlite::run(const std::string& sql, const std::vector<SqlValue>& values) {
  each_row(sql, values, [](const std::vector<std::string>&) {});
}

std::vector<std::string> Sqlite::texts(const std::string& sql, const std::vector<SqlValue>& values) {
  std::vector<std::string> found;
  each_row(sql, values, [&](const std::vector<std::string>& columns) { found.push_back(columns.front()); });
  return found;
}

void Sqlite::transaction(const std::function<void()>& body) {
  run("BEGIN IMMEDIATE");
  try {
    body();
    run("COMMIT");
  } catch (...) {
    sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
}

}  // namespace tf::registry
