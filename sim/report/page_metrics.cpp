// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <hdp/base/check.hpp>
#include <hdp/report/page_point.hpp>

namespace hdp {
namespace {

using Value = std::optional<double>;

template <auto Member>
Value of_row(const PagePoint& point) {
  return point.row.*Member;
}
template <auto Member>
Value integer(const PagePoint& point) {
  return static_cast<double>(point.row.*Member);
}
template <auto Member>
Value resource(const PagePoint& point) {
  return static_cast<double>(point.row.resources.*Member);
}
template <auto Member>
Value of_point(const PagePoint& point) {
  return point.*Member;
}
Value bytes(const PagePoint& point) {
  return static_cast<double>(point.row.read_bytes) + static_cast<double>(point.row.written_bytes);
}
Value mass_lost(const PagePoint& point) {
  const Value kept = point.row.mass_kept;
  return kept ? Value(1 - *kept) : std::nullopt;
}

using Row = TableRow;
constexpr std::array kMetrics{
    PageMetric{"cycles", "cycles", 1, '-', integer<&Row::cycles>},
    PageMetric{"time_ns", "time [us]", 1e-3, '-', of_row<&Row::time_ns>},
    PageMetric{"energy_pj", "energy [uJ]", 1e-6, '-', of_row<&Row::energy_pj>},
    PageMetric{"bytes", "DRAM bytes [kB]", 1e-3, '-', bytes},
    PageMetric{"relative_frobenius", "output error", 1, '-', of_row<&Row::relative_frobenius>},
    PageMetric{"mass_lost", "mass lost [%]", 100, '-', mass_lost},
    PageMetric{"speedup", "speedup", 1, '+', of_row<&Row::speedup>},
    PageMetric{"energy_ratio", "energy ratio", 1, '+', of_row<&Row::energy_ratio>},
    PageMetric{"utilisation", "arrays busy [%]", 100, '+', of_row<&Row::utilisation>},
    PageMetric{"mac_utilisation", "multipliers used [%]", 100, '+', of_row<&Row::mac_utilisation>},
    PageMetric{"bandwidth_share", "bandwidth used [%]", 100, ' ', of_row<&Row::bandwidth_share>},
    PageMetric{"gop_per_s", "GOP/s", 1, '+', of_row<&Row::gop_per_s>},
    PageMetric{"ops_per_byte", "operations/byte", 1, '+', of_row<&Row::ops_per_byte>},
    PageMetric{"power_w", "power [W]", 1, '-', of_row<&Row::power_w>},
    PageMetric{"block_sparsity", "blocks pruned [%]", 100, '+',
               of_point<&PagePoint::block_sparsity>},
    PageMetric{"head_sparsity", "heads pruned [%]", 100, '+', of_point<&PagePoint::head_sparsity>},
    PageMetric{"net_sparsity", "net pruned [%]", 100, '+', of_point<&PagePoint::net_sparsity>},
    PageMetric{"multipliers", "multipliers", 1, ' ', resource<&Resources::multipliers>},
    PageMetric{"clock_mhz", "clock [MHz]", 1, ' ', integer<&Row::clock_mhz>},
    PageMetric{"sram_bytes", "SRAM [KiB]", 1.0 / 1024, '-', resource<&Resources::sram_bytes>},
    PageMetric{"peak_bytes_per_s", "bandwidth [GB/s]", 1e-9, ' ',
               resource<&Resources::peak_bytes_per_s>},
    PageMetric{"area_um2", "area [mm^2]", 1e-6, '-', of_row<&Row::area_um2>}};

constexpr std::array<std::string_view, 3> kCosts{"time_ns", "energy_pj", "bytes"};
constexpr std::array<std::string_view, 2> kErrors{"relative_frobenius", "mass_lost"};

}  // namespace

std::span<const PageMetric> page_metrics() { return kMetrics; }

const PageMetric& page_metric(std::string_view name) {
  const auto* const metric = std::ranges::find(kMetrics, name, &PageMetric::name);
  HDP_CHECK(metric != kMetrics.end(), "a metric by its name");
  return *metric;
}

std::span<const std::string_view> page_costs() { return kCosts; }
std::span<const std::string_view> page_errors() { return kErrors; }

}  // namespace hdp
