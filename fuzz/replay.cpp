// SPDX-License-Identifier: Apache-2.0
// Plays the seeds of fuzz/corpus, and inputs that are made from them, without libFuzzer: any
// compiler will do. The n-th input of a target is always the same.
//   fuzz_replay [TARGET...] [--minutes N | --count N] [--first N] [--corpus FOLDER]
#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include "mutate.hpp"
#include "target.hpp"
#include <hdp/base/file.hpp>

namespace hdp::fuzz {
namespace {

namespace fs = std::filesystem;

std::string current;  ///< The input that is played, for whoever does not come back.

void die(int signal) {
  [[maybe_unused]] const auto written = write(STDERR_FILENO, current.data(), current.size());
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

struct Tally {
  std::uint64_t inputs = 0, good = 0;
  int findings = 0;
};

void play(const Target& target, const std::string& input, const std::string& title, Tally& tally) {
  current = "fuzz_replay: ended in " + title + "\n";
  constexpr unsigned kPatience = 60;
  alarm(kPatience);
  try {
    ++tally.inputs;
    if (target.play(input)) ++tally.good;
  } catch (const std::exception& finding) {
    std::fprintf(stderr, "%s: %s\n%s\n", title.c_str(), finding.what(), input.c_str());
    ++tally.findings;
  }
}

struct Seed {
  fs::path path;
  std::string text;
};

std::vector<Seed> seeds_of(const Target& target, const fs::path& corpus) {
  std::vector<Seed> seeds;
  for (const auto& entry : fs::directory_iterator(corpus / target.name))
    seeds.push_back({entry.path(), read_text(entry.path())});
  std::ranges::sort(seeds, {}, &Seed::path);
  return seeds;
}

/// From a seed, by a few steps, or now and then by many.
std::string input_of(const Target& target, const std::vector<Seed>& seeds, std::uint64_t n) {
  RandomStream random(n, target.name);
  std::string input = any_of(random, seeds).text;
  for (std::int64_t i = between(random, 1, one_in(random, 8) ? 30 : 6); i > 0; --i)
    input = target.mutate == nullptr || one_in(random, 12)
                ? with_other_bytes(std::move(input), random)
                : target.mutate(input, random);
  return input;
}

struct Options {
  std::vector<const Target*> targets;
  fs::path corpus = HDP_FUZZ_CORPUS;
  std::uint64_t first = 0, minutes = 0, count = 0;
};

Tally replay(const Target& target, const Options& options) {
  const std::vector<Seed> seeds = seeds_of(target, options.corpus);
  expect(!seeds.empty(), "a target has seeds");
  Tally tally;
  for (const Seed& seed : seeds) play(target, seed.text, seed.path.string(), tally);
  const std::uint64_t count = options.count > 0
                                  ? options.count
                                  : options.minutes * static_cast<std::uint64_t>(target.inputs);
  for (std::uint64_t n = options.first; n < options.first + count; ++n) {
    const std::string title = std::string(target.name) + ", input " + std::to_string(n);
    play(target, input_of(target, seeds, n), title, tally);
  }
  std::printf("%s: %llu inputs, %llu of them good, %d findings\n", std::string(target.name).c_str(),
              static_cast<unsigned long long>(tally.inputs),
              static_cast<unsigned long long>(tally.good), tally.findings);
  return tally;
}

[[noreturn]] void misused(const char* word) {
  std::fprintf(stderr,
               "fuzz_replay: '%s'; usage: fuzz_replay [TARGET...] [--minutes N | --count N] "
               "[--first N]\n",
               word);
  std::exit(2);
}

Options read(int count, char** words) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    std::uint64_t* const number = word == "--minutes" ? &options.minutes
                                  : word == "--count" ? &options.count
                                  : word == "--first" ? &options.first
                                                      : nullptr;
    if (number != nullptr && i + 1 < count) {
      const std::string_view value = words[++i];
      if (std::from_chars(value.data(), value.data() + value.size(), *number).ec != std::errc())
        misused(words[i]);
    } else if (word == "--corpus" && i + 1 < count) {
      options.corpus = words[++i];
    } else if (const Target* const target = find_target(word)) {
      options.targets.push_back(target);
    } else {
      misused(words[i]);
    }
  }
  if (options.targets.empty()) options.targets.assign(targets().begin(), targets().end());
  return options;
}

}  // namespace
}  // namespace hdp::fuzz

int main(int count, char** words) {
  using namespace hdp::fuzz;
  for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGALRM}) std::signal(signal, die);
  const Options options = read(count, words);
  int findings = 0;
  for (const Target* const target : options.targets) findings += replay(*target, options).findings;
  return findings == 0 ? 0 : 1;
}
