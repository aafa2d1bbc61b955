// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace hdp {

/// What the user got wrong, in parts. Empty parts are left out of the message.
struct Mistake {
  std::string path{};     ///< Where: a file, a setting ("/prune/rho"), or both.
  std::string problem{};  ///< What is wrong, with the value as written.
  std::string unit{};     ///< Unit of the value.
  std::string allowed{};  ///< What would have been accepted.
  std::string nearest{};  ///< The known name that comes closest.
};

/// The user's mistake: exit code 2. what() is one line, its parts clipped and escaped (one_line).
class UserError : public std::runtime_error {
 public:
  explicit UserError(Mistake mistake);
  [[nodiscard]] const Mistake& mistake() const { return mistake_; }
  /// The same mistake with `prefix` put before its path (a file name, say).
  [[nodiscard]] UserError within(std::string_view prefix) const;

 private:
  Mistake mistake_;
};

/// Throws the user's mistake with these parts.
[[noreturn]] void refuse(std::string path, std::string problem, std::string allowed = {},
                         std::string nearest = {});

/// Our mistake: an invariant of the library does not hold. Exit code 3.
class LogicFault : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// The known name closest to `wanted`, or "" where none is near.
std::string nearest_name(std::string_view wanted, std::span<const std::string_view> known);

}  // namespace hdp
