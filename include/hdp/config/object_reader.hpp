// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/base/facts.hpp>

namespace hdp {

/// Takes the values of a JSON object one after the other; done() refuses what nobody has taken. The
/// facts must outlive it. Every mistake is a UserError with the path of the value.
class ObjectReader {
 public:
  /// `origin` is the file, `path` where the object stands in it ("/axes/0"). UserError where `fact`
  /// is no object.
  ObjectReader(const Fact& fact, std::string origin, std::string path = {});

  /// null where there is no such key.
  const Fact* find(std::string_view key);
  const Fact& need(std::string_view key);
  std::optional<std::string> text(std::string_view key);
  std::string need_text(std::string_view key);
  std::optional<bool> flag(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t least, std::int64_t most);
  std::optional<double> number(std::string_view key);
  /// One of `words`.
  std::optional<std::size_t> choice(std::string_view key,
                                    const std::vector<std::string_view>& words);
  /// A text, or a list of them that is not empty.
  std::vector<std::string> texts(std::string_view key);
  const Fact::List& list(std::string_view key);

  /// UserError for a key that was never asked for, with the nearest of those that were.
  void done() const;

  /// UserError about the value of a key.
  [[noreturn]] void refuse_value(std::string_view key, const std::string& problem,
                                 const std::string& allowed) const;
  /// Where the value of a key stands.
  [[nodiscard]] std::string path_of(std::string_view key) const;
  [[nodiscard]] const std::string& origin() const { return origin_; }

 private:
  [[noreturn]] void refuse_kind(std::string_view key, const std::string& allowed) const;

  const Facts* facts_;
  std::string origin_, path_;
  std::vector<std::string> known_;
};

}  // namespace hdp
