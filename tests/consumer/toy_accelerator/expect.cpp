// SPDX-License-Identifier: Apache-2.0
#include "expect.hpp"

#include <cmath>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <hdp/base/error.hpp>

namespace expect {
namespace {

std::int64_t rounded_up(std::int64_t a, std::int64_t b) { return a / b + (a % b != 0 ? 1 : 0); }

std::int64_t head_bytes(const hdp::LayerShape& shape, std::int64_t kept) {
  return 2 * shape.d * (shape.n_q + 2 * kept);
}

}  // namespace

void that(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error("wrong: " + what);
}

void equal(double found, double wanted, const std::string& what, double tolerance) {
  that(std::abs(found - wanted) <= tolerance * std::abs(wanted),
       what + ": " + std::to_string(found) + ", wanted " + std::to_string(wanted));
}

void refusal(const std::function<void()>& act, const std::string& line) {
  std::string said = "nothing";
  try {
    act();
  } catch (const hdp::UserError& mistake) {
    said = mistake.what();
  }
  that(said == line, "the refusal is\n  " + said + "\nwanted\n  " + line);
}

std::int64_t cycles(const hdp::Trace& trace, std::int64_t kept, std::int64_t multipliers) {
  std::int64_t sum = 0;
  for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
    const hdp::LayerShape& shape = trace.shape(layer);
    sum += shape.heads * (rounded_up(head_bytes(shape, kept), kBytesPerCycle) +
                          2 * shape.n_q * rounded_up(kept * shape.d, multipliers));
  }
  return sum;
}

std::int64_t bytes(const hdp::Trace& trace, std::int64_t kept) {
  std::int64_t sum = 0;
  for (std::int64_t layer = 0; layer < trace.layers(); ++layer)
    sum += trace.shape(layer).heads * head_bytes(trace.shape(layer), kept);
  return sum;
}

std::int64_t cycles(const hdp::SpattenWorkload& rows) {
  std::int64_t sum = 0;
  for (const hdp::SpattenRow& row : rows.rows) {
    const bool prefill = rows.format == hdp::SpattenFormat::Prefill;
    const std::int64_t d = row.head_size, queries = prefill ? row.sentence_length : 1;
    sum += rounded_up(2 * d * (queries + row.key_fetch + row.value_fetch), kBytesPerCycle) +
           queries * (rounded_up(row.key_fetch * d, kMultipliers) +
                      rounded_up(row.value_fetch * d, kMultipliers));
  }
  return sum;
}

double mass(const hdp::Trace& trace, std::int64_t kept) {
  double sum = 0;
  std::int64_t queries = 0;
  for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
    const hdp::LayerShape& shape = trace.shape(layer);
    for (std::int64_t head = 0; head < shape.heads; ++head) {
      const auto q = trace.read_head(layer, hdp::TensorKind::Q, head);
      const auto k = trace.read_head(layer, hdp::TensorKind::K, trace.kv_head(layer, head));
      for (std::int64_t i = 0; i < shape.n_q; ++i, ++queries) {
        double of_kept = 0, of_all = 0;
        for (std::int64_t j = 0; j < shape.n_k; ++j) {
          double score = 0;
          for (std::size_t x = 0; x < q.row(i).size(); ++x) score += q.row(i)[x] * k.row(j)[x];
          const double weight = std::exp(score / std::sqrt(static_cast<double>(shape.d)));
          of_all += weight;
          if (j < kept) of_kept += weight;
        }
        sum += of_kept / of_all;
      }
    }
  }
  return sum / static_cast<double>(queries);
}

}  // namespace expect
