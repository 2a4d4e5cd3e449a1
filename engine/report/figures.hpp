// The charts as data for plotly.js: {height, data, layout}. Colours are roles ("@candidate"), which the page's script
// turns into those of the light or the dark palette. Every function gives null when the document has nothing to draw.
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "engine/report/document.hpp"

namespace tf::report {

inline constexpr std::size_t kPointsDrawn = 4000;  ///< of a line, at most
inline constexpr std::size_t kFillsDrawn = 1500;   ///< marks of trades, at most

nlohmann::json price_figure(const Document& document);        ///< mid, and the fills as triangles
nlohmann::json equity_figure(const Document& document);       ///< cumulated money above, drawdowns below
nlohmann::json fold_figure(const Document& document);         ///< what each fold did with which stretch of time
nlohmann::json paired_figure(const Document& document);       ///< mean difference with its interval, against zero
nlohmann::json calibration_figure(const Document& document);  ///< realised over predicted, and how many samples
nlohmann::json trial_figure(const Document& document);        ///< histogram of the Sharpe ratios of all trials

/// E[best Sharpe ratio of `raw` trials without skill], sqrt(variance) E[max of N normals] (Bailey & Lopez de Prado
/// 2014); NaN when the document does not say.
double luck_sharpe(const Document& document);

}  // namespace tf::report
