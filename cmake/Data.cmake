# What the data rooms build beside their libraries: the HDF5 filter plugin, and Arrow as a library loaded on demand.

# A module that HDF5 of any version loads from HDF5_PLUGIN_PATH: our codec without a symbol of libhdf5.
file(GLOB plugin CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/data/store/plugin/*.cpp)
if(plugin)
  file(GLOB packed CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/data/store/packed*.cpp)
  add_library(tickfold_hdf5_filter MODULE ${plugin} ${packed})
  tf_flags(tickfold_hdf5_filter)
  target_link_libraries(tickfold_hdf5_filter PRIVATE PkgConfig::zstd)
  set_target_properties(tickfold_hdf5_filter PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/hdf5_plugins
                        CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_include_directories(tickfold_hdf5_filter SYSTEM PRIVATE ${hdf5_INCLUDE_DIRS})
endif()

file(GLOB arrow CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/data/arrow/*.cpp)
if(TF_ARROW AND arrow)
  add_library(tickfold_arrow SHARED ${arrow})
  tf_flags(tickfold_arrow)
  target_include_directories(tickfold_arrow SYSTEM PRIVATE ${TF_ARROW_ROOT}/include)
  target_link_libraries(tickfold_arrow PRIVATE ${TF_ARROW_LIBRARY} ${TF_PARQUET_LIBRARY} tf_base)
  set_target_properties(tickfold_arrow PROPERTIES BUILD_RPATH ${TF_ARROW_ROOT})
endif()
