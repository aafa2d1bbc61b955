// SPDX-License-Identifier: Apache-2.0
// The front and the back end of LeOPArd's machine: rows worked by hand, the formulas of
// sim/units/bit_serial_array.md and value_unit.md, and every order of ticks.
#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <support/ends.hpp>
#include <support/orders.hpp>

#include <hdp/kernel/engine.hpp>
#include <hdp/units/bit_serial_array.hpp>
#include <hdp/units/value_unit.hpp>

namespace hdp::test {
namespace {

using Keys = std::vector<std::uint8_t>;
constexpr std::uint8_t kYes = KeySteps::kSurvives;

struct Shape {
  std::int64_t units = 2;
  std::size_t fifo = 512, rows = 8;
  Cycles latency{20};
  std::uint16_t step_cycles = 1, value_cycles = 1;
  std::int64_t lanes = 1;
};

/// Rows -> dot-product units -> FIFO -> value unit.
struct BitSerialNet final : Netlist {
  BitSerialNet(const Shape& shape, const std::vector<Keys>& given)
      : work(given),
        rows(shape.rows),
        survivors(shape.fifo),
        done(static_cast<std::size_t>(shape.latency.count) + 1, shape.latency),
        feeder("rows", rows, rows_of(shape, work)),
        array("unit", {.units = shape.units}, {rows, front_wait, survivors, scored}),
        values("value_unit", {.lanes = shape.lanes}, {survivors, scored, back_wait, done}) {}

  static std::vector<Timed<BitSerialRow>> rows_of(const Shape& shape,
                                                  const std::vector<Keys>& work) {
    std::vector<Timed<BitSerialRow>> all;
    for (std::uint32_t r = 0; r < work.size(); ++r)
      all.push_back({Cycle{0},
                     {work[r].data(), static_cast<std::uint32_t>(work[r].size()), r,
                      shape.step_cycles, shape.value_cycles}});
    return all;
  }
  std::vector<Component*> parts() override { return {&feeder, &array, &values, &taker}; }
  void write(Trace& trace) const override {
    std::vector<UnitReport> reports = array.reports();
    reports.push_back(values.report());
    for (const UnitReport& unit : reports) {
      trace.insert(trace.end(), {unit.idle, unit.busy});
      for (const auto& list : {unit.blocked, unit.counters})
        for (const Counter& counter : list) trace.push_back(counter.value);
    }
    for (const auto& [at, row] : taker.seen)
      trace.insert(trace.end(),
                   {at.index, row.scored.row, row.scored.survivors, row.scored.started_at.index,
                    row.scored.ended_at.index, row.started_at.index, row.ended_at.index});
  }
  void play() {
    Engine engine;
    for (Component* part : parts()) engine.add(*part);
    engine.run_until_idle(Cycle{1'000'000});
    engine.close_all();
  }

  std::vector<Keys> work;
  Channel<BitSerialRow> rows;
  Channel<Survivor> survivors;
  Channel<RowScored> scored{64};
  Channel<RowDone> done;
  Wire<DotProductWait> front_wait{DotProductWait::Count};
  Wire<ValueWait> back_wait{ValueWait::Count};
  Feeder<BitSerialRow> feeder;
  BitSerialArray array;
  ValueUnit values;
  Taker<RowDone> taker{"done", done};
};

/// When rows are scored, and when their outputs are seen, the FIFO never full.
struct Expected {
  std::vector<std::int64_t> scored, seen;
};
Expected expected(const Shape& shape, const std::vector<Keys>& rows) {
  Expected times;
  std::int64_t start = 1, value_free = 0;  // the first row is seen at 1
  for (const Keys& keys : rows) {
    std::vector<std::int64_t> ends;
    std::int64_t front = 0;
    for (std::size_t u = 0; u < static_cast<std::size_t>(shape.units); ++u) {
      std::int64_t at = 0;
      for (std::size_t j = u; j < keys.size(); j += static_cast<std::size_t>(shape.units)) {
        at += KeySteps::of(keys[j]) * shape.step_cycles;
        if (KeySteps::survives(keys[j])) ends.push_back(start + at + 1);
      }
      front = std::max(front, at);
    }
    start += front;
    std::ranges::sort(ends);
    std::vector<std::int64_t> lanes(static_cast<std::size_t>(shape.lanes), value_free);
    for (const std::int64_t end : ends) {
      std::int64_t& lane = *std::ranges::min_element(lanes);
      lane = std::max(lane, end) + shape.value_cycles;
      value_free = std::max(value_free, lane);
    }
    times.scored.push_back(start);
    const std::int64_t before = times.seen.empty() ? 0 : times.seen.back();  // one a cycle
    times.seen.push_back(
        std::max(std::max(value_free, start + 1) + shape.latency.count, before + 1));
  }
  return times;
}

void expect_formula(const Shape& shape, const std::vector<Keys>& rows) {
  BitSerialNet net(shape, rows);
  net.play();
  const Expected want = expected(shape, rows);
  ASSERT_EQ(net.taker.seen.size(), rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    EXPECT_EQ(net.taker.seen[r].value.scored.row, r);
    EXPECT_EQ(net.taker.seen[r].value.scored.ended_at.index, want.scored[r]) << "row " << r;
    EXPECT_EQ(net.taker.seen[r].at.index, want.seen[r]) << "row " << r;
  }
}

/// Two units. Keys 0, 2, 4 take 2 + 6 + 1 of the first, keys 1, 3 take 3 + 6 of the second.
TEST(BitSerialTest, ARowByHand) {
  BitSerialNet net({}, {{2, 3, 6 | kYes, 6 | kYes, 1}});
  net.play();
  ASSERT_EQ(net.taker.seen.size(), 1U);
  const auto& [at, row] = net.taker.seen.front();
  EXPECT_EQ(row.scored.started_at, Cycle{1});
  EXPECT_EQ(row.scored.ended_at, Cycle{1 + 9});
  EXPECT_EQ(row.scored.survivors, 2U);
  EXPECT_EQ(row.started_at, Cycle{1 + 8 + 1});  // key 2 ends at 9, key 3 at 10
  EXPECT_EQ(row.ended_at, Cycle{12});
  EXPECT_EQ(at, Cycle{12 + 20});
  const auto units = net.array.reports();
  EXPECT_EQ(units[0].busy, 9);
  EXPECT_EQ(units[1].busy, 9);
  EXPECT_EQ(units[0].counters[0].value, 3);
  EXPECT_EQ(units[1].counters[1].value, 9);
  EXPECT_EQ(units[1].counters[2].value, 1);
  EXPECT_EQ(net.values.report().busy, 2);
}

/// The row waits for its slowest unit; the next starts in that cycle; one without survivors passes.
TEST(BitSerialTest, RowsFollowEachOtherWithoutABubble) {
  BitSerialNet net({}, {{6, 1}, {1, 1}, {2 | kYes, 4 | kYes}});
  net.play();
  std::vector<std::array<std::int64_t, 2>> scored;
  for (const auto& [at, row] : net.taker.seen)
    scored.push_back({row.scored.started_at.index, row.scored.ended_at.index});
  EXPECT_EQ(scored, (std::vector<std::array<std::int64_t, 2>>{{1, 7}, {7, 8}, {8, 12}}));
  EXPECT_EQ(net.taker.cycles(), (std::vector{Cycle{8 + 20}, Cycle{9 + 20}, Cycle{14 + 20}}));
  EXPECT_EQ(net.array.reports()[0].blocked[3].value, 2);  // row
  EXPECT_EQ(net.array.reports()[1].blocked[3].value, 5);
}

/// A FIFO of one entry: a slot that is freed in a cycle is filled in the next, so a survivor goes
/// every two cycles at best, and what is not taken holds its unit.
TEST(BitSerialTest, AFullFifoHoldsTheUnits) {
  BitSerialNet net({.units = 4, .fifo = 1}, {Keys(4, 1 | kYes)});
  net.play();
  EXPECT_EQ(net.taker.seen.front().value.scored.ended_at, Cycle{2 + 6});
  for (std::size_t u = 0; u < 4; ++u) {
    EXPECT_EQ(net.array.reports()[u].busy, 1);
    EXPECT_EQ(net.array.reports()[u].blocked[2].value, static_cast<std::int64_t>(2 * u));
    EXPECT_EQ(net.array.reports()[u].blocked[3].value, static_cast<std::int64_t>(6 - 2 * u));
  }
  EXPECT_EQ(net.taker.seen.front().value.ended_at, Cycle{2 + 6 + 2});
}

TEST(BitSerialTest, FormulasOfThePages) {
  for (const std::int64_t units : {1, 2, 3, 6, 8})
    for (const auto cycles : std::vector<std::uint16_t>{1, 3}) {
      const Shape shape{.units = units, .step_cycles = cycles, .value_cycles = cycles};
      expect_formula(shape, {Keys(1, 1), Keys(17, 6 | kYes), Keys(5, 2), Keys(9, 1 | kYes)});
      expect_formula(shape, {Keys(40, 1 | kYes), Keys(40, 1 | kYes)});  // the value unit binds
      Shape wide = shape;
      wide.lanes = 3;
      expect_formula(wide, {Keys(40, 1 | kYes), Keys(7, 2 | kYes), Keys(3, 1), Keys(1, 1 | kYes)});
    }
}

std::vector<Keys> any_rows() {
  const auto key =
      rc::gen::map(rc::gen::tuple(rc::gen::inRange(1, 7), rc::gen::inRange(0, 3)),
                   [](const std::tuple<int, int>& drawn) {
                     const bool survives = std::get<1>(drawn) == 0;
                     return static_cast<std::uint8_t>(survives ? 6 | kYes : std::get<0>(drawn));
                   });
  const auto keys = rc::gen::resize(20, rc::gen::nonEmpty(rc::gen::container<Keys>(key)));
  return *rc::gen::resize(6, rc::gen::nonEmpty(rc::gen::container<std::vector<Keys>>(keys)));
}

RC_GTEST_PROP(BitSerialTest, RandomRowsTakeWhatTheFormulasSay, ()) {
  const Shape shape{.units = *rc::gen::inRange(1, 9),
                    .step_cycles = *rc::gen::element<std::uint16_t>(1, 2),
                    .value_cycles = *rc::gen::element<std::uint16_t>(1, 2, 5),
                    .lanes = *rc::gen::inRange(1, 4)};
  expect_formula(shape, any_rows());
}

RC_GTEST_PROP(BitSerialTest, NeitherOrderNorSkippingMatters, ()) {
  const Shape shape{.units = *rc::gen::inRange(1, 5),
                    .fifo = *rc::gen::element<std::size_t>(1, 2, 3, 30),
                    .rows = *rc::gen::element<std::size_t>(1, 2),
                    .latency = Cycles{*rc::gen::inRange(1, 9)},
                    .value_cycles = *rc::gen::element<std::uint16_t>(1, 4),
                    .lanes = *rc::gen::inRange(1, 3)};
  const std::vector<Keys> rows = any_rows();
  expect_order_free([&] { return std::make_unique<BitSerialNet>(shape, rows); });
}

}  // namespace
}  // namespace hdp::test
