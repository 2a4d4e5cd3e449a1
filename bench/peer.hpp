// A peer's script as the other side of a benchmark: its exported inputs and the numbers of its one JSON line.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <string>
#include <vector>

namespace tf::bench {

inline std::vector<double> read_doubles(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (!file) return {};
  std::fseek(file, 0, SEEK_END);
  std::vector<double> values(static_cast<size_t>(std::ftell(file)) / sizeof(double));
  std::rewind(file);
  const size_t read = std::fread(values.data(), sizeof(double), values.size(), file);
  std::fclose(file);
  values.resize(read);
  return values;
}

/// What the command writes; empty when it fails.
inline std::string run_peer(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  for (int byte = pipe ? std::fgetc(pipe) : EOF; byte != EOF; byte = std::fgetc(pipe)) text += static_cast<char>(byte);
  return pipe && pclose(pipe) == 0 ? text : "";
}

/// The members of the object `name` in the peer's line, each a number or an array of numbers.
inline std::map<std::string, std::vector<double>> numbers(const std::string& line, const std::string& name) {
  std::map<std::string, std::vector<double>> found;
  size_t at = line.find("\"" + name + "\": {");
  if (at == std::string::npos) return found;
  at = line.find('{', at);
  const size_t end = line.find('}', at);
  while ((at = line.find('"', at)) < end) {
    const size_t close = line.find('"', at + 1);
    std::vector<double>& values = found[line.substr(at + 1, close - at - 1)];
    const char* text = line.c_str() + line.find(':', close) + 1;
    while (*text == ' ' || *text == '[') ++text;
    for (char* after = nullptr;; text = after + 1) {
      values.push_back(std::strtod(text, &after));
      if (after == text || *after != ',' || after[2] == '"') break;
    }
    at = close + 1;
  }
  return found;
}

/// Seconds of the wall's clock, or of the process's CPU time where a machine is shared.
inline double seconds_now(bool cpu) {
  timespec now;
  clock_gettime(cpu ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace tf::bench
