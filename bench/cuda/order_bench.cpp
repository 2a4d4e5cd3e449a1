// Rolling max, min, median and 0.9-quantile of one series (B8), one thread, against a peer's script in the same run.
//
//   bench_cuda_order FOLDER ROUNDS wall|cpu PEER...
//
// PEER... is the peer's command (shared/peers/b8_rolling.py for ticks, bench/peers/order.py for any doubles; with
// --reps 1 and without --export). With `cpu` both sides are timed by the CPU time of the process, which a machine that
// others share asks for: run the peer's script through bench/peers/cpu_clock.py then. It is run once with --export
// FOLDER for the input, then once a round, in turn with ours. Verifies first: bits against a sort of random windows,
// and the peer's sums of its outputs from row 100,000. One JSON line a question and window: values a second of both,
// the median of the rounds' ratios and their spread.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <string>
#include <vector>

#include "cuda/base/philox.hpp"
#include "cuda/series/extremes.hpp"
#include "cuda/series/order_window.hpp"

using namespace tf;
using namespace tf::series;

namespace {

constexpr int64_t kSummedFrom = 100'000;
constexpr const char* kQuestions[] = {"max", "min", "median", "q90"};

using Values = std::vector<double>;

std::vector<double> read_values(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (!file) return {};
  std::fseek(file, 0, SEEK_END);
  Values values(static_cast<size_t>(std::ftell(file)) / sizeof(double));
  std::rewind(file);
  const size_t read = std::fread(values.data(), sizeof(double), values.size(), file);
  std::fclose(file);
  values.resize(read);
  return values;
}

std::string run_peer(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  for (int byte = pipe ? std::fgetc(pipe) : EOF; byte != EOF; byte = std::fgetc(pipe)) text += static_cast<char>(byte);
  return pipe && pclose(pipe) == 0 ? text : "";
}

/// The numbers of the object `name` in the peer's line.
std::map<std::string, double> numbers(const std::string& line, const std::string& name) {
  std::map<std::string, double> found;
  size_t at = line.find("\"" + name + "\": {");
  if (at == std::string::npos) return found;
  at = line.find('{', at);
  const size_t end = line.find('}', at);
  while ((at = line.find('"', at)) < end) {
    const size_t close = line.find('"', at + 1);
    found[line.substr(at + 1, close - at - 1)] = std::strtod(line.c_str() + line.find(':', close) + 1, nullptr);
    at = close + 1;
  }
  return found;
}

void answer(CpuLevel level, const std::string& question, const Values& values, int64_t window, Values& scratch,
            Values& out) {
  const int64_t rows = static_cast<int64_t>(values.size()), first = window - 1;
  if (question == "max" || question == "min") {
    std::fill_n(out.begin(), first, std::nan(""));
    (question == "max" ? extremes(level).highest : extremes(level).lowest)(values.data() + first, rows - first, window,
                                                                           out.data() + first, scratch.data());
    return;
  }
  OrderWindow(window, level).quantile(values.data(), 0, rows, question == "median" ? 0.5 : 0.9, out.data());
}

bool verify(const std::string& question, const Values& values, int64_t window, const Values& out) {
  const RandomStream random{8, Purpose::test, 0};
  const auto choices = static_cast<uint32_t>(values.size() - window + 1);
  for (uint64_t draw = 0; draw < 30; ++draw) {
    const int64_t row = window - 1 + random.below(draw, choices);
    Values held(values.begin() + (row - window + 1), values.begin() + row + 1);
    std::sort(held.begin(), held.end());
    const double q = question == "max" ? 1 : question == "min" ? 0 : question == "median" ? 0.5 : 0.9;
    const double place = q * static_cast<double>(window - 1), part = place - std::floor(place);
    const double low = held[static_cast<size_t>(place)];
    const double wanted = part == 0 ? low : low + (held[static_cast<size_t>(place) + 1] - low) * part;
    if (out[row] != wanted) {
      std::fprintf(stderr, "%s of %ld at row %ld: %.17g, a sort says %.17g\n", question.c_str(), long(window),
                   long(row), out[row], wanted);
      return false;
    }
  }
  return true;
}

double now_seconds(bool cpu) {
  if (cpu) return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double median(Values values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: %s FOLDER ROUNDS wall|cpu PEER... (the peer's command, without --export)\n", argv[0]);
    return 2;
  }
  const int rounds = std::atoi(argv[2]);
  const bool cpu = std::string(argv[3]) == "cpu";
  std::string command;
  for (int word = 4; word < argc; ++word) command += std::string(word > 4 ? " " : "") + argv[word];
  const std::string first = run_peer(command + " --export " + argv[1]);
  const Values values = read_values(std::string(argv[1]) + "/b8.x.bin");
  const auto sums = numbers(first, "checksum");
  if (sums.empty() || values.empty()) {
    std::fprintf(stderr, "the peer gave no result: %s\n", first.c_str());
    return 1;
  }
  const CpuLevel level = pick_exec().level;
  std::map<std::string, std::pair<std::string, int64_t>> cases;
  for (const auto& [name, sum] : sums)
    for (const std::string question : kQuestions)
      if (name.starts_with(question)) cases[name] = {question, std::atoll(name.c_str() + question.size())};

  Values out(values.size()), scratch(values.size());
  for (const auto& [name, asked] : cases) {
    answer(level, asked.first, values, asked.second, scratch, out);
    if (!verify(asked.first, values, asked.second, out)) return 1;
    double sum = 0, size = 0;
    for (size_t row = kSummedFrom; row < out.size(); ++row) {
      sum += out[row];
      size += std::abs(out[row]);
    }
    if (std::abs(sum - sums.at(name)) > 1e-10 * size) {
      std::fprintf(stderr, "%s: our outputs sum to %.12g, the peer's to %.12g\n", name.c_str(), sum, sums.at(name));
      return 1;
    }
  }

  std::map<std::string, Values> ours, theirs, ratios;
  for (int round = 0; round < rounds; ++round) {
    const auto rates = numbers(run_peer(command), "Mvalues_s");
    for (const auto& [name, asked] : cases) {
      const double start = now_seconds(cpu);
      answer(level, asked.first, values, asked.second, scratch, out);
      const double seconds = now_seconds(cpu) - start;
      ours[name].push_back(static_cast<double>(values.size()) / seconds / 1e6);
      theirs[name].push_back(rates.at(name));
      ratios[name].push_back(ours[name].back() / theirs[name].back());
    }
  }
  const size_t peer = first.find("\"peer\": \"") + 9;
  for (const auto& [name, asked] : cases) {
    const auto [least, most] = std::minmax_element(ratios[name].begin(), ratios[name].end());
    std::printf(
        "{\"bench\":\"order\",\"level\":\"%s\",\"peer\":\"%s\",\"values\":%zu,\"clock\":\"%s\",\"question\":\"%s\","
        "\"window\":%ld,"
        "\"mvalues_per_s\":%.1f,\"peer_mvalues_per_s\":%.1f,\"ratio\":%.2f,\"least\":%.2f,\"most\":%.2f}\n",
        level_text(level), first.substr(peer, first.find('"', peer) - peer).c_str(), values.size(), argv[3],
        asked.first.c_str(), long(asked.second), median(ours[name]), median(theirs[name]), median(ratios[name]), *least,
        *most);
  }
  return 0;
}
