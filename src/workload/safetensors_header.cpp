// SPDX-License-Identifier: Apache-2.0
#include "workload/safetensors_header.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "workload/message.hpp"
#include <hdp/base/error.hpp>

namespace hdp::detail {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 3> kTensorKeys{"dtype", "shape", "data_offsets"};
constexpr std::string_view kWholeNumbers = "whole numbers from 0 to 2^63-1";
constexpr std::size_t kMaxDimensions = 8;
constexpr std::size_t kFilePrefix = 8;

/// Follows the parser through the one structure that the format allows, and stops at the first
/// step off it. So nesting is bounded, and a repeated key is seen before it hides the first.
class HeaderReader final : public nlohmann::json_sax<Json> {
 public:
  explicit HeaderReader(Header& header) : header_(header) {}

  bool null() override { unexpected("null"); }
  bool boolean(bool value) override { unexpected(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { not_whole(fmt::format("{}", value)); }
  bool number_float(number_float_t, const string_t& text) override { not_whole(text); }
  bool binary(binary_t&) override { unexpected("binary data"); }

  bool number_unsigned(number_unsigned_t value) override {
    if (!std::in_range<std::int64_t>(value)) not_whole(fmt::format("{}", value));
    if (at_ == At::Shape) {
      if (tensor().shape.size() == kMaxDimensions) fail("more than 8 dimensions", "1 to 8");
      tensor().shape.push_back(static_cast<std::int64_t>(value));
    } else if (at_ == At::Offsets) {
      if (tensor().offsets.size() == 2) fail("data_offsets has more than 2 numbers", "2 numbers");
      tensor().offsets.push_back(static_cast<std::int64_t>(value));
    } else {
      unexpected(fmt::format("{}", value));
    }
    return true;
  }

  bool string(string_t& value) override {
    if (at_ == At::Metadata) {
      header_.metadata.insert_or_assign(key_, value);
    } else if (at_ == At::Tensor && key_ == "dtype") {
      tensor().type = type_named(value);
    } else {
      unexpected(fmt::format("the string '{}'", clipped(value)));
    }
    return true;
  }

  bool start_object(std::size_t) override {
    if (at_ == At::Start) {
      at_ = At::Root;
    } else if (at_ == At::Root && key_ == kMetadataKey) {
      at_ = At::Metadata;
    } else if (at_ == At::Root) {
      at_ = At::Tensor;
      header_.tensors.push_back({.name = key_, .shape = {}, .offsets = {}});
      seen_ = {};
    } else {
      unexpected("an object");
    }
    return true;
  }

  bool end_object() override {
    if (at_ == At::Tensor) {
      for (std::size_t i = 0; i < kTensorKeys.size(); ++i) {
        if (!seen_[i]) fail(fmt::format("has no {}", kTensorKeys[i]), "");
      }
      if (tensor().offsets.size() != 2) fail("data_offsets has too few numbers", "2 numbers");
    }
    at_ = At::Root;
    return true;
  }

  bool start_array(std::size_t) override {
    if (at_ == At::Tensor && key_ == "shape") {
      at_ = At::Shape;
    } else if (at_ == At::Tensor && key_ == "data_offsets") {
      at_ = At::Offsets;
    } else {
      unexpected("an array");
    }
    return true;
  }

  bool end_array() override {
    at_ = At::Tensor;
    return true;
  }

  bool key(string_t& name) override {
    if (at_ == At::Tensor) return tensor_key(name);
    const bool fresh =
        at_ == At::Metadata ? !header_.metadata.contains(name) : names_.insert(name).second;
    if (!fresh) fail(fmt::format("the key '{}' comes twice", clipped(name)), "");
    key_ = name;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
    throw UserError({.problem = fmt::format("the header is not valid JSON at byte {} of the file",
                                            kFilePrefix + position - 1)});
  }

 private:
  enum class At : std::uint8_t { Start, Root, Metadata, Tensor, Shape, Offsets };

  HeaderEntry& tensor() { return header_.tensors.back(); }

  bool tensor_key(const std::string& name) {
    for (std::size_t i = 0; i < kTensorKeys.size(); ++i) {
      if (kTensorKeys[i] != name) continue;
      if (seen_[i]) fail(fmt::format("the key '{}' comes twice", name), "");
      seen_[i] = true;
      key_ = name;
      return true;
    }
    fail(fmt::format("unknown key '{}'", clipped(name)), "dtype, shape, data_offsets",
         nearest_name(name, kTensorKeys));
  }

  ElementType type_named(std::string_view name) {
    const std::optional<ElementType> type = element_type_of(name);
    const auto& names = EnumNames<ElementType>::kNames;
    if (!type) {
      fail(fmt::format("unknown dtype '{}'", clipped(name)), listed(names),
           nearest_name(name, names));
    }
    return *type;
  }

  [[noreturn]] void fail(std::string problem, std::string allowed, std::string nearest = {}) {
    const bool inside = at_ == At::Tensor || at_ == At::Shape || at_ == At::Offsets;
    throw UserError({.path = inside                ? tensor_label(tensor().name)
                             : at_ == At::Metadata ? std::string(kMetadataKey)
                                                   : "header",
                     .problem = std::move(problem),
                     .allowed = std::move(allowed),
                     .nearest = std::move(nearest)});
  }

  [[noreturn]] void not_whole(const std::string& value) {
    if (at_ != At::Shape && at_ != At::Offsets) unexpected(clipped(value));
    fail(fmt::format("{} has {}", key_, clipped(value)), std::string(kWholeNumbers));
  }

  [[noreturn]] void unexpected(std::string_view what) {
    switch (at_) {
      case At::Start:
        fail(fmt::format("is {}", what), "an object");
      case At::Root:
        fail(fmt::format("'{}' is {}", clipped(key_), what),
             key_ == kMetadataKey ? "an object of strings"
                                  : "an object with dtype, shape, data_offsets");
      case At::Metadata:
        fail(fmt::format("'{}' is {}", clipped(key_), what), "a string");
      case At::Tensor:
        fail(fmt::format("{} is {}", key_, what),
             key_ == "dtype" ? "a string" : "an array of whole numbers");
      case At::Shape:
      case At::Offsets:
        break;
    }
    fail(fmt::format("{} has {}", key_, what), std::string(kWholeNumbers));
  }

  Header& header_;
  At at_ = At::Start;
  std::string key_;
  std::array<bool, kTensorKeys.size()> seen_{};
  std::set<std::string, std::less<>> names_;
};

}  // namespace

Header read_header(std::string_view json) {
  if (!json.starts_with('{')) {
    throw UserError({.problem = "the header does not begin with '{' at byte 8 of the file"});
  }
  // The parser takes a zero byte for the end of the text.
  if (const std::size_t zero = json.find('\0'); zero != std::string_view::npos)
    throw UserError({.problem = fmt::format("the header holds a zero byte at byte {} of the file",
                                            kFilePrefix + zero)});
  Header header;
  HeaderReader reader(header);
  Json::sax_parse(json, &reader);
  return header;
}

}  // namespace hdp::detail
