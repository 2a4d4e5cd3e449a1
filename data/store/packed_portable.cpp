// The loops of `packed` for any machine.
#include <cstring>
#include <utility>

#include "data/store/packed_block.hpp"

// Vectors are passed between functions that are always inlined: no call ever sees their ABI.
#pragma GCC diagnostic ignored "-Wpsabi"
#define TF_PACKED_LEVEL portable
#include "data/store/packed_kernels.hpp"

namespace tf::data::packed {
const Kernels& portable_kernels() { return portable::kKernels; }
}  // namespace tf::data::packed
