// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "machine/layer/program.hpp"

namespace hdp::layer {

/// The two halves of a buffer as a schedule fills them in turn: a half is filled again when all
/// that used its last filling has ended.
class DoubleBuffer {
 public:
  explicit DoubleBuffer(std::int64_t bytes) : half_(bytes / 2) {}
  [[nodiscard]] std::int64_t half() const { return half_; }

  struct Place {
    std::int64_t filling = 0;
    Needs needs{};  ///< Before anything may be written there.
  };

  /// Room for so many bytes, in the half that is being filled where they fit, else in the other.
  Place place(std::int64_t bytes) {
    HDP_CHECK(bytes <= half_, "what is placed fits a half");
    if (used_ + bytes > half_) turn();
    used_ += bytes;
    return {filling_, needs_};
  }
  /// What is placed next begins a half.
  void turn() {
    ++filling_;
    used_ = 0;
    needs_ = users(filling_);
    users(filling_) = {};
  }
  /// Whether nothing has been placed over it.
  [[nodiscard]] bool holds(const Place& place) const { return place.filling + 1 >= filling_; }
  /// The place is used until so many actions of a track have ended.
  void use(const Place& place, Track track, std::uint32_t count) {
    HDP_CHECK(holds(place), "what is used has not been overwritten");
    users(place.filling).also(track, count);
  }

 private:
  Needs& users(std::int64_t filling) { return users_[static_cast<std::size_t>(filling % 2)]; }

  std::int64_t half_;
  std::int64_t filling_ = 0, used_ = 0;
  Needs needs_{};                 ///< Of the half that is being filled.
  std::array<Needs, 2> users_{};  ///< Of what each half holds.
};

}  // namespace hdp::layer
