// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <support/timeline_recorder.hpp>

#include <hdp/kernel/engine.hpp>
#include <hdp/units/fetch_unit.hpp>

namespace hdp::test {
namespace {

/// A fetch unit alone. Requests and responses are handled by hand between runs.
struct FetchBench {
  explicit FetchBench(const FetchConfig& config, std::size_t request_slots = 1'024,
                      std::size_t done_slots = 64)
      : done(done_slots), port(request_slots, 1'024), unit("fetch", config, commands, done, port) {
    engine.add(unit);
  }
  void run_to(Cycle now) { engine.run_for(now - engine.now()); }
  [[nodiscard]] Cycles memory_wait() const { return unit.time().blocked(FetchWait::Memory); }
  [[nodiscard]] Cycles output_wait() const { return unit.time().blocked(FetchWait::Output); }
  /// All requests so far, with the cycle in which each is visible.
  std::vector<std::pair<Cycle, TransferRequest>> take_requests() {
    std::vector<std::pair<Cycle, TransferRequest>> all;
    while (!port.requests.empty()) {
      const Cycle at = port.requests.next_pop();
      all.emplace_back(at, port.requests.pop(engine.now()));
    }
    return all;
  }

  Channel<FetchCommand> commands{64};
  Channel<FetchDone> done;
  TransferPort port;
  FetchUnit unit;
  Engine engine;
};

FetchConfig config_of(std::int64_t request_bytes, std::int64_t in_flight = 64) {
  FetchConfig config;
  config.request_bytes = request_bytes;
  config.requests_in_flight = in_flight;
  return config;
}

FetchCommand command(const std::vector<FetchRange>& ranges, Tensor tensor = Tensor::K,
                     std::uint32_t context = 0) {
  return {.ranges = ranges.data(),
          .count = static_cast<std::uint32_t>(ranges.size()),
          .context = context,
          .tensor = tensor};
}

TEST(FetchUnitTest, ARangeBecomesRequestsOneACycleTheLastOneShorter) {
  FetchBench bench(config_of(256));
  const std::vector<FetchRange> ranges{{1'000, 600}, {5'000, 256}, {9'000, 1}};
  bench.commands.push(Cycle{9}, command(ranges));
  bench.run_to(Cycle{40});
  const auto requests = bench.take_requests();
  ASSERT_EQ(requests.size(), 5U);
  const std::array<std::pair<std::uint64_t, std::uint32_t>, 5> want{
      {{1'000, 256}, {1'256, 256}, {1'512, 88}, {5'000, 256}, {9'000, 1}}};
  for (std::size_t i = 0; i < want.size(); ++i) {
    // The command is seen at 10, in the cycle of the first request.
    EXPECT_EQ(requests[i].first, Cycle{11 + static_cast<std::int64_t>(i)});
    EXPECT_EQ(requests[i].second.address, want[i].first);
    EXPECT_EQ(requests[i].second.bytes, want[i].second);
    EXPECT_FALSE(requests[i].second.write);
  }
  EXPECT_EQ(bench.unit.requests(), 5);
  EXPECT_TRUE(bench.done.empty());
}

TEST(FetchUnitTest, ACommandIsDoneInTheCycleOfItsLastResponse) {
  FetchBench bench(config_of(64));
  const std::vector<FetchRange> ranges{{0, 128}};
  FetchCommand fetch = command(ranges, Tensor::V, 7);
  fetch.stream = 3;
  bench.commands.push(Cycle{0}, fetch);
  bench.run_to(Cycle{30});
  const auto requests = bench.take_requests();
  ASSERT_EQ(requests.size(), 2U);
  bench.port.responses.push(Cycle{30}, {requests[1].second.tag});
  bench.run_to(Cycle{50});
  EXPECT_TRUE(bench.done.empty()) << "a byte is missing";
  EXPECT_EQ(bench.unit.read_bytes(), TensorBytes{});
  bench.port.responses.push(Cycle{50}, {requests[0].second.tag});
  bench.run_to(Cycle{60});
  bench.engine.close_all();
  EXPECT_EQ(bench.done.next_pop(), Cycle{51 + 1});
  const FetchDone done = bench.done.pop(Cycle{52});
  EXPECT_EQ(done.context, 7U);
  EXPECT_EQ(done.stream, 3);
  TensorBytes want{};
  want[static_cast<std::size_t>(Tensor::V)] = 128;
  EXPECT_EQ(bench.unit.read_bytes(), want);
  EXPECT_EQ(bench.unit.time().busy(), Cycles{2});
  EXPECT_EQ(bench.memory_wait(), Cycles{51 - 3});
  EXPECT_EQ(bench.output_wait(), Cycles{0});
  EXPECT_EQ(bench.unit.time().idle(), Cycles{1 + 9});
}

TEST(FetchUnitTest, WritesAreAskedForAndCountedAsWrites) {
  FetchBench bench(config_of(64));
  const std::vector<FetchRange> ranges{{4'096, 64}};
  FetchCommand write = command(ranges, Tensor::Out);
  write.write = true;
  bench.commands.push(Cycle{0}, write);
  bench.run_to(Cycle{10});
  const auto requests = bench.take_requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_TRUE(requests[0].second.write);
  bench.port.responses.push(Cycle{10}, {requests[0].second.tag});
  bench.run_to(Cycle{20});
  EXPECT_EQ(bench.unit.read_bytes(), TensorBytes{});
  EXPECT_EQ(bench.unit.written_bytes()[static_cast<std::size_t>(Tensor::Out)], 64);
}

TEST(FetchUnitTest, CommandsFollowEachOtherWithoutABubbleAndAreReportedInOrder) {
  FetchBench bench(config_of(64));
  const std::vector<FetchRange> two{{0, 128}};
  const std::vector<FetchRange> one{{512, 10}};
  bench.commands.push(Cycle{0}, command(two, Tensor::K, 1));
  bench.commands.push(Cycle{0}, command(one, Tensor::V, 2));
  bench.commands.push(Cycle{0}, command(two, Tensor::Q, 3));
  bench.run_to(Cycle{10});
  const auto requests = bench.take_requests();
  ASSERT_EQ(requests.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(requests[i].first, Cycle{2 + static_cast<std::int64_t>(i)});
  }
  // The second command is complete first, and waits for the first.
  bench.port.responses.push(Cycle{10}, {requests[2].second.tag});
  bench.port.responses.push(Cycle{20}, {requests[0].second.tag});
  bench.port.responses.push(Cycle{30}, {requests[1].second.tag});
  bench.port.responses.push(Cycle{40}, {requests[3].second.tag});
  bench.port.responses.push(Cycle{40}, {requests[4].second.tag});
  bench.run_to(Cycle{60});
  for (const auto& [context, at] : {std::pair{1U, 32}, {2U, 32}, {3U, 42}}) {
    EXPECT_EQ(bench.done.next_pop(), Cycle{at});
    EXPECT_EQ(bench.done.pop(Cycle{60}).context, context);
  }
}

TEST(FetchUnitTest, NoMoreRequestsThanSetAreUnderWay) {
  FetchBench bench(config_of(64, 3));
  const std::vector<FetchRange> ranges{{0, 640}};
  bench.commands.push(Cycle{0}, command(ranges));
  bench.run_to(Cycle{20});
  EXPECT_EQ(bench.take_requests().size(), 3U);
  bench.port.responses.push(Cycle{20}, {0});
  bench.run_to(Cycle{30});
  const auto next = bench.take_requests();
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next[0].first, Cycle{21 + 1}) << "asked for in the cycle of the response";
  bench.engine.close_all();
  EXPECT_EQ(bench.unit.time().busy(), Cycles{4});
  EXPECT_EQ(bench.memory_wait(), Cycles{(21 - 4) + (30 - 22)});
}

TEST(FetchUnitTest, AFullRequestChannelBlocksItOnMemory) {
  FetchBench bench(config_of(64), 2);
  const std::vector<FetchRange> ranges{{0, 640}};
  bench.commands.push(Cycle{0}, command(ranges));
  bench.run_to(Cycle{20});
  bench.port.requests.pop(Cycle{19});
  bench.run_to(Cycle{25});
  bench.engine.close_all();
  EXPECT_EQ(bench.unit.requests(), 3);
  EXPECT_EQ(bench.unit.time().busy(), Cycles{3});
  EXPECT_EQ(bench.memory_wait(), Cycles{(20 - 3) + (25 - 21)});
}

TEST(FetchUnitTest, CompletionsThatNobodyTakesBlockItOnItsOutput) {
  FetchBench bench(config_of(64), 64, 1);
  const std::vector<FetchRange> ranges{{0, 64}};
  for (int i = 0; i < 2; ++i) bench.commands.push(Cycle{0}, command(ranges));
  bench.run_to(Cycle{10});
  for (std::uint32_t i = 0; i < 2; ++i) bench.port.responses.push(Cycle{10}, {i});
  bench.run_to(Cycle{40});
  EXPECT_EQ(bench.done.size(), 1U);
  bench.done.pop(Cycle{39});
  bench.run_to(Cycle{50});
  bench.engine.close_all();
  EXPECT_EQ(bench.done.next_pop(), Cycle{40 + 1});
  EXPECT_EQ(bench.unit.time().busy(), Cycles{2});
  EXPECT_EQ(bench.memory_wait(), Cycles{11 - 3});
  EXPECT_EQ(bench.output_wait(), Cycles{40 - 11});
  EXPECT_EQ(bench.unit.time().idle(), Cycles{1 + 10});
}

TEST(FetchUnitTest, AnEmptyCommandIsDoneInTheNextCycleWithoutARequest) {
  const std::vector<FetchRange> none;
  const std::vector<FetchRange> empty{{0, 0}, {64, 0}};
  for (const auto& ranges : {none, empty}) {
    FetchBench bench(config_of(64));
    bench.commands.push(Cycle{4}, command(ranges, Tensor::KFrac, 9));
    bench.run_to(Cycle{20});
    bench.engine.close_all();
    ASSERT_EQ(bench.done.next_pop(), Cycle{5 + 1 + 1});
    EXPECT_EQ(bench.done.pop(Cycle{20}).context, 9U);
    EXPECT_EQ(bench.unit.requests(), 0);
    EXPECT_EQ(bench.unit.time().busy(), Cycles{1});
    EXPECT_EQ(bench.unit.time().idle(), Cycles{19});
  }
}

TEST(FetchUnitTest, EmptyRangesAmongOthersAreNotAskedFor) {
  FetchBench bench(config_of(64));
  const std::vector<FetchRange> ranges{{0, 0}, {64, 64}, {128, 0}, {256, 64}, {512, 0}};
  bench.commands.push(Cycle{0}, command(ranges));
  bench.run_to(Cycle{10});
  const auto requests = bench.take_requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].second.address, 64U);
  EXPECT_EQ(requests[1].second.address, 256U);
  EXPECT_EQ(requests[1].first, Cycle{3});
  for (std::uint32_t i = 0; i < 2; ++i) bench.port.responses.push(Cycle{10}, {0});
  bench.run_to(Cycle{20});
  EXPECT_EQ(bench.done.next_pop(), Cycle{12});
}

TEST(FetchUnitTest, AnEmptyCommandBehindABlockedOneWaitsItsTurn) {
  FetchBench bench(config_of(64));
  const std::vector<FetchRange> ranges{{0, 64}};
  bench.commands.push(Cycle{0}, command(ranges, Tensor::K, 1));
  bench.commands.push(Cycle{0}, command({}, Tensor::K, 2));
  bench.run_to(Cycle{10});
  bench.port.responses.push(Cycle{10}, {0});
  bench.run_to(Cycle{20});
  for (const std::uint32_t context : {1U, 2U}) {
    EXPECT_EQ(bench.done.next_pop(), Cycle{12});
    EXPECT_EQ(bench.done.pop(Cycle{20}).context, context);
  }
}

TEST(FetchUnitTest, SixteenCommandsMayBeUnderWay) {
  FetchBench bench(config_of(64));
  const std::vector<FetchRange> ranges{{0, 64}};
  for (int i = 0; i < 20; ++i) bench.commands.push(Cycle{0}, command(ranges));
  bench.run_to(Cycle{50});
  EXPECT_EQ(bench.take_requests().size(), 16U);
  EXPECT_EQ(bench.commands.size(), 4U);
  bench.port.responses.push(Cycle{50}, {0});
  bench.run_to(Cycle{60});
  const auto next = bench.take_requests();
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next[0].first, Cycle{52});
}

TEST(FetchUnitTest, DrawsACommandFromItsStartToItsEnd) {
  FetchBench bench(config_of(64));
  TimelineRecorder recorder;
  bench.unit.set_timeline(&recorder);
  const std::vector<FetchRange> ranges{{0, 64}};
  bench.commands.push(Cycle{0}, command(ranges, Tensor::KFrac));
  bench.run_to(Cycle{30});
  bench.port.responses.push(Cycle{30}, {0});
  bench.run_to(Cycle{40});
  EXPECT_EQ(recorder.lines, (std::vector<std::string>{"fetch k_frac 1-31"}));
}

TEST(FetchUnitTest, ADeadlockSaysWhatItWaitsFor) {
  const std::vector<FetchRange> ranges{{0, 64}};
  const auto wait_of = [](FetchBench& bench) -> std::string {
    try {
      bench.engine.run_until_idle(Cycle{1'000}, [] { return false; });
    } catch (const Deadlock& deadlock) {
      return std::string(deadlock.what()).substr(std::string(deadlock.what()).find('\n') + 1);
    }
    return "nothing thrown";
  };
  FetchBench unanswered(config_of(64));
  unanswered.commands.push(Cycle{0}, command(ranges));
  EXPECT_EQ(wait_of(unanswered), "  fetch: transfers not completed");
  FetchBench untaken(config_of(64), 64, 1);
  for (int i = 0; i < 2; ++i) untaken.commands.push(Cycle{0}, command({}));
  EXPECT_EQ(wait_of(untaken), "  fetch: completions not taken");
}

}  // namespace
}  // namespace hdp::test
