// The parts of the page as HTML, in reading order. A part without data says "not available" and why.
#pragma once
#include <string>
#include <vector>

#include "engine/report/document.hpp"
#include "engine/report/html.hpp"

namespace tf::report {

struct Section {
  const char* id;  ///< anchor
  const char* title;
  const char* brief;  ///< its name in the contents
  Html body;
  bool half = false;  ///< shares its line with the next half, where the screen is wide enough
};

Html header(const Document& document);  ///< title, verdict and reason, key figures

/// What was earned and what was decided: price, equity, folds, scores, gate, paired, calibration, trials.
std::vector<Section> result_sections(const Document& document);

/// What it rests on: data quality, drift, nights, lineage.
std::vector<Section> record_sections(const Document& document);

Html absent(const Document& document, const char* part, const char* why);  ///< the document's own reason goes first
Html note(const std::string& words);                                       ///< a line of explanation
Html chart(const char* id, const std::string& label);  ///< the place of a chart, named for screen readers

Tone verdict_tone(const std::string& verdict);

}  // namespace tf::report
