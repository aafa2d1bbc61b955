# SPDX-License-Identifier: Apache-2.0
# What every target of the project is compiled with. Results must not depend on the compiler:
# no contraction of floating point, no host-specific instructions. Nobody looks at floating-point
# exception flags, so comparisons may be vectorised (-fno-trapping-math changes no value). Nobody
# replaces functions of the libraries at run time, so GCC may inline them into each other, as Clang
# does anyway.
add_library(hdp_options INTERFACE)
target_compile_features(hdp_options INTERFACE cxx_std_20)
target_compile_options(hdp_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -ffp-contract=off -fno-trapping-math
  $<$<CXX_COMPILER_ID:GNU>:-fno-semantic-interposition>
  $<$<BOOL:${HDP_WERROR}>:-Werror>)
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")  # which takes the files for headers
  target_compile_options(hdp_options INTERFACE -Wno-subobject-linkage)
endif()
if(HDP_SANITIZE)
  target_compile_options(hdp_options INTERFACE
    -fsanitize=${HDP_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(hdp_options INTERFACE -fsanitize=${HDP_SANITIZE})
endif()

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")

# With CMAKE_UNITY_BUILD, up to 16 files of a folder are compiled as one, which takes a third of the
# time: names that a file keeps to itself differ within its folder. tools/test, tools/demo and the
# tidy preset ask for it; that every file includes what it needs is seen without.
function(hdp_unite_folders target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
  get_target_property(sources ${target} SOURCES)
  foreach(source ${sources})
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(GET folder FILENAME name)
    if(NOT DEFINED ${folder}_files)
      set(${folder}_files 0)
    endif()
    math(EXPR batch "${${folder}_files} / 16")
    math(EXPR ${folder}_files "${${folder}_files} + 1")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${name}_${batch})
  endforeach()
endfunction()

# Clang reads these headers once for a target; that every file includes what it needs is seen by GCC.
function(hdp_read_once target)
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
endfunction()
set(HDP_COMMON_HEADERS <algorithm> <filesystem> <functional> <map> <optional> <string> <variant>
  <vector> <Eigen/Core> <fmt/format.h>)

find_program(HDP_CCACHE ccache)
if(HDP_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${HDP_CCACHE})
endif()
