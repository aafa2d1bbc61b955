// SPDX-License-Identifier: Apache-2.0
// The integer product, beside the plain loop that the compiler vectorises as it can.
#include <algorithm>

#include <benchmark/benchmark.h>

#include <hdp/base/random.hpp>
#include <hdp/numeric/integer_product.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kRows = 384, kDepth = 64;

Matrix<std::int32_t> random_codes(std::string_view name, std::int64_t largest) {
  RandomStream stream(1, name);
  Matrix<std::int32_t> codes(kRows, kDepth);
  for (auto& code : codes.values())
    code = static_cast<std::int32_t>(stream.below(static_cast<std::uint64_t>(2 * largest + 1))) -
           static_cast<std::int32_t>(largest);
  return codes;
}

void plain(const Matrix<std::int32_t>& q, const Matrix<std::int32_t>& k,
           Matrix<std::int32_t>& out) {
  for (std::int64_t i = 0; i < q.rows(); ++i) {
    for (std::int64_t j = 0; j < k.rows(); ++j) {
      std::int32_t sum = 0;
      for (std::size_t e = 0; e < kDepth; ++e) sum += q.row(i)[e] * k.row(j)[e];
      out.row(i)[static_cast<std::size_t>(j)] = sum;
    }
  }
}

void count_macs(benchmark::State& state) {
  state.counters["MAC/s"] = benchmark::Counter(static_cast<double>(kRows * kRows * kDepth),
                                               benchmark::Counter::kIsIterationInvariantRate);
}

void plain_product(benchmark::State& state) {
  const auto q = random_codes("q", state.range(0)), k = random_codes("k", state.range(0));
  Matrix<std::int32_t> out(kRows, kRows);
  for (auto _ : state) {
    plain(q, k, out);
    benchmark::DoNotOptimize(out.values().data());
  }
  count_macs(state);
}
BENCHMARK(plain_product)->Arg(7);

/// Largest integer parts: 7 (12 fraction bits), 31 (10), 127 (8: the 32-bit path).
void integer_product(benchmark::State& state) {
  const auto q = random_codes("q", state.range(0)), k = random_codes("k", state.range(0));
  Matrix<std::int32_t> out(kRows, kRows), expected(kRows, kRows);
  plain(q, k, expected);
  IntegerProduct product;
  for (auto _ : state) {
    product.load(k.view(), state.range(0));
    product.multiply(q.view(), kRows, out.view());
    benchmark::DoNotOptimize(out.values().data());
  }
  if (!std::ranges::equal(out.values(), expected.values())) state.SkipWithError("wrong product");
  count_macs(state);
}
BENCHMARK(integer_product)->Arg(7)->Arg(31)->Arg(127);

}  // namespace
}  // namespace hdp
