# CMake 3.25 does not know CUDA 13's C++20 flag by itself.
set(CMAKE_CUDA_ARCHITECTURES ${TF_CUDA_ARCHITECTURES})
enable_language(CUDA)
set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")
set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION "-std=c++20")
list(APPEND CMAKE_CUDA_COMPILE_FEATURES cuda_std_20)
find_package(CUDAToolkit REQUIRED)
# ptxas tells the registers, stack and spills of every kernel, the launcher keeps it beside the object.
set(CMAKE_CUDA_COMPILER_LAUNCHER sh ${CMAKE_SOURCE_DIR}/cmake/kernel_resources.sh ${CMAKE_CUDA_COMPILER_LAUNCHER})
add_compile_options($<$<COMPILE_LANGUAGE:CUDA>:-Xptxas=-v>)
add_compile_options($<$<COMPILE_LANGUAGE:CUDA>:-fmad=false> $<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-ffp-contract=off>)
