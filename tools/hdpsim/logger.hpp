// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "progress.hpp"
#include <hdp/base/log.hpp>

namespace spdlog {
class logger;
}

namespace hdp {

/// --log-level and --log-file as they were given; "": not at all.
struct LogOptions {
  std::string level, file;
};

/// The log of the program: silent until it is started.
class Logger final : public LogSink {
 public:
  /// `progress` steps aside for lines that go to the terminal.
  explicit Logger(Progress& progress);
  ~Logger() override;

  /// UserError for a level that is none and for a file that cannot be written.
  void start(const LogOptions& options);
  /// UserError where lines did not reach the file.
  void finish() const;

  [[nodiscard]] bool enabled(LogLevel level) const override;
  void log(LogLevel level, std::string_view message) override;

 private:
  class File;

  Progress& progress_;
  std::shared_ptr<File> file_;
  std::unique_ptr<spdlog::logger> lines_;
};

}  // namespace hdp
