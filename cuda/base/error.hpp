// The one exception type: thrown only for what ends a command, caught in main, which turns its kind into the exit code.
#pragma once
#include <stdexcept>
#include <string>

namespace tf {

/// What went wrong; the value is the process's exit code.
enum class ErrorKind : int {
  numeric = 3,     ///< NaN or Inf in data, loss, weights
  lookahead = 4,   ///< look-ahead or skew found
  ledger = 5,      ///< ledger or audit log damaged or incomplete
  usage = 64,      ///< bad command line
  bad_data = 65,   ///< damaged or unreadable data
  no_input = 66,   ///< an input is missing
  no_device = 69,  ///< the device asked for is absent
  internal = 70,   ///< our bug
  io = 74,         ///< the operating system refused
  again = 75,      ///< locked or interrupted: try again
  config = 78,     ///< configuration
};

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const { return kind_; }
  int exit_code() const { return static_cast<int>(kind_); }

 private:
  ErrorKind kind_;
};

/// Ends the command when a promise among our own rooms is broken: our bug, not the user's.
inline void expect(bool holds, const char* promise) {
  if (!holds) throw Error(ErrorKind::internal, std::string("internal error: ") + promise);
}

}  // namespace tf
