// Where work runs. An Exec is passed by value as the first argument of everything that computes.
#pragma once
#include <string>

namespace tf {

enum class Device { cpu, cuda };

/// The x86-64 level whose code runs on the CPU: v3 (AVX2, FMA) or v4 (AVX-512).
enum class CpuLevel { v3 = 3, v4 = 4 };

struct Exec {
  Device device = Device::cpu;
  CpuLevel level = CpuLevel::v3;
  int threads = 1;         ///< how many CPU threads a call may use
  void* stream = nullptr;  ///< cudaStream_t where device is cuda
};

/// What this machine offers. Any error of the device count means "no GPU"; the reason is kept.
struct DeviceProbe {
  int gpus = 0;
  std::string gpu_name;  ///< of GPU 0, empty if none
  std::string reason;    ///< why there is none: one line
  bool built_with_cuda = false;
  bool has_v3 = false, has_v4 = false;
};
DeviceProbe probe_devices();

/// Picks by TF_EXEC = cpu | cuda (default cpu) and TF_LEVEL = v3 | v4. The default level is v3 even where the CPU has
/// v4: the v4 code is compiled and has tests, but no machine with AVX-512 has run them yet, and what has never run is
/// not what users get unasked. Throws Error{no_device} when cuda is asked for and absent, or when the CPU lacks v3;
/// Error{usage} for other words.
Exec pick_exec();

const char* level_text(CpuLevel level);

}  // namespace tf
