// tickfold export: a range of an instrument's ticks out of a store, as CSV, Parquet or hftbacktest's npz.
#include "data/export.hpp"

#include <filesystem>

#include "cuda/base/error.hpp"
#include "engine/app/shell.hpp"

namespace tf::app {
namespace {

struct Flags {
  std::string store, instrument, out, format, from, to;
  bool raw = false, replace = false;
};

/// By the name of the file: .csv, .csv.gz, .csv.zst, .parquet, .npz.
std::string format_of(const std::string& path) {
  std::filesystem::path name(path);
  if (name.extension() == ".gz" || name.extension() == ".zst") name = name.stem();
  const std::string extension = name.extension().string();
  for (const char* format : {"csv", "parquet", "npz"})
    if (extension == "." + std::string(format)) return format;
  throw Error(ErrorKind::usage,
              "export: --out " + path + ": name it .csv, .csv.gz, .csv.zst, .parquet or .npz, or give --format");
}

/// A day (its midnight UTC) or a time of the form 2014-05-01T09:30:00[.fraction]Z.
int64_t time_option(const std::string& name, const std::string& text) {
  if (const auto day = parse_day(text)) return day->start_ns();
  const auto fail = [&] {
    return Error(ErrorKind::usage,
                 "export: " + name + " " + text + ": expected YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS[.fraction]Z");
  };
  if (text.size() < 19 || text[10] != 'T' || text[13] != ':' || text[16] != ':') throw fail();
  const auto day = parse_day(text.substr(0, 10));
  const auto two = [&](std::size_t at, int most) -> int64_t {
    const char tens = text[at], ones = text[at + 1];
    if (tens < '0' || tens > '9' || ones < '0' || ones > '9') throw fail();
    const int value = (tens - '0') * 10 + ones - '0';
    if (value > most) throw fail();
    return value;
  };
  if (!day) throw fail();
  int64_t ns = day->start_ns() + two(11, 23) * kHour + two(14, 59) * kMinute + two(17, 59) * kSecond;
  std::size_t at = 19;
  if (at < text.size() && text[at] == '.') {
    int64_t place = kSecond / 10;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9' && place > 0; ++at, place /= 10)
      ns += (text[at] - '0') * place;
  }
  if (at < text.size() && text[at] == 'Z') ++at;
  if (at != text.size()) throw fail();
  return ns;
}

void run(const Shell& shell, const Flags& flags) {
  data::ExportRequest request;
  request.instrument = flags.instrument;
  request.path = flags.out;
  request.format = flags.format.empty() ? format_of(flags.out) : flags.format;
  request.raw = flags.raw;
  request.replace = flags.replace;
  if (!flags.from.empty()) request.from_ts = time_option("--from", flags.from);
  if (!flags.to.empty()) request.to_ts = time_option("--to", flags.to);
  request.progress = shell.progress();
  const data::TickStore store = data::TickStore::open(flags.store);
  if (request.instrument.empty()) {
    const std::vector<std::string> there = store.instruments();
    if (there.size() != 1) {
      std::string names;
      for (const std::string& id : there) names += (names.empty() ? "" : ", ") + id;
      throw Error(ErrorKind::usage, "export: --instrument VENUE/SYMBOL is missing; the store has: " + names);
    }
    request.instrument = there[0];
  }
  const data::ExportReport report = data::export_ticks(request, store);
  shell.result("tickfold.export/1",
               {{"instrument", request.instrument},
                {"file", flags.out},
                {"format", request.format},
                {"ticks", report.ticks},
                {"bytes", report.bytes},
                {"sha256", report.sha256},
                {"content_digests", report.content_digests}},
               request.instrument + ": " + std::to_string(report.ticks) + " ticks of " +
                   std::to_string(report.content_digests.size()) + " days to " + flags.out + ", " +
                   std::to_string(report.bytes) + " bytes, SHA-256 " + report.sha256.substr(0, 16) + "\n");
}

}  // namespace

void add_export(CLI::App& app, Shell& shell) {
  CLI::App* command = shell.add(app, "export", "ticks of a store as CSV, Parquet or hftbacktest npz");
  const auto flags = std::make_shared<Flags>();
  command->add_option("STORE", flags->store, "store folder")->required();
  command->add_option("--instrument", flags->instrument, "VENUE/SYMBOL; may be left out where there is only one");
  command->add_option("--out", flags->out, "file to write: .csv, .csv.gz, .csv.zst, .parquet, .npz")->required();
  command->add_option("--format", flags->format, "csv, parquet or npz; default: by the name of the file");
  command->add_option("--from", flags->from, "first exchange time: YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS[.fraction]Z");
  command->add_option("--to", flags->to, "end of the range, exclusive");
  command->add_flag("--raw", flags->raw, "prices in ticks and sizes in lots instead of decimals");
  command->add_flag("--replace", flags->replace, "replace a file that is there");
  command->callback([&shell, flags] { shell.action = [&shell, flags] { run(shell, *flags); }; });
}

}  // namespace tf::app
