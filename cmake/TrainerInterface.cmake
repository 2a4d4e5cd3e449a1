# What the program and the trainer it loads at run time agree on: one digest over the text of every header that they talk
# through, and what else decides how its types lie in memory. Each side is compiled with its own; they are compared when
# the library is loaded, since calling into one of another build would corrupt memory.
set(trainer_headers
  engine/learn/torch_library.hpp engine/learn/trainer.hpp engine/learn/catalogue.hpp cuda/network/network.hpp
  cuda/base/device.hpp cuda/base/error.hpp cuda/base/fields.hpp cuda/base/host_device.hpp cuda/base/view.hpp)
set(agreed "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} TF_CUDA=${TF_CUDA}")
foreach(header IN LISTS trainer_headers)
  file(SHA256 ${CMAKE_SOURCE_DIR}/${header} digest)
  string(APPEND agreed "\n${header} ${digest}")
endforeach()
string(SHA256 digest "${agreed}")
string(SUBSTRING ${digest} 0 16 TF_TRAINER_INTERFACE)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${trainer_headers})
set_property(SOURCE engine/learn/torch_library.cpp engine/learn/torch/torch_trainer.cpp tests/engine/walk/plain_trainer.cpp
             tests/engine/learn/catalogue_test.cpp
             APPEND PROPERTY COMPILE_DEFINITIONS TF_TRAINER_INTERFACE="${TF_TRAINER_INTERFACE}")
