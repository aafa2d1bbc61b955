# SPDX-License-Identifier: Apache-2.0
# Everything comes from Debian; tools/setup installs it.
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(fmt 9 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
find_package(Threads REQUIRED)
find_package(TBB 2021 REQUIRED)
find_package(Boost 1.71 REQUIRED)
if(HDP_BUILD_TOOLS)
  find_package(CLI11 2.1 REQUIRED)
  find_package(spdlog 1.10 REQUIRED)
endif()
