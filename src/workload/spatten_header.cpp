// SPDX-License-Identifier: Apache-2.0
#include "workload/spatten_header.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "workload/message.hpp"
#include <hdp/base/error.hpp>

namespace hdp {
namespace {

using detail::SpattenColumn;

std::vector<std::string_view> names_of(SpattenFormat format) {
  std::vector<std::string_view> names;
  std::ranges::transform(detail::columns_of(format), std::back_inserter(names),
                         &SpattenColumn::name);
  return names;
}

}  // namespace

SpattenFormat detail::format_of(std::span<const std::string_view> header) {
  const auto known = [&](SpattenFormat format) {
    const auto names = names_of(format);
    return std::ranges::count_if(
        header, [&](std::string_view cell) { return std::ranges::count(names, cell) > 0; });
  };
  return known(SpattenFormat::Prefill) > known(SpattenFormat::Generation)
             ? SpattenFormat::Prefill
             : SpattenFormat::Generation;
}

std::vector<const SpattenColumn*> detail::columns_in(std::span<const std::string_view> header,
                                                     SpattenFormat format) {
  const auto names = names_of(format);
  std::vector<const SpattenColumn*> order;
  for (const std::string_view cell : header) {
    const auto found = std::ranges::find(names, cell);
    if (found == names.end())
      throw UserError({.problem = fmt::format("unknown column \"{}\"", detail::clipped(cell)),
                       .allowed = detail::listed(names),
                       .nearest = nearest_name(cell, names)});
    const SpattenColumn* column =
        &detail::columns_of(format)[static_cast<std::size_t>(found - names.begin())];
    if (std::ranges::count(order, column) > 0)
      refuse({}, fmt::format("column \"{}\" stands twice", cell), "each once");
    order.push_back(column);
  }
  for (const std::string_view name : names)
    if (std::ranges::count(header, name) == 0)
      refuse({}, fmt::format("no column \"{}\" in a {} file", name, name_of(format)),
             detail::listed(names));
  return order;
}

}  // namespace hdp
