#include "cuda/market/bar_spec.hpp"

namespace tf::market {

std::span<const Field> BarSpec::fields() {
  using P = BarSpec;
  static const Field table[] = {
      TF_TEXT_FIELD(P, kind,
                    "time|tick|volume|dollar|tick_imbalance|volume_imbalance|dollar_imbalance|tick_runs|volume_runs|"
                    "dollar_runs|renko|range",
                    "what closes a bar"),
      TF_FIELD(P, size, 1e-9, 1e15, "s|events|lots|currency|ticks",
               "size of a bar; imbalance and runs: events expected in the first bar"),
      TF_TEXT_FIELD(P, price, "mid|trade", "the bar's price"),
      TF_TEXT_FIELD(P, anchor, "utc|session", "where time bars start: midnight UTC or the session's open"),
      TF_FIELD(P, depth_levels, 1, 1000, "levels", "levels a side in the depth columns of ticks"),
      TF_FIELD(P, bars_span, 1, 1e6, "bars", "imbalance, runs: EWMA span of the expected events of a bar"),
      TF_FIELD(P, events_span, 1, 1e9, "events", "imbalance, runs: EWMA span of the expected imbalance of an event"),
      TF_FIELD(P, first_imbalance, 0, 1e15, "share|lots|currency",
               "imbalance, runs: expected imbalance of an event in the first bar; 0 = measured over `size` events"),
      TF_FIELD(P, least_events, 0, 1e15, "events",
               "imbalance, runs: lower bound of the expected events; 0 = size / 10"),
      TF_FIELD(P, most_events, 0, 1e15, "events",
               "imbalance, runs: upper bound of the expected events; 0 = size * 10")};
  return table;
}

std::string BarSpec::text() const {
  constexpr int kAlways = 3;
  const auto parts = [](const BarSpec& spec) {
    // name=value,name=value; a value has no comma
    std::vector<std::string> list;
    const std::string text = params_text(params_type<BarSpec>(), &spec);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find(',', at), text.size());
      list.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return list;
  };
  const std::vector<std::string> given = parts(*this), defaults = parts({});
  std::string text;
  for (std::size_t at = 0; at < given.size(); ++at)
    if (at < kAlways || given[at] != defaults[at]) text += (text.empty() ? "" : ",") + given[at];
  return text;
}

}  // namespace tf::market
