// What every page carries unchanged: its style and its script, as text.
#pragma once

namespace tf::report {

extern const char* const kPageStyle;   ///< CSS; palettes are custom properties, named like the roles of figures.hpp
extern const char* const kPageScript;  ///< draws the charts from the JSON of the element #figures

}  // namespace tf::report
