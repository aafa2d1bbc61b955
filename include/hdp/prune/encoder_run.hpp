// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <hdp/numeric/encoder_layer.hpp>
#include <hdp/numeric/error_measure.hpp>
#include <hdp/workload/encoder.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// How the products of an encoder are made.
struct EncoderSettings {
  CodeBits bits;
  std::int64_t kept = 0, of = 0;  ///< N:M masks along the reduction; 0: dense weights.
};

/// The output of a layer beside that of the same layers in double without masks.
struct EncoderLayerError {
  ErrorMeasure masks;  ///< N:M masks alone, in double,
  ErrorMeasure all;    ///< and masks and codes together.
};

/// An encoder, played from layer to layer with attention unpruned.
struct EncoderRun {
  Trace trace;                            ///< Q, K and V that its attention sees.
  std::vector<EncoderLayerError> errors;  ///< Layer by layer; empty where not asked for.
};

/// The weights that stay of a layer: of every linear map, each output for itself.
EncoderLayer with_masks(EncoderLayer layer, std::int64_t kept, std::int64_t of);

/// The result does not depend on `threads`.
EncoderRun run_encoder(const Encoder& encoder, const EncoderSettings& settings, bool compare,
                       unsigned threads = 1);

}  // namespace hdp
