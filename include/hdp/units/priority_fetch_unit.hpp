// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/kernel/channel.hpp>
#include <hdp/kernel/time_split.hpp>
#include <hdp/kernel/transfer.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/units/fetch_unit.hpp>

namespace hdp {

/// What has arrived: vectors for the lanes, or the end of another transfer.
struct Arrival {
  std::uint32_t job = 0;
  std::uint16_t vectors = 0;   ///< 0: not for the lanes.
  std::uint32_t compute = 0;   ///< Cycles of a lane for each of them,
  std::uint32_t operands = 0;  ///< and of its bank.
  std::uint16_t tests = 0;     ///< Of the probability unit, for each of them.
  bool values = false;         ///< Rows of V, which it never sees.
};

/// One request to the memory: consecutive bytes, at most FetchConfig::request_bytes.
struct FetchRequest {
  std::uint64_t address = 0;
  std::uint32_t bytes = 0;
  Arrival arrival;  ///< Given on when the last byte is there.
  Tensor tensor = Tensor::K;
  bool write = false;
  Cycle asked_at{0};  ///< Set by the unit.
};

const UnitKind& priority_fetch_unit_kind();

/// Fetches out of order (sim/units/priority_fetch_unit.md): requests of the urgent queue go before
/// those of the stream, and what arrives is given on in the order of arrival.
class PriorityFetchUnit final : public Unit {
 public:
  struct Ports {
    Channel<FetchRequest>& in_urgent;
    Channel<FetchRequest>& in_stream;
    Channel<Arrival>& out_lanes;
    Channel<Arrival>& out_done;
  };
  PriorityFetchUnit(std::string name, const FetchConfig& config, const Ports& ports,
                    TransferPort& memory);

  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;
  [[nodiscard]] std::string describe_wait() const override;
  void close(Cycle end) override { time_.close(end); }
  [[nodiscard]] const UnitKind& kind() const override { return priority_fetch_unit_kind(); }
  [[nodiscard]] UnitReport report() const override {
    return account(time_, EnumNames<FetchWait>::kNames,
                   {urgent_, stream_, sum_of(read_bytes_), sum_of(written_bytes_)});
  }
  [[nodiscard]] const TensorBytes& read_bytes() const { return read_bytes_; }
  [[nodiscard]] const TensorBytes& written_bytes() const { return written_bytes_; }

 private:
  [[nodiscard]] Channel<Arrival>& way_of(const FetchRequest& request) const {
    return request.arrival.vectors == 0 ? out_done_ : out_lanes_;
  }
  bool give_on(Cycle now);
  bool ask(Cycle now, Channel<FetchRequest>& from);

  FetchConfig config_;
  Channel<FetchRequest>& in_urgent_;
  Channel<FetchRequest>& in_stream_;
  Channel<Arrival>& out_lanes_;
  Channel<Arrival>& out_done_;
  Channel<TransferRequest>& out_requests_;
  Channel<TransferResponse>& in_responses_;

  std::vector<FetchRequest> under_way_;  ///< By tag.
  std::vector<std::uint32_t> free_tags_;
  bool stuck_ = false;  ///< An arrival that nobody takes.
  bool asked_ = false;

  TimeSplit<FetchWait> time_;
  TensorBytes read_bytes_{}, written_bytes_{};
  std::int64_t urgent_ = 0, stream_ = 0;
};

}  // namespace hdp
