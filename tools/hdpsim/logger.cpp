// SPDX-License-Identifier: Apache-2.0
#include "logger.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <hdp/base/error.hpp>
#include <hdp/base/file_identity.hpp>

namespace hdp {
namespace {

constexpr const char* kPattern = "%Y-%m-%dT%H:%M:%S.%e%z %l: %v";

/// Of LogLevel, in its order; the last switches the log off.
constexpr std::array<std::string_view, 5> kNames{"debug", "info", "warning", "error", "off"};
constexpr std::array<spdlog::level::level_enum, kNames.size()> kLevels{
    spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err,
    spdlog::level::off};

spdlog::level::level_enum level_of(LogLevel level) {
  return kLevels[static_cast<std::size_t>(level)];
}

spdlog::level::level_enum level_of(const LogOptions& options) {
  if (options.level.empty()) return options.file.empty() ? spdlog::level::off : spdlog::level::info;
  const auto* const found = std::ranges::find(kNames, options.level);
  if (found == kNames.end())
    refuse("--log-level", fmt::format("\"{}\"", options.level),
           fmt::format("{}", fmt::join(kNames, ", ")), nearest_name(options.level, kNames));
  return kLevels[static_cast<std::size_t>(found - kNames.begin())];
}

[[noreturn]] void cannot_write(const std::string& file, int error) {
  refuse(file, fmt::format("cannot write: {}", std::generic_category().message(error)));
}

/// Lines are added to a log, and to nothing that somebody keeps for another reason.
void refuse_what_is_no_log(const std::string& file) {
  constexpr std::string_view kStamp = "0000-00-00T00:00:00.";
  std::array<char, kStamp.size()> start{};
  const std::ifstream there(file, std::ios::binary);
  if (!std::filesystem::is_regular_file(file) || !there) return;
  const auto size = static_cast<std::size_t>(
      there.rdbuf()->sgetn(start.data(), static_cast<std::streamsize>(start.size())));
  std::ranges::replace_if(
      start, [](char c) { return c > '0' && c <= '9'; }, '0');
  if (size == 0 || std::string_view(start.data(), size) == kStamp) return;
  refuse(file, "holds something else than a log, to which no line is added",
         "a log of hdpsim, or a name that is free");
}

}  // namespace

/// spdlog's own sinks make folders, and write beside the line of progress.
class Logger::File final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  File(std::string name, Progress& progress) : name_(std::move(name)), progress_(progress) {
    if (!name_.empty()) {
      refuse_what_is_no_log(name_);
      file_ = std::fopen(name_.c_str(), "ae");
      if (file_ == nullptr) cannot_write(name_, errno);
      if (const auto log = identity_of(name_)) note_file_in_use(*log);
    }
    terminal_ = ::isatty(::fileno(file_)) == 1;
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() override {
    if (!name_.empty()) std::fclose(file_);
  }
  void refuse_if_lost() const {
    if (error_ != 0 && !name_.empty()) cannot_write(name_, error_);
  }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    const auto write = [&] {
      const std::size_t written = std::fwrite(line.data(), 1, line.size(), file_);
      if ((written != line.size() || std::fflush(file_) != 0) && error_ == 0) error_ = errno;
    };
    if (terminal_)
      progress_.write_beside(write);
    else
      write();
  }
  void flush_() override {}

  std::string name_;
  Progress& progress_;
  std::FILE* file_ = stderr;
  bool terminal_ = false;
  int error_ = 0;
};

Logger::Logger(Progress& progress) : progress_(progress) {}
Logger::~Logger() = default;

void Logger::start(const LogOptions& options) {
  const spdlog::level::level_enum level = level_of(options);
  if (level == spdlog::level::off) return;
  file_ = std::make_shared<File>(options.file, progress_);
  lines_ = std::make_unique<spdlog::logger>("hdpsim", file_);
  lines_->set_level(level);
  lines_->set_pattern(kPattern);
}

void Logger::finish() const {
  if (file_) file_->refuse_if_lost();
}

bool Logger::enabled(LogLevel level) const { return lines_ && lines_->should_log(level_of(level)); }

void Logger::log(LogLevel level, std::string_view message) {
  lines_->log(level_of(level), spdlog::string_view_t(message.data(), message.size()));
}

}  // namespace hdp
