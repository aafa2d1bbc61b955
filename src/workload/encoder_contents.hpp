// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/workload/encoder.hpp>

namespace hdp {

struct Encoder::Contents {
  virtual ~Contents() = default;
  [[nodiscard]] virtual Matrix<double> input() const = 0;
  [[nodiscard]] virtual EncoderLayer layer(std::int64_t l) const = 0;

  std::string name, sha256;
  EncoderShape shape;
};

}  // namespace hdp
