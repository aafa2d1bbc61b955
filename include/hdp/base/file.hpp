// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hdp {

/// No input is larger; text is held several times while it is understood.
inline constexpr std::size_t kLargestInput = std::size_t{16} << 30U;
inline constexpr std::size_t kLargestText = std::size_t{256} << 20U;

/// The bytes of a file, read once into memory of our own: whoever writes to the file later changes
/// none of them, so a digest of them is of what is decoded. Holes of sparse files cost no memory.
/// Errors are the user's: missing, unreadable, no regular file (none other is opened), larger than
/// `most`, or written to while it was read.
class InputFile {
 public:
  explicit InputFile(const std::filesystem::path& path, std::size_t most = kLargestInput);
  [[nodiscard]] std::span<const std::byte> bytes() const {
    return {memory_.get(), memory_ ? memory_.get_deleter().size : 0};
  }
  [[nodiscard]] std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes().data()), bytes().size()};
  }

 private:
  struct Release {
    std::size_t size;
    void operator()(std::byte* memory) const;
  };
  std::unique_ptr<std::byte[], Release> memory_;
};

/// The whole of a text file of at most kLargestText bytes. Errors are the user's, as above.
std::string read_text(const std::filesystem::path& path);

}  // namespace hdp
