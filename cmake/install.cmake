# SPDX-License-Identifier: Apache-2.0
include(CMakePackageConfigHelpers)

install(TARGETS hdp_core hdp_sim hdp_study hdp_options EXPORT hdpsim-targets)
if(HDP_BUILD_TOOLS)
  install(TARGETS hdpsim)
endif()
install(DIRECTORY include/hdp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY configs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/hdpsim)
install(DIRECTORY assets/page DESTINATION ${CMAKE_INSTALL_DATADIR}/hdpsim)
install(PROGRAMS tools/plot.py DESTINATION ${CMAKE_INSTALL_DATADIR}/hdpsim/tools)
install(DIRECTORY tools/plot DESTINATION ${CMAKE_INSTALL_DATADIR}/hdpsim/tools
  FILES_MATCHING PATTERN "*.py" PATTERN __pycache__ EXCLUDE)
install(EXPORT hdpsim-targets NAMESPACE hdp:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hdpsim)
configure_package_config_file(cmake/hdpsim-config.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/hdpsim-config.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hdpsim)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/hdpsim-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/hdpsim-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/hdpsim-config-version.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hdpsim)
