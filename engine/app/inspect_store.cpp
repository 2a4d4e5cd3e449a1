// Stores and day files: what days and versions there are, what is damaged, and what would heal it.
#include <algorithm>
#include <filesystem>
#include <thread>

#include "cuda/base/error.hpp"
#include "data/store/repair.hpp"
#include "data/store/versions.hpp"
#include "engine/app/ingest_command.hpp"
#include "engine/app/inspection.hpp"

namespace tf::app {
namespace {

namespace fs = std::filesystem;
using data::FileState;

Json damage_json(const data::Damage& damage) {
  return {{"file", damage.file},
          {"column", damage.column},
          {"reason", damage.reason},
          {"chunk", damage.chunk},
          {"first_row", damage.first_row},
          {"rows", damage.rows},
          {"first_time", damage.rows ? Json(time_text(damage.first_ts)) : Json(nullptr)},
          {"last_time", damage.rows ? Json(time_text(damage.last_ts)) : Json(nullptr)}};
}

std::string damage_text(const data::Damage& damage) {
  return "  DAMAGE " + damage.file + ": " + damage.column +
         (damage.rows ? " chunk " + std::to_string(damage.chunk) + ", rows " + std::to_string(damage.first_row) +
                            " to " + std::to_string(damage.first_row + damage.rows - 1) + ", " +
                            time_text(damage.first_ts) + " to " + time_text(damage.last_ts)
                      : "") +
         ": " + damage.reason + "\n";
}

double bytes_a_tick(const data::DayInfo& info) {
  return static_cast<double>(info.file_bytes) / static_cast<double>(std::max<int64_t>(info.rows, 1));
}

Json info_json(const FileState& state) {
  const data::DayInfo& info = *state.info;
  return {{"day", to_text(info.day)},
          {"rows", info.rows},
          {"first_time", time_text(info.first_ts)},
          {"last_time", time_text(info.last_ts)},
          {"bytes", info.file_bytes},
          {"bytes_a_tick", bytes_a_tick(info)},
          {"schema", state.schema},
          {"codec", data::name_of(state.codec)},
          {"content_digest", info.content_digest},
          {"source_digest", info.source_digest}};
}

Json version_json(const FileState& state) {
  Json json = state.info ? info_json(state) : Json::object();
  json["version"] = state.version;
  json["file"] = state.path;
  return json;
}

/// One repair as JSON and as text.
void add_repair(const data::TickStore& store, const Instrument& instrument, const data::Repair& repair, Json& list,
                std::string& text) {
  const std::string again = ingest_command(store.root(), instrument, repair);
  Json lost = Json::array(), source = Json::object();
  text += "  REPAIR " + to_text(repair.day) + ": ";
  if (repair.all_lost)
    text += "no row of this day can be trusted\n";
  else if (repair.lost.empty())
    text += "no tick is lost, the damage lies in the file's metadata\n";
  else
    text += std::to_string(repair.lost_rows) + " of " + std::to_string(repair.rows) + " rows are lost\n";
  for (const data::LostRows& rows : repair.lost) {
    text += "    rows " + std::to_string(rows.first_row) + " to " + std::to_string(rows.first_row + rows.rows - 1) +
            ", " + time_text(rows.first_ts) + " to " + time_text(rows.last_ts) + " (" + rows.columns + ")\n";
    lost.push_back({{"first_row", rows.first_row},
                    {"rows", rows.rows},
                    {"first_time", time_text(rows.first_ts)},
                    {"last_time", time_text(rows.last_ts)},
                    {"columns", rows.columns}});
  }
  if (repair.sound_version)
    text += "    an older version is sound: " + repair.sound_version->path + ", " +
            std::to_string(repair.sound_version->info->rows) + " rows, digest " +
            repair.sound_version->info->content_digest.substr(0, 12) + "\n";
  else
    text += "    no older version is sound\n";
  for (const auto& [name, value] : repair.source) {
    source[name] = value;
    std::string line = value;
    std::replace(line.begin(), line.end(), '\n', ' ');
    text += "    " + name + ": " + line + "\n";
  }
  if (repair.source.empty())
    text += "    its source is not known any more\n";
  else
    text += "    as told by " + repair.source_from + "\n";
  if (!again.empty()) text += "    ingest again, where these files lie: " + again + "\n";
  list.push_back({{"file", repair.path},
                  {"day", to_text(repair.day)},
                  {"all_lost", repair.all_lost},
                  {"rows", repair.rows},
                  {"lost_rows", repair.lost_rows},
                  {"lost", lost},
                  {"sound_version", repair.sound_version ? version_json(*repair.sound_version) : Json(nullptr)},
                  {"source", source},
                  {"source_from", repair.source_from},
                  {"command", again}});
}

/// Adds the states of one instrument's files.
void add_states(const std::string& id, const Instrument& instrument, const std::vector<FileState>& states,
                Inspection& out) {
  out.text += id + ": tick " + short_number(instrument.tick_size, 10) + " " + instrument.currency + ", lot " +
              short_number(instrument.lot_size, 10) + ", zone " + instrument.zone + "\n";
  std::vector<std::vector<std::string>> rows{
      {"  day", "ticks", "first", "last", "bytes", "B/tick", "codec", "schema", "versions", "digest"}};
  Json days = Json::array(), damages = Json::array();
  std::string damage_lines;
  for (const FileState& state : states) {
    const auto of_day = [&](const FileState& other) { return other.day == state.day && other.version > 0; };
    const bool is_shown = state.version == 0 || states.size() == 1;
    if (state.info && is_shown) {
      rows.push_back({"  " + to_text(state.day), std::to_string(state.info->rows), time_text(state.info->first_ts),
                      time_text(state.info->last_ts), std::to_string(state.info->file_bytes),
                      short_number(bytes_a_tick(*state.info), 3), data::name_of(state.codec),
                      std::to_string(state.schema), std::to_string(std::count_if(states.begin(), states.end(), of_day)),
                      state.info->content_digest.substr(0, 12)});
      Json day = info_json(state);
      day["versions"] = Json::array();
      for (const FileState& older : states)
        if (of_day(older)) day["versions"].push_back(version_json(older));
      days.push_back(day);
    }
    for (const data::Damage& damage : state.damages) {
      damage_lines += damage_text(damage);
      damages.push_back(damage_json(damage));
    }
  }
  if (!damages.empty()) out.sound = false;
  out.text += table_text(rows) + damage_lines;
  out.json["instruments"].push_back({{"id", id},
                                     {"tick_size", instrument.tick_size},
                                     {"lot_size", instrument.lot_size},
                                     {"currency", instrument.currency},
                                     {"zone", instrument.zone},
                                     {"days", days},
                                     {"damages", damages},
                                     {"repairs", Json::array()}});
}

void add_instrument(const data::TickStore& store, const std::string& id, std::optional<Day> only, bool deep,
                    int threads, Inspection& out) {
  const Instrument instrument = store.instrument(id);
  const int workers = threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  std::vector<FileState> states = data::file_states(store, id, only, deep, workers);
  add_states(id, instrument, states, out);
  // A repair weighs every byte, so a day found damaged by its footer alone is looked at in full.
  for (FileState& state : states)
    if (!deep && !state.damages.empty())
      for (FileState& other : states)
        if (other.day == state.day && other.damages.empty())
          other = [&] {
            FileState full = data::file_state(other.path, id, other.day, true);
            full.version = other.version;
            return full;
          }();
  for (const data::Repair& repair : data::plan_repairs(store, id, states))
    add_repair(store, instrument, repair, out.json["instruments"].back()["repairs"], out.text);
}

}  // namespace

Inspection inspect_store(const std::string& root, bool deep, int threads) {
  Inspection out;
  out.json = {{"kind", "store"}, {"root", root}, {"instruments", Json::array()}};
  const data::TickStore store = data::TickStore::open(root);
  const std::vector<std::string> ids = store.instruments();
  for (const std::string& id : ids) add_instrument(store, id, {}, deep, threads, out);
  if (ids.empty()) out.text = root + ": an empty store\n";
  return out;
}

Inspection inspect_day(const std::string& file, int threads) {
  Inspection out;
  out.json = {{"kind", "day"}, {"file", file}, {"instruments", Json::array()}};
  const fs::path path = fs::absolute(file).lexically_normal(), folder = path.parent_path();
  const std::string name = path.filename().string();
  const std::optional<Day> day = parse_day(name.substr(0, 10));
  const bool in_store = day && fs::exists(folder / "instrument.toml");
  const std::string id = folder.parent_path().filename().string() + "/" + folder.filename().string();
  if (in_store && name == data::day_file_name(*day)) {
    const data::TickStore store = data::TickStore::open(folder.parent_path().parent_path().string());
    add_instrument(store, id, day, true, threads, out);
    return out;
  }
  // An old version, or a file that lies outside a store and says itself what it is.
  const auto named = in_store ? std::optional(std::pair{id, *day}) : data::named_in_footer(path.string());
  if (!named)
    throw Error(ErrorKind::bad_data, file +
                                         ": it has no sound footer of a day file, and lies in no store by the name "
                                         "YYYY-MM-DD.h5 in <store>/<venue>/<symbol>");
  Instrument instrument;
  if (in_store) instrument = data::TickStore::open(folder.parent_path().parent_path().string()).instrument(id);
  add_states(named->first, instrument, {data::file_state(path.string(), named->first, named->second, true)}, out);
  return out;
}

}  // namespace tf::app
