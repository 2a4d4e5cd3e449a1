// One HTML page of a run or a promotion: index.html, with plotly.js beside it; opens from disk, needs no network.
//
// The input is a JSON document, schema "tickfold.report/1". Only `title` is required; a part that is absent, null or
// empty leaves its section in place, with "not available" and why. null stands for NaN and infinity. Times are int64 ns
// since 1970 UTC, money is net of spread, fees and latency unless its name says gross, shares are 0..1.
//
//   title, run, instrument, currency, reason : text;  verdict : promote | hold | reject | none;  created_ns
//   price       {t_ns[], mid[]}
//   fills       [{t_ns, px, qty, cause}]                       qty > 0 bought, < 0 sold
//   equity      {t_ns[], candidate[], candidate_gross[], incumbent[] | null}    cumulated money; drawdowns are made
//   here folds       [{fold, train [t0, t1), validation, purge, embargo, test}]      any interval may be null; purge
//   and embargo
//                                                              may also be lists of intervals
//   scorecards  [{name, and the members of score::Scorecard}]  the one named "candidate" heads the page
//   gate        [{name, kind, measured, direction, bound, outcome}]
//   paired      {mean, low, high, p_value, block, draws, level}
//   calibration {kind: regression | classification, bins [{predicted, realised, count}]}
//   trials      {raw, variance, sharpes[]}                     raw = how many were counted, known Sharpe ratio or not
//   quality     [{day, ticks, quotes, trades, crossed, locked, backward_steps, largest_gap_s, spread_median_ticks}]
//   drift       [{feature, statistic, threshold, alarm}];  triggers [{kind, fired, measured, bound}]
//   nights      [{as_of, trigger, verdict, model, reason}]
//   lineage     {model, parent, config_digest, data [{instrument, day, content_digest}], code}
//   absent      {part: why}                                    said in place of the default reason
#pragma once
#include <string>

namespace tf::report {

struct Page {
  std::string html_path, script_path;
};

/// Writes folder/index.html, folder/plotly.min.js (a copy of the file `plotly_js`) and folder/report.json (the document
/// as given), each under a temporary name, synced, renamed; index.html last, so that a page that is there is whole. The
/// folder is made if need be. Same document, same bytes. Throws Error: bad_data (the document, naming the member),
/// no_input
/// (`plotly_js` is missing), io.
Page write(const std::string& report_json, const std::string& folder, const std::string& plotly_js);

/// The text of index.html alone. Throws Error{bad_data}.
std::string page_html(const std::string& report_json);

}  // namespace tf::report
