// The loops of `packed` for machines with AVX2 (x86-64-v3). The target begins after the includes: no function of a
// header may be compiled for it here, since the linker could hand it to machines without.
#include <cstring>
#include <utility>

#include "data/store/packed_block.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi2,popcnt,lzcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi2,popcnt,lzcnt")
#endif

#define TF_PACKED_AVX2
#define TF_PACKED_LEVEL avx2
#include "data/store/packed_kernels.hpp"

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace tf::data::packed {
const Kernels& avx2_kernels() { return avx2::kKernels; }
}  // namespace tf::data::packed
#else
namespace tf::data::packed {
const Kernels& avx2_kernels() { return portable_kernels(); }
}  // namespace tf::data::packed
#endif
