// Makes an old version of a day current again. What was current becomes the newest old version, in the four steps of a
// replacement (versions.hpp): a crash leaves the one day or the other, and neither is lost.
#pragma once
#include <string>

#include "data/store/tick_store.hpp"

namespace tf::data {

/// Version `number` of a day takes the current name; its own number is free then. Every byte of it is checked before.
/// The day may be damaged, or missing. Throws Error{no_input} naming the versions there are, Error{bad_data} when the
/// version is damaged (nothing is changed), Error{again} while a writer is at work on this day, Error{io}.
DayInfo restore_version(const TickStore& store, const std::string& id, Day day, int64_t number);

}  // namespace tf::data
