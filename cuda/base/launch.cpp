#include "cuda/base/launch.hpp"

#if __has_include(<nvtx3/nvToolsExt.h>)
#include <nvtx3/nvToolsExt.h>
#define TF_HAS_NVTX 1
#endif

namespace tf {

#if defined(TF_HAS_NVTX)
NamedRange::NamedRange(const char* name) { nvtxRangePushA(name); }
NamedRange::~NamedRange() { nvtxRangePop(); }
#else
NamedRange::NamedRange(const char*) {}
NamedRange::~NamedRange() = default;
#endif

}  // namespace tf
