// SPDX-License-Identifier: Apache-2.0
// A request file, as text or as records: what is read lies within its bounds.
#include <filesystem>
#include <string>

#include <unistd.h>

#include "mutate.hpp"
#include "targets.hpp"
#include <hdp/base/output.hpp>
#include <hdp/memory/request_file.hpp>

namespace hdp::fuzz {
namespace {

constexpr RequestBounds kBounds{.capacity = std::uint64_t{1} << 33U, .limit = 1000};

void expect_within_bounds(const std::vector<DramRequest>& requests) {
  expect(requests.size() <= kBounds.limit, "no more requests than wanted");
  for (const DramRequest& request : requests)
    expect(request.address < kBounds.capacity, "addresses lie below the capacity");
}

/// A file of this process, as the binary form is known by its name.
class RecordFile {
 public:
  explicit RecordFile(std::string_view records)
      : path_(std::filesystem::temp_directory_path() /
              ("hdp_fuzz_" + std::to_string(getpid()) + ".bin")) {
    write_file(path_, std::string(records));
  }
  RecordFile(const RecordFile&) = delete;
  RecordFile& operator=(const RecordFile&) = delete;
  ~RecordFile() { std::filesystem::remove(path_); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

bool play(std::string_view input) {
  if (input.find('\0') == std::string_view::npos)
    return accepts([&] { expect_within_bounds(parse_requests(input, "input", kBounds)); });
  const RecordFile file(input);
  return accepts([&] { expect_within_bounds(read_requests(file.path(), kBounds)); });
}

}  // namespace

const Target kRequests{"requests", play, nullptr, 2000};

}  // namespace hdp::fuzz
