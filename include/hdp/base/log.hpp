// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hdp {

enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error };

/// Where messages go. It is the program's: the library itself writes nowhere.
class LogSink {
 public:
  virtual ~LogSink() = default;
  [[nodiscard]] virtual bool enabled(LogLevel level) const = 0;
  /// From any thread, for enabled levels only. `message` is one line without its end: control
  /// characters are escaped.
  virtual void log(LogLevel level, std::string_view message) = 0;
};

/// A sink, which must outlive its copies, or none. A message is a function that makes the text: it
/// is called only where the sink takes the level. No result depends on a log.
class Log {
 public:
  Log() = default;
  explicit Log(LogSink* sink) : sink_(sink) {}

  [[nodiscard]] bool enabled(LogLevel level) const {
    return sink_ != nullptr && sink_->enabled(level);
  }
  template <class Message>
  void debug(const Message& message) const {
    write(LogLevel::Debug, message);
  }
  template <class Message>
  void info(const Message& message) const {
    write(LogLevel::Info, message);
  }
  template <class Message>
  void warning(const Message& message) const {
    write(LogLevel::Warning, message);
  }
  template <class Message>
  void error(const Message& message) const {
    write(LogLevel::Error, message);
  }

 private:
  template <class Message>
  void write(LogLevel level, const Message& message) const {
    if (enabled(level)) [[unlikely]]
      hand_over(level, message());
  }
  void hand_over(LogLevel level, std::string_view text) const;

  LogSink* sink_ = nullptr;
};

}  // namespace hdp
