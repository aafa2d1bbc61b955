// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace hdp {

/// What is expensive to make and the same for many, by key; at most so many bytes of it, the least
/// recently used goes first. From any thread: who asks for what another thread makes waits for it.
/// A key must say everything that a value depends on, and which kind of value it is.
class SharedCache {
 public:
  explicit SharedCache(std::size_t most_bytes);
  SharedCache(const SharedCache&) = delete;
  SharedCache& operator=(const SharedCache&) = delete;
  ~SharedCache();

  /// The value of `key`; where there is none, make() gives it, and bytes_of(value) what it takes.
  /// One that alone takes more than half of all room is not kept. What make() throws goes to the
  /// one that called it; others that waited make their own.
  template <class Make, class BytesOf>
  auto get(const std::string& key, Make make, BytesOf bytes_of) {
    using Value = decltype(make());
    const std::shared_ptr<const void> value = find_or_make(key, [&]() -> Made {
      auto made = std::make_shared<const Value>(make());
      const std::size_t bytes = bytes_of(*made);
      return {std::move(made), bytes};
    });
    return std::static_pointer_cast<const Value>(value);
  }

  struct Counts {
    std::int64_t found = 0, made = 0;
  };
  [[nodiscard]] Counts counts() const;

 private:
  struct Made {
    std::shared_ptr<const void> value;
    std::size_t bytes;
  };
  struct State;
  std::shared_ptr<const void> find_or_make(const std::string& key,
                                           const std::function<Made()>& make);
  std::unique_ptr<State> state_;
};

}  // namespace hdp
