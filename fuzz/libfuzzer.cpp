// SPDX-License-Identifier: Apache-2.0
// All targets behind libFuzzer: `hdp_fuzz --target=NAME [libFuzzer's options] [CORPUS]`.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "mutate.hpp"
#include "target.hpp"

namespace {

constexpr std::string_view kOption = "--target=";
const hdp::fuzz::Target* target = nullptr;

std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace

extern "C" {

std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

int LLVMFuzzerInitialize(int* count, char*** words) {
  for (int i = 1; i < *count; ++i) {
    const std::string_view word = (*words)[i];
    if (word.starts_with(kOption)) target = hdp::fuzz::find_target(word.substr(kOption.size()));
  }
  if (target != nullptr) return 0;
  std::fprintf(stderr, "hdp_fuzz --target=NAME, one of:\n");
  for (const auto* known : hdp::fuzz::targets())
    std::fprintf(stderr, "%s\n", std::string(known->name).c_str());
  std::exit(2);
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  target->play(text_of(data, size));
  return 0;
}

/// Half of the inputs are legal as a rule, the others whatever coverage and dictionary suggest.
std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most,
                                    unsigned seed) {
  if (target->mutate == nullptr || seed % 2 == 0) return LLVMFuzzerMutate(data, size, most);
  hdp::RandomStream random(seed, "mutate");
  const std::string input = target->mutate(text_of(data, size), random);
  const std::size_t length = std::min(input.size(), most);
  std::memcpy(data, input.data(), length);
  return length;
}
}
