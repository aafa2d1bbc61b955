// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include <hdp/config/field.hpp>
#include <hdp/config/optional_group.hpp>
#include <hdp/config/row_choice.hpp>

namespace hdp {

struct Section;

/// A setting that has another path now, seen from its group.
struct MovedSetting {
  std::string_view name, to;
};

/// An enum behind its words.
struct Choice {
  std::span<const std::string_view> names;
  void* target;
  std::size_t (*get)(const void*);
  void (*set)(void*, std::size_t);
};

/// A list of groups, such as the rows of a table, behind its groups.
struct GroupList {
  void* target;
  std::size_t (*size)(const void*);
  void (*clear)(void*, std::size_t);  ///< Becomes so many groups of defaults.
  Section (*at)(void*, std::size_t);
  void (*blank)(const std::function<void(const Section&)>&);  ///< Shows a group of defaults.
};

/// A group that may be off, behind its settings: those it has, or would have.
struct GroupSwitch {
  void* target;
  bool (*on)(const void*);
  void (*turn)(void*, bool);
  std::unique_ptr<Section> members;
};

/// One field of a live configuration, without its type: what the JSON reader and writer walk.
struct Setting {
  using Target =
      std::variant<bool*, std::int64_t*, double*, std::string*, Choice,
                   std::optional<std::int64_t>*, std::vector<std::int64_t>*, std::vector<double>*,
                   RowChoice*, GroupList, GroupSwitch, std::unique_ptr<Section>>;
  std::string_view name, unit, doc;
  Range range;
  Source source;
  Target target;
};

/// A configuration struct as a list of settings. Refers to the struct: must not outlive it.
struct Section {
  std::vector<Setting> settings;
  std::span<const MovedSetting> moved{};
};

template <Settings Config>
Section bind(Config& config);

namespace detail {

template <class Enum>
Choice bind_choice(Enum& target) {
  return {EnumNames<Enum>::kNames, &target,
          [](const void* p) { return static_cast<std::size_t>(*static_cast<const Enum*>(p)); },
          [](void* p, std::size_t i) { *static_cast<Enum*>(p) = static_cast<Enum>(i); }};
}

template <Settings Group>
GroupList bind_list(std::vector<Group>& target) {
  using List = std::vector<Group>;
  return {&target, [](const void* p) { return static_cast<const List*>(p)->size(); },
          [](void* p, std::size_t size) { static_cast<List*>(p)->assign(size, Group{}); },
          [](void* p, std::size_t i) { return bind((*static_cast<List*>(p))[i]); },
          [](const std::function<void(const Section&)>& show) {
            Group blank{};
            show(bind(blank));
          }};
}

template <Settings Group>
GroupSwitch bind_switch(OptionalGroup<Group>& target) {
  using Target = OptionalGroup<Group>;
  return {&target, [](const void* p) { return static_cast<bool>(*static_cast<const Target*>(p)); },
          [](void* p, bool on) { static_cast<Target*>(p)->turn(on); },
          std::make_unique<Section>(bind(*target))};
}

template <class Value>
constexpr bool kIsOptionalGroup = false;
template <Settings Group>
constexpr bool kIsOptionalGroup<OptionalGroup<Group>> = true;

template <class Value>
constexpr bool kIsGroupList = false;
template <Settings Group>
constexpr bool kIsGroupList<std::vector<Group>> = true;

template <class Value>
Setting::Target bind_target(Value& value) {
  if constexpr (std::is_enum_v<Value>) {
    return bind_choice(value);
  } else if constexpr (Settings<Value>) {
    return std::make_unique<Section>(bind(value));
  } else if constexpr (kIsOptionalGroup<Value>) {
    return bind_switch(value);
  } else if constexpr (kIsGroupList<Value>) {
    return bind_list(value);
  } else {
    return &value;
  }
}

}  // namespace detail

/// The settings of `config`, in the order of its table, and those that it had under another path
/// (`kMoved`).
template <Settings Config>
Section bind(Config& config) {
  Section section;
  if constexpr (requires { Config::kMoved; }) section.moved = Config::kMoved;
  std::apply(
      [&](const auto&... field) {
        (section.settings.push_back({field.name, field.unit, field.doc, field.range, field.source,
                                     detail::bind_target(config.*(field.member))}),
         ...);
      },
      Config::kFields);
  return section;
}

}  // namespace hdp
