// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <hdp/base/int128.hpp>

namespace hdp {

class Fact;
struct NamedFact;

/// Named values in the order in which they were given: what reports are made of, below any format.
class Facts {
 public:
  // Out of line, as all that needs a NamedFact to be complete.
  Facts();
  Facts(const Facts&);
  Facts(Facts&&) noexcept;
  Facts& operator=(const Facts&);
  Facts& operator=(Facts&&) noexcept;
  ~Facts();
  Facts(std::initializer_list<NamedFact> facts);

  /// Sets a value; a name that is there already keeps its place.
  void set(std::string name, Fact value);
  /// Adds a value under a name that is not there yet.
  void append(std::string name, Fact value);
  /// Sets every value of `others`, in their order.
  void update(const Facts& others);
  /// null where there is no such name.
  [[nodiscard]] const Fact* find(std::string_view name) const;
  void erase(std::string_view name);

  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] const NamedFact* begin() const;
  [[nodiscard]] const NamedFact* end() const;
  friend bool operator==(const Facts&, const Facts&);

 private:
  std::vector<NamedFact> facts_;
};

/// A value: nothing, a truth value, an exact integer, a double, a text, a list, or named values.
class Fact {
 public:
  using List = std::vector<Fact>;
  using Value =
      std::variant<std::nullptr_t, bool, std::int64_t, Int128, double, std::string, List, Facts>;

  Fact() : Fact(nullptr) {}
  // Out of line: GCC 12 under a sanitizer takes a variant's inlined destructor for a warning.
  Fact(const Fact&);
  Fact(Fact&&) noexcept;
  Fact& operator=(const Fact&);
  Fact& operator=(Fact&&) noexcept;
  ~Fact();
  Fact(std::nullptr_t) : value_(nullptr) {}  // NOLINT(google-explicit-constructor)
  Fact(double value) : value_(value) {}      // NOLINT(google-explicit-constructor)
  /// Held in 64 bits where it fits.
  Fact(Int128 value);                                         // NOLINT(google-explicit-constructor)
  Fact(std::string value) : value_(std::move(value)) {}       // NOLINT(google-explicit-constructor)
  Fact(std::string_view value) : Fact(std::string(value)) {}  // NOLINT(google-explicit-constructor)
  Fact(const char* value) : Fact(std::string(value)) {}       // NOLINT(google-explicit-constructor)
  Fact(Facts value) : value_(std::move(value)) {}             // NOLINT(google-explicit-constructor)
  Fact(List value) : value_(std::move(value)) {}              // NOLINT(google-explicit-constructor)
  template <std::same_as<bool> T>
  Fact(T value) : value_(value) {}  // NOLINT(google-explicit-constructor)
  template <std::integral T>
    requires(!std::same_as<T, bool> && sizeof(T) <= sizeof(std::int64_t))
  Fact(T value) : Fact(Int128{value}) {}  // NOLINT(google-explicit-constructor)
  /// A list of them.
  template <class T>
  Fact(const std::vector<T>& values) {  // NOLINT(google-explicit-constructor)
    List list;
    list.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) list.emplace_back(T(values[i]));
    value_ = std::move(list);
  }
  /// The value, or null.
  template <class T>
  Fact(const std::optional<T>& value) {  // NOLINT(google-explicit-constructor)
    if (value) *this = Fact(*value);
  }

  [[nodiscard]] const Value& value() const { return value_; }
  template <class T>
  [[nodiscard]] const T* as() const {
    return std::get_if<T>(&value_);
  }
  [[nodiscard]] bool is_null() const { return as<std::nullptr_t>() != nullptr; }
  /// An integer or a double as a double; nothing else is a number.
  [[nodiscard]] std::optional<double> number() const;
  friend bool operator==(const Fact&, const Fact&) = default;

 private:
  Value value_;
};

struct NamedFact {
  std::string name;
  Fact value;
  friend bool operator==(const NamedFact&, const NamedFact&) = default;
};

}  // namespace hdp
