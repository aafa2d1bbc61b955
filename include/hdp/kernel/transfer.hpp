// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <hdp/kernel/channel.hpp>

namespace hdp {

/// A read or write of consecutive bytes somewhere else. `tag` comes back with the response.
struct TransferRequest {
  std::uint64_t address = 0;
  std::uint32_t bytes = 0;
  std::uint32_t tag = 0;
  bool write = false;
};

/// The last byte of a request has been read, or written.
struct TransferResponse {
  std::uint32_t tag = 0;
};

/// A pair of channels between one client and who serves it. Requests may be answered in any order.
struct TransferPort {
  TransferPort(std::size_t requests_in_flight, std::size_t responses_in_flight)
      : requests(requests_in_flight), responses(responses_in_flight) {}
  Channel<TransferRequest> requests;
  Channel<TransferResponse> responses;
};

}  // namespace hdp
