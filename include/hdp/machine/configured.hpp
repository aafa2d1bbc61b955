// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hdp/machine/kind.hpp>
#include <hdp/machine/knob.hpp>
#include <hdp/machine/read_machine.hpp>

namespace hdp {

namespace detail {

/// Out here the names are not those of members.
template <class Config>
std::unique_ptr<Machine> scaled_machine(const Config& config, Resource resource, double amount) {
  return make_machine(scaled(config, resource, amount));
}
template <class Config>
IgnoredSettings ignored_by(const Config& config, const Workload& workload) {
  if constexpr (requires { ignored_settings(config, workload); })
    return ignored_settings(config, workload);
  else
    return {};
}

template <class Config>
std::unique_ptr<Machine> relieved_machine(const Config& config, Relief relief) {
  const auto settings = relieved(config, relief);
  return settings ? make_machine(*settings) : nullptr;
}
template <class Config>
concept Relievable = requires(const Config& config) { relieved(config, Relief::Multipliers); };

template <class Config>
Knobs knobs_of_machine(const Config& config) {
  if constexpr (requires { knobs_of(config); })
    return knobs_of(config);
  else
    return {};
}

}  // namespace detail

/// A machine that is a struct of settings with a name; make_machine(Config) and
/// scaled(Config, Resource, amount) must be declared, ignored_settings(Config, Workload),
/// relieved(Config, Relief), an optional Config, and knobs_of(Config) may be.
template <Settings Config>
class ConfiguredMachine : public Machine {
 public:
  explicit ConfiguredMachine(Config config, std::vector<std::string> changes = {})
      : config_(std::move(config)), changes_(std::move(changes)) {}
  [[nodiscard]] std::string name() const final { return config_.name; }
  [[nodiscard]] std::string text() const final { return machine_text(config_); }

  [[nodiscard]] const std::vector<std::string>& changes() const final { return changes_; }
  [[nodiscard]] IgnoredSettings ignored(const Workload& workload) const final {
    return detail::ignored_by(config_, workload);
  }

  [[nodiscard]] Knobs knobs() const final { return detail::knobs_of_machine(config_); }

  [[nodiscard]] std::unique_ptr<Machine> relieved(Relief relief) const override {
    if constexpr (detail::Relievable<Config>)
      return detail::relieved_machine(config_, relief);
    else
      return Machine::relieved(relief);
  }

  [[nodiscard]] std::unique_ptr<Machine> scaled(Resource resource, double amount) const final {
    auto machine = detail::scaled_machine(config_, resource, amount);
    static_cast<ConfiguredMachine&>(*machine).changes_ = changes_;
    return machine;
  }

 protected:
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  Config config_;
  std::vector<std::string> changes_;
};

/// A kind whose machines are read from such a struct; validate(Config) must be declared.
template <Settings Config, class OfKind>
class ConfiguredKind : public MachineKind {
 public:
  [[nodiscard]] std::string schema() const final {
    return machine_schema<Config>("hdpsim machine of kind " + std::string(name()));
  }
  [[nodiscard]] bool has_setting(std::string_view path) const final {
    return hdp::has_setting<Config>(path);
  }
  [[nodiscard]] std::unique_ptr<Machine> read(const Catalog& catalog, const MachineFile& file,
                                              const std::vector<std::string>& changes) const final {
    auto config = read_machine<Config>(catalog, file, changes);
    if (changes.empty()) return std::make_unique<OfKind>(std::move(config));
    return std::make_unique<OfKind>(std::move(config),
                                    changes_of(read_machine<Config>(catalog, file, {}), changes));
  }
};

}  // namespace hdp
