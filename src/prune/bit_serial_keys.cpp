// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <type_traits>

#include <hdp/prune/bit_serial_keys.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kNarrowBits = 16;

template <class Sum, class Code>
Sum product(std::span<const Code> a, std::span<const Code> b) {
  Sum sum = 0;
  for (std::size_t e = 0; e < a.size(); ++e) sum += Sum{a[e]} * Sum{b[e]};
  return sum;
}

std::int64_t sum_of_magnitudes(std::span<const std::int32_t> query) {
  std::int64_t sum = 0;
  for (const std::int32_t q : query) sum += std::abs(q);
  return sum;
}

}  // namespace

template <class Code>
BitSerialKeys::Planes<Code> BitSerialKeys::planes(MatrixView<const std::int32_t> codes,
                                                  const BitSerialRule& rule) {
  Planes<Code> result;
  for (std::int64_t step = 0; step < rule.steps(); ++step)
    std::ranges::transform(
        codes.values(), result.known.emplace_back(codes.rows(), codes.columns()).values().begin(),
        [&](std::int32_t code) { return static_cast<Code>(rule.known(code, step)); });
  result.signs.resize(codes.rows(), codes.columns());
  std::ranges::transform(codes.values(), result.signs.values().begin(),
                         [](std::int32_t code) { return static_cast<Code>(code < 0 ? -1 : 1); });
  return result;
}

BitSerialKeys::BitSerialKeys(MatrixView<const std::int32_t> codes, const BitSerialRule& rule,
                             std::int64_t query_bits)
    : rule_(rule) {
  if (std::max(rule.key_bits, query_bits) <= kNarrowBits)
    planes_ = planes<std::int16_t>(codes, rule);
  else
    planes_ = planes<std::int32_t>(codes, rule);
}

template <class Work>
void BitSerialKeys::with(std::span<const std::int32_t> query, Work work) const {
  const std::int64_t bound = sum_of_magnitudes(query) << (rule_.key_bits - 1);
  if (const auto* const wide = std::get_if<Planes<std::int32_t>>(&planes_))
    return work(*wide, query, std::int64_t{});
  const auto& narrow = std::get<Planes<std::int16_t>>(planes_);
  const std::vector<std::int16_t> q(query.begin(), query.end());
  if (bound <= std::numeric_limits<std::int32_t>::max())
    work(narrow, std::span(q), std::int32_t{});
  else
    work(narrow, std::span(q), std::int64_t{});
}

void BitSerialKeys::decide(std::span<const std::int32_t> query, std::int64_t keys,
                           std::int64_t threshold, BitSerialQuery& result) const {
  const auto count = static_cast<std::size_t>(keys);
  result.steps.assign(count, 0);
  result.scores.assign(count, 0);
  result.survivors.resize(count);
  std::iota(result.survivors.begin(), result.survivors.end(), 0);
  const std::int64_t all = sum_of_magnitudes(query);
  std::vector<std::int64_t> reach(count, all);
  with(query, [&]<class Planes, class Code, class Sum>(const Planes& planes,
                                                       std::span<const Code> q, Sum) {
    using Word = std::remove_const_t<Code>;
    if (rule_.margin_rule ==
        MarginRule::SignPairs)  // half of what agrees less what does not, and all
      for (std::int64_t j = 0; j < keys; ++j)
        reach[static_cast<std::size_t>(j)] = (all + product<Sum, Word>(q, planes.signs.row(j))) / 2;
    for (std::int64_t step = 0; step < rule_.steps(); ++step) {
      const Matrix<Word>& known = planes.known[static_cast<std::size_t>(step)];
      std::erase_if(result.survivors, [&](std::int32_t key) {
        const auto j = static_cast<std::size_t>(key);
        result.scores[j] = product<Sum, Word>(q, known.row(key));
        result.steps[j] = step + 1;
        return rule_.judge(step, result.scores[j], reach[j], threshold) == Verdict::Drop;
      });
    }
  });
}

void BitSerialKeys::scores(std::span<const std::int32_t> query, std::span<std::int64_t> out) const {
  with(query, [&]<class Planes, class Code, class Sum>(const Planes& planes,
                                                       std::span<const Code> q, Sum) {
    for (std::size_t j = 0; j < out.size(); ++j)
      out[j] = product<Sum, Code>(q, planes.known.back().row(static_cast<std::int64_t>(j)));
  });
}

}  // namespace hdp
