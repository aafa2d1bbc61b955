// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/config/field.hpp>
#include <hdp/study/sweep/axis.hpp>

namespace hdp {

constexpr std::int64_t kMostSweepPoints = 10'000'000;  ///< Of a sweep.

/// How points are chosen from the axes.
enum class SampleMethod : std::uint8_t { Grid, Random, LatinHypercube, Sobol };
template <>
struct EnumNames<SampleMethod> {
  static constexpr std::array<std::string_view, 4> kNames{"grid", "random", "latin_hypercube",
                                                          "sobol"};
};

struct SweepSample {
  SampleMethod method = SampleMethod::Grid;
  std::int64_t count = 0;  ///< Points of a machine and workload; a grid has its own.
  std::int64_t seed = 0;   ///< Of a sobol sequence 0 is the sequence itself.
};

/// A machine or workload as it was when the sweep began.
struct SweepInput {
  std::string name, sha256;
};

/// A sweep, as its file says (docs/sweep.md): every machine on every workload at every point of the
/// axes.
struct SweepFile {
  std::vector<std::string> machines, workloads;  ///< Names, or absolute paths.
  Facts set;                                     ///< Settings of all points, by path.
  std::string baseline;
  bool fidelity = true;
  std::vector<SweepAxis> axes;
  SweepSample sample;
  /// Of a file that a sweep wrote: what it was made from.
  std::vector<SweepInput> made_from_machines{}, made_from_workloads{};
};

/// Reads a SWEEP.json. Paths of machines and workloads start at `origin`'s folder. UserError for
/// what is none.
SweepFile read_sweep(std::string_view text, const std::filesystem::path& origin);

/// The canonical, complete text: axes as lists of values. Reading it gives the same sweep.
std::string sweep_text(const SweepFile& sweep);

/// JSON Schema of a SWEEP.json.
std::string sweep_schema();

}  // namespace hdp
