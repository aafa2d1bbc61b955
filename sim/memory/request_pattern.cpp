// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <numeric>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/error.hpp>
#include <hdp/memory/request_pattern.hpp>

namespace hdp {
namespace {

__extension__ using Uint128 = unsigned __int128;

constexpr std::uint64_t kMiB = 1ULL << 20, kGiB = 1ULL << 30;

/// splitmix64: the streams are published with the numbers it draws.
class SplitMix {
 public:
  explicit SplitMix(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<Uint128>(next()) * bound) >> 64);
  }

 private:
  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
    return mixed ^ (mixed >> 31);
  }
  std::uint64_t state_;
};

/// A stream under construction.
struct Stream {
  std::uint64_t access, row_stride;
  std::size_t limit;
  std::vector<DramRequest> requests{};

  [[nodiscard]] bool full() const { return requests.size() >= limit; }
  void add(std::uint64_t address, bool write = false, std::uint64_t not_before = 0) {
    if (!full()) requests.push_back({address, static_cast<std::uint32_t>(not_before), write});
  }
  void add_block(std::uint64_t begin, std::uint64_t bytes, std::uint64_t not_before = 0) {
    for (std::uint64_t at = 0; at < bytes && !full(); at += access)
      add(begin + at, false, not_before);
  }
};

void seq(Stream& out) { out.add_block(0, 64 * kMiB); }

void rand(Stream& out) {
  SplitMix random(1);
  for (int i = 0; i < 1'000'000 && !out.full(); ++i)
    out.add(random.below(kGiB / out.access) * out.access);
}

/// `slots` neighbouring accesses, then the next of 8192 rows.
void conflicts(Stream& out, std::uint64_t slots) {
  for (std::uint64_t i = 0; i < 100'000 && !out.full(); ++i)
    out.add(i / slots % 8192 * out.row_stride + i % slots * out.access);
}
void conflict(Stream& out) { conflicts(out, 1); }
void conflict_allch(Stream& out) { conflicts(out, 16); }

void stride8k(Stream& out) {
  for (std::uint64_t i = 0; i < 200'000 && !out.full(); ++i) out.add(i * 8192 % (4 * kGiB));
}

void mixseq(Stream& out) {
  for (std::uint64_t i = 0; i * out.access < 48 * kMiB && !out.full(); ++i)
    out.add(i * out.access, i % 3 == 2);
}

void mix3(Stream& out) {
  for (std::uint64_t at = 0; at < 16 * kMiB && !out.full(); at += out.access) {
    out.add(at);
    out.add(256 * kMiB + at);
    out.add(512 * kMiB + at, true);
  }
}

/// Keys, then values, of 307 of 1024 tokens (30 %), for 12 layers of 12 heads.
void attention(Stream& out, std::uint64_t row_bytes, bool ascending) {
  constexpr std::uint64_t kLayers = 12, kHeads = 12, kTokens = 1024, kKept = 307;
  SplitMix random(2);
  std::vector<std::uint64_t> tokens(kTokens);
  for (std::uint64_t head = 0; head < kLayers * kHeads && !out.full(); ++head) {
    std::iota(tokens.begin(), tokens.end(), std::uint64_t{0});
    for (std::uint64_t i = 0; i < kKept; ++i)
      std::swap(tokens[i], tokens[i + random.below(kTokens - i)]);
    const auto kept = std::span(tokens).first(kKept);
    if (ascending) std::sort(kept.begin(), kept.end());
    for (std::uint64_t tensor = 0; tensor < 2; ++tensor) {
      const std::uint64_t matrix = (head / kHeads * 2 + tensor) * kHeads + head % kHeads;
      for (const std::uint64_t token : kept)
        out.add_block((matrix * kTokens + token) * row_bytes, row_bytes);
    }
  }
}
void attn64s(Stream& out) { attention(out, 64, true); }
void attn128s(Stream& out) { attention(out, 128, true); }
void attn128r(Stream& out) { attention(out, 128, false); }

void bursts(Stream& out, std::uint64_t every) {
  constexpr std::uint64_t kBytes = 16'384;
  SplitMix random(3);
  for (std::uint64_t i = 0; i < 500; ++i)
    out.add_block(random.below(kGiB / kBytes) * kBytes, kBytes, i * every);
}
void burst2k(Stream& out) { bursts(out, 2'000); }
void burst20k(Stream& out) { bursts(out, 20'000); }

constexpr std::array<std::string_view, 12> kPatternNames{
    "seq",  "rand",    "conflict", "conflict_allch", "stride8k", "mixseq",
    "mix3", "attn64s", "attn128s", "attn128r",       "burst2k",  "burst20k"};
constexpr std::array<void (*)(Stream&), kPatternNames.size()> kPatternMakers{
    seq,  rand,    conflict, conflict_allch, stride8k, mixseq,
    mix3, attn64s, attn128s, attn128r,       burst2k,  burst20k};

}  // namespace

std::span<const std::string_view> request_patterns() { return kPatternNames; }

std::vector<DramRequest> make_pattern(std::string_view name, std::int64_t access_bytes,
                                      std::int64_t row_stride_bytes, std::size_t limit) {
  const auto* const found = std::find(kPatternNames.begin(), kPatternNames.end(), name);
  if (found == kPatternNames.end())
    throw UserError({.path = "--pattern",
                     .problem = fmt::format("\"{}\" is no request pattern", name),
                     .allowed = fmt::format("{}", fmt::join(kPatternNames, ", ")),
                     .nearest = nearest_name(name, kPatternNames)});
  Stream stream{.access = static_cast<std::uint64_t>(access_bytes),
                .row_stride = static_cast<std::uint64_t>(row_stride_bytes),
                .limit = limit};
  kPatternMakers[static_cast<std::size_t>(found - kPatternNames.begin())](stream);
  return std::move(stream.requests);
}

}  // namespace hdp
