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

void append(std::uint64_t value, std::size_t bytes, std::string& records) {
  for (; bytes > 0; --bytes, value >>= 8U) records += static_cast<char>(value & 0xffU);
}

/// Another request behind the others, in the form that they have.
std::string mutate(std::string_view input, RandomStream& random) {
  std::string requests(input);
  if (one_in(random, 3)) return with_other_bytes(std::move(requests), random);
  const std::uint64_t address = random.next() >> between(random, 28, 62);
  const bool write = one_in(random, 2);
  if (input.find('\0') != std::string_view::npos) {
    append(address, 8, requests);
    append(random.below(1000), 4, requests);
    append(write ? 1 : 0, 4, requests);
    return requests;
  }
  requests += write ? "\nW " : "\nR ";
  requests += std::to_string(address);
  if (one_in(random, 2)) requests += ' ' + std::to_string(random.below(1000));
  return requests + '\n';
}

}  // namespace

const Target kRequests{"requests", play, mutate, 50'000};

}  // namespace hdp::fuzz
