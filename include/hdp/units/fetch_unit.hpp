// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <numeric>
#include <string_view>
#include <tuple>

#include <hdp/base/quantity.hpp>
#include <hdp/config/field.hpp>
#include <hdp/kernel/channel.hpp>
#include <hdp/kernel/time_split.hpp>
#include <hdp/kernel/transfer.hpp>
#include <hdp/kernel/unit.hpp>

namespace hdp {

struct FetchConfig {
  std::int64_t request_bytes = 256;
  std::int64_t requests_in_flight = 64;
  std::int64_t requests_per_cycle = 1;

  static constexpr auto kFields =
      std::tuple{Field{&FetchConfig::request_bytes, "request_bytes", "bytes", "Longest request.",
                       Range{1, 65536}},
                 Field{&FetchConfig::requests_in_flight, "requests_in_flight", "requests",
                       "Requests that may be under way.", Range{1, 4096}},
                 Field{&FetchConfig::requests_per_cycle, "requests_per_cycle", "requests/cycle",
                       "Requests that may be issued in a cycle.", Range{1, 256}}};
};

/// Consecutive bytes in memory; an empty range is passed over.
struct FetchRange {
  std::uint64_t address = 0;
  std::uint32_t bytes = 0;
};

/// Tensors that bytes are counted for: planes of Q and K, whole words, the output, the bits of K
/// that progressive quantisation fetches late, outputs that are not complete, and what the rest of
/// a layer moves.
enum class Tensor : std::uint8_t {
  QInt,
  QFrac,
  KInt,
  KFrac,
  Q,
  K,
  V,
  Out,
  KLsb,
  Partial,
  Weights,
  Activations,
  Count
};
inline constexpr std::size_t kTensors = static_cast<std::size_t>(Tensor::Count);
template <>
struct EnumNames<Tensor> {
  static constexpr std::array<std::string_view, kTensors> kNames{
      "q_int", "q_frac", "k_int", "k_frac",  "q",       "k",
      "v",     "out",    "k_lsb", "partial", "weights", "activations"};
};

/// Moves ranges of one tensor between memory and SRAM. The ranges must live until it is done.
struct FetchCommand {
  const FetchRange* ranges = nullptr;
  std::uint32_t count = 0;
  std::uint32_t context = 0;  ///< Comes back when it is done, as `stream`.
  std::uint8_t stream = 0;
  Tensor tensor = Tensor::Q;
  bool write = false;
};

struct FetchDone {
  std::uint32_t context = 0;
  std::uint8_t stream = 0;
};

/// Bytes that have arrived, or have been written, by tensor.
using TensorBytes = std::array<std::int64_t, kTensors>;
inline std::int64_t sum_of(const TensorBytes& bytes) {
  return std::accumulate(bytes.begin(), bytes.end(), std::int64_t{0});
}

/// Data that are not there yet, or completions that nobody takes.
enum class FetchWait : std::uint8_t { Memory, Output, Count };
template <>
struct EnumNames<FetchWait> {
  static constexpr std::array<std::string_view, 2> kNames{"memory", "output"};
};

const UnitKind& fetch_unit_kind();

/// Fetch upon mask: turns commands into requests, some a cycle, and reports commands in the order
/// they came, each when its last byte is there.
class FetchUnit final : public Unit {
 public:
  FetchUnit(std::string name, const FetchConfig& config, Channel<FetchCommand>& in_commands,
            Channel<FetchDone>& out_done, TransferPort& memory);

  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;
  [[nodiscard]] std::string describe_wait() const override;
  void close(Cycle end) override { time_.close(end); }

  [[nodiscard]] const TimeSplit<FetchWait>& time() const { return time_; }
  [[nodiscard]] const UnitKind& kind() const override { return fetch_unit_kind(); }
  [[nodiscard]] UnitReport report() const override {
    return account(time_, EnumNames<FetchWait>::kNames,
                   {requests_, sum_of(read_bytes_), sum_of(written_bytes_)});
  }
  [[nodiscard]] const TensorBytes& read_bytes() const { return read_bytes_; }
  [[nodiscard]] const TensorBytes& written_bytes() const { return written_bytes_; }
  [[nodiscard]] std::int64_t requests() const { return requests_; }

 private:
  static constexpr std::size_t kCommands = 16;  ///< Commands under way.
  struct Command {
    FetchCommand command;
    std::uint32_t range = 0;   ///< The next byte to ask for,
    std::uint32_t offset = 0;  ///< by range and offset in it.
    std::int64_t outstanding = 0;
    std::int64_t bytes = 0;
    Cycle started_at;
    [[nodiscard]] bool all_asked() const { return range == command.count; }
  };
  Command& at(std::size_t position) { return commands_[position % kCommands]; }
  [[nodiscard]] const Command& at(std::size_t position) const {
    return commands_[position % kCommands];
  }
  [[nodiscard]] bool can_tell(Cycle now) const;
  [[nodiscard]] TimeSplit<FetchWait>::Doing doing(Cycle now) const;
  void take_responses(Cycle now);
  void tell_done(Cycle now);
  void take_commands(Cycle now);
  bool ask(Cycle now);
  void pass_over_what_is_asked();

  FetchConfig config_;
  Channel<FetchCommand>& in_commands_;
  Channel<FetchDone>& out_done_;
  Channel<TransferRequest>& out_requests_;
  Channel<TransferResponse>& in_responses_;

  std::array<Command, kCommands> commands_{};
  std::size_t first_ = 0, asking_ = 0, last_ = 0;  ///< Oldest, being asked for, behind the newest.
  std::int64_t outstanding_ = 0;
  bool asked_ = false;
  CriticalPath asking_path_;  ///< What the next request hangs on; path() is of what is told.

  TimeSplit<FetchWait> time_;
  TensorBytes read_bytes_{}, written_bytes_{};
  std::int64_t requests_ = 0;
};

}  // namespace hdp
