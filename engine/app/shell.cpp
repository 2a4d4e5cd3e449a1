#include "engine/app/shell.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "cuda/base/error.hpp"

namespace tf::app {
namespace {

// A signal handler can reach nothing but a global: the one exception to "no global mutable state".
std::atomic<bool> stop_flag{false};

void on_signal(int number) {
  if (stop_flag.exchange(true)) std::_Exit(128 + number);
}

}  // namespace

const std::atomic<bool>& stop_asked() { return stop_flag; }

void watch_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

CLI::App* Shell::add(CLI::App& app, const char* name, const char* help, const char* config_help, bool config_required) {
  CLI::App* command = app.add_subcommand(name, help);
  command->add_flag("--json", json, "print one JSON document on stdout");
  command->add_flag("--quiet", quiet, "no progress on stderr");
  if (config_help) {
    auto* option = command->add_option("CONFIG", config, config_help);
    if (config_required) option->required();
    command->add_option("--threads", threads, "CPU threads to use (default: all); the results do not depend on it")
        ->check(CLI::Range(0, 4096));
    command->add_option("--set", sets, "override one key of the config: a.b=value")
        ->allow_extra_args(false)
        ->take_all();
  }
  return command;
}

std::function<void(const std::string&, double)> Shell::progress() const {
  if (quiet) return [](const std::string&, double) {};
  struct State {
    bool terminal = isatty(STDERR_FILENO) != 0;
    std::string what;
    int shown = -1;
    std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
  };
  auto state = std::make_shared<State>();
  return [state](const std::string& what, double share) {
    if (share < 0) return;  // a note without a measure
    const std::string stage = what.substr(0, what.find(' '));
    if (stage != state->what) {
      if (state->terminal && state->shown >= 0) std::fputc('\n', stderr);
      state->what = stage;
      state->shown = -1;
      state->begin = std::chrono::steady_clock::now();
    }
    const int step = static_cast<int>(std::floor(share * (state->terminal ? 100 : 4)));
    if (step == state->shown) return;
    state->shown = step;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - state->begin).count();
    const double left = share > 0 ? seconds * (1 - share) / share : 0;
    if (state->terminal) {
      const int filled = static_cast<int>(share * 30);
      std::string bar(static_cast<std::size_t>(filled), '#');
      bar.resize(30, '.');
      std::fprintf(stderr, "\r%-28.28s [%s] %3.0f %%  %.1f s, %.1f s left   ", what.c_str(), bar.c_str(), share * 100,
                   seconds, left);
      if (share >= 1) {
        std::fputc('\n', stderr);
        state->shown = -1;
        state->what.clear();
      }
    } else {
      std::fprintf(stderr, "%s: %.0f %% after %.1f s, %.1f s left\n", what.c_str(), share * 100, seconds, left);
    }
    std::fflush(stderr);
  };
}

void Shell::say(const std::string& line) const {
  if (!quiet) std::fprintf(stderr, "%s\n", line.c_str());
}

void Shell::result(const std::string& schema, Json document, const std::string& text) const {
  if (json) {
    document["schema"] = schema;
    std::fputs((document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n").c_str(), stdout);
  } else {
    std::fputs(text.c_str(), stdout);
  }
  if (std::fflush(stdout) != 0) throw Error(ErrorKind::io, "stdout cannot be written");
}

Exec exec_for(int threads) {
  Exec exec = pick_exec();
  if (threads > 0) exec.threads = threads;
  return exec;
}

std::optional<Day> day_option(const std::string& text) {
  if (text.empty()) return {};
  const auto day = parse_day(text);
  if (!day) throw Error(ErrorKind::usage, "\"" + text + "\" is no date: expected YYYY-MM-DD");
  return day;
}

std::string program_folder() {
  std::error_code failure;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", failure);
  return failure ? "." : path.parent_path().string();
}

std::string table_text(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t column = 0; column < row.size(); ++column) {
      if (widths.size() <= column) widths.push_back(0);
      widths[column] = std::max(widths[column], row[column].size());
    }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column) {
      const std::string& cell = row[column];
      const bool is_number = !cell.empty() && cell.find_first_not_of("0123456789.-+eE%infa") == std::string::npos;
      const std::string pad(widths[column] - cell.size(), ' ');
      line += (column ? "  " : "") + (is_number && column ? pad + cell : cell + pad);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string short_number(double value, int digits) {
  if (std::isnan(value)) return "-";
  char text[40];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return text;
}

}  // namespace tf::app
