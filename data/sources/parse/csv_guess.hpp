// Which preset reads a text, told from its first lines, its name and its path.
#pragma once
#include "data/sources/source.hpp"

namespace tf::data {

Guess guess_csv(const InputHead& head);

}  // namespace tf::data
