// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hdp/machine/kind.hpp>
#include <hdp/machine/read_machine.hpp>

namespace hdp {

namespace detail {

/// Out here the name is not that of the member.
template <class Config>
std::unique_ptr<Machine> scaled_machine(const Config& config, Resource resource, double amount) {
  return make_machine(scaled(config, resource, amount));
}

}  // namespace detail

/// A machine that is a struct of settings with a name; make_machine(Config) and
/// scaled(Config, Resource, amount) must be declared.
template <Settings Config>
class ConfiguredMachine : public Machine {
 public:
  explicit ConfiguredMachine(Config config) : config_(std::move(config)) {}
  [[nodiscard]] std::string name() const final { return config_.name; }
  [[nodiscard]] std::string text() const final { return machine_text(config_); }

  [[nodiscard]] std::unique_ptr<Machine> scaled(Resource resource, double amount) const final {
    return detail::scaled_machine(config_, resource, amount);
  }

 protected:
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  Config config_;
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
    return std::make_unique<OfKind>(read_machine<Config>(catalog, file, changes));
  }
};

}  // namespace hdp
