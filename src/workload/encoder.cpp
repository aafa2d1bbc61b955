// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "workload/encoder_contents.hpp"
#include <hdp/base/check.hpp>
#include <hdp/workload/encoder.hpp>

namespace hdp {

Encoder::Encoder(std::shared_ptr<const Contents> contents) : contents_(std::move(contents)) {}

const std::string& Encoder::name() const { return contents_->name; }
const std::string& Encoder::sha256() const { return contents_->sha256; }
const EncoderShape& Encoder::shape() const { return contents_->shape; }
Matrix<double> Encoder::input() const { return contents_->input(); }
EncoderLayer Encoder::layer(std::int64_t l) const {
  HDP_CHECK(l >= 0 && l < shape().layers, "a layer that there is");
  return contents_->layer(l);
}

}  // namespace hdp
