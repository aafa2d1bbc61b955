// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include <hdp/base/error.hpp>
#include <hdp/base/random.hpp>

namespace hdp::fuzz {

/// A promise that an input has broken.
class Finding : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

inline void expect(bool kept, const char* promise) {
  if (!kept) throw Finding(promise);
}

/// What any input must be good for: it is read, or refused with a UserError of one printable line.
struct Target {
  std::string_view name;
  /// Whether it was good, rather than the user's mistake; whatever is thrown is a finding.
  bool (*play)(std::string_view input);
  /// An input near to this one, legal as a rule; null: its bytes change.
  std::string (*mutate)(std::string_view input, RandomStream& random) = nullptr;
  int inputs = 1000;  ///< Of a test of a minute, all targets together, by a release build.
};

/// All targets, by name.
std::span<const Target* const> targets();
/// Null where there is none of that name.
const Target* find_target(std::string_view name);

/// Whether `action` ends; otherwise the user's mistake, which must be one printable line.
template <class Action>
bool accepts(Action action) {
  try {
    action();
    return true;
  } catch (const UserError& mistake) {
    for (const char* c = mistake.what(); *c != '\0'; ++c)
      expect(static_cast<unsigned char>(*c) >= 0x20 && *c != 0x7f, "a mistake is one line");
    return false;
  }
}

}  // namespace hdp::fuzz
