#include "cuda/base/device.hpp"

#include <cstdlib>
#include <thread>

#include "cuda/base/error.hpp"

namespace tf {

#if defined(TF_WITH_CUDA)
void probe_cuda(DeviceProbe& probe);  // probe.cu
#else
static void probe_cuda(DeviceProbe& probe) { probe.reason = "built without CUDA"; }
#endif

DeviceProbe probe_devices() {
  DeviceProbe probe;
  __builtin_cpu_init();
  probe.has_v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
  probe.has_v4 = probe.has_v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                 __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                 __builtin_cpu_supports("avx512cd");
#if defined(TF_WITH_CUDA)
  probe.built_with_cuda = true;
#endif
  probe_cuda(probe);
  return probe;
}

Exec pick_exec() {
  const DeviceProbe probe = probe_devices();
  Exec exec;
  if (!probe.has_v3) throw Error(ErrorKind::no_device, "this CPU lacks x86-64-v3 (AVX2, FMA), which tickfold needs");
  exec.level = CpuLevel::v3;
  exec.threads = static_cast<int>(std::thread::hardware_concurrency());
  if (exec.threads < 1) exec.threads = 1;
  if (const char* word = std::getenv("TF_LEVEL")) {
    const std::string level = word;
    if (level == "v3")
      exec.level = CpuLevel::v3;
    else if (level == "v4" && probe.has_v4)
      exec.level = CpuLevel::v4;
    else if (level == "v4")
      throw Error(ErrorKind::no_device, "TF_LEVEL=v4, but this CPU lacks AVX-512");
    else
      throw Error(ErrorKind::usage, "TF_LEVEL=" + level + ": expected v3 or v4");
  }
  if (const char* word = std::getenv("TF_EXEC")) {
    const std::string device = word;
    if (device == "cuda") {
      if (probe.gpus == 0) throw Error(ErrorKind::no_device, "TF_EXEC=cuda, but there is no GPU: " + probe.reason);
      exec.device = Device::cuda;
    } else if (device != "cpu") {
      throw Error(ErrorKind::usage, "TF_EXEC=" + device + ": expected cpu or cuda");
    }
  }
  return exec;
}

const char* level_text(CpuLevel level) { return level == CpuLevel::v4 ? "v4" : "v3"; }

}  // namespace tf
