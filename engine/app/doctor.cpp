// tickfold doctor: devices, libraries, limits of this machine.
#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "cuda/base/error.hpp"
#include "engine/app/evidence.hpp"
#include "engine/learn/trainer.hpp"

namespace tf::app {

void add_doctor(CLI::App& app, Shell& shell) {
  CLI::App* command = shell.add(app, "doctor", "devices, libraries, limits of this machine");
  command->callback([&shell] {
    shell.action = [&shell] {
      const DeviceProbe probe = probe_devices();
      std::string trainer, trainer_fault;
      try {
        trainer = learn::torch_trainer().version();
      } catch (const Error& error) { trainer_fault = error.what(); }
      struct statvfs disk {};
      const bool disk_known = statvfs(".", &disk) == 0;
      const double disk_gib =
          disk_known ? static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize) / (1 << 30) : 0;
      const double memory_gib =
          static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE)) / (1 << 30);
      const bool has_trainer = trainer_fault.empty(), has_plotly = std::filesystem::exists(plotly_path());
      const std::string level = probe.has_v4   ? "v4 (AVX-512); v3 is used unless TF_LEVEL=v4"
                                : probe.has_v3 ? "v3 (AVX2)"
                                               : "below v3: not supported";
      std::vector<std::vector<std::string>> rows{
          {"cpu level", level},
          {"threads", std::to_string(std::thread::hardware_concurrency())},
          {"memory", short_number(memory_gib) + " GiB"},
          {"free disk here", disk_known ? short_number(disk_gib) + " GiB" : "unknown"},
          {"gpu", probe.gpus ? std::to_string(probe.gpus) + " x " + probe.gpu_name : "none: " + probe.reason},
          {"trainer", has_trainer ? trainer : trainer_fault},
          {"plotly.js", has_plotly ? "found" : "missing: " + plotly_path() + " (./dev setup, ./dev build)"}};
      shell.result("tickfold.doctor/1",
                   {{"cpu_level", probe.has_v4   ? "v4"
                                  : probe.has_v3 ? "v3"
                                                 : "none"},
                    {"threads", std::thread::hardware_concurrency()},
                    {"memory_gib", memory_gib},
                    {"disk_gib", disk_gib},
                    {"gpus", probe.gpus},
                    {"gpu", probe.gpu_name},
                    {"gpu_reason", probe.reason},
                    {"built_with_cuda", probe.built_with_cuda},
                    {"trainer", has_trainer},
                    {"plotly", has_plotly}},
                   table_text(rows));
      if (!probe.has_v3 || !has_trainer || !has_plotly) shell.exit_code = 69;
    };
  });
}

}  // namespace tf::app
