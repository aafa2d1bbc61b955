// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <hdp/kernel/timeline.hpp>
#include <hdp/units/matrix_engine.hpp>

namespace hdp {
namespace {

constexpr std::array<CounterInfo, 4> kMatrixEngineCounters{
    {{"passes", "passes", "Passes that the array has taken."},
     {"dense_cycles", "cycles", "Busy on products of two dense matrices."},
     {"sparse_cycles", "cycles", "Busy on products with N:M sparse weights."},
     {"products", "products", "Multiplications, those with stored padding included."}}};

}  // namespace

const UnitKind& matrix_engine_kind() {
  static constexpr UnitKind kKind{
      "matrix_engine", "Rows x columns of PEs: products of dense matrices, or with N:M weights.",
      kMatrixEngineCounters, true};
  return kKind;
}

std::int64_t groups_at_a_time(const MatrixArray& array, const NmPattern& pattern) {
  return std::max<std::int64_t>(1, array.depth / pattern.kept);
}

std::int64_t elements_at_a_time(const MatrixArray& array, const NmPattern& pattern) {
  return pattern.sparse() ? groups_at_a_time(array, pattern) * pattern.of : array.depth;
}

std::int64_t tile_cycles(const MatrixArray& array, const NmPattern& pattern,
                         std::int64_t reduction) {
  const std::int64_t times = ceil_div(reduction, elements_at_a_time(array, pattern));
  const std::int64_t a_time = pattern.sparse() ? ceil_div(pattern.kept, array.depth) : 1;
  return times * a_time * array.cycles_per_product;
}

std::int64_t kept_of(const NmPattern& pattern, std::int64_t reduction) {
  if (!pattern.sparse()) return reduction;
  return reduction / pattern.of * pattern.kept + std::min(pattern.kept, reduction % pattern.of);
}

std::int64_t products_of(const NmPattern& pattern, std::int64_t reduction) {
  return pattern.sparse() ? ceil_div(reduction, pattern.of) * pattern.kept : reduction;
}

MatrixEngine::MatrixEngine(std::string name, const Ports& ports)
    : Unit(std::move(name)),
      in_passes_(listen(ports.in_passes)),
      wait_(listen(ports.wait)),
      out_done_(drive(ports.out_done)) {}

UnitReport MatrixEngine::report() const {
  return account(time_, EnumNames<MatrixWait>::kNames,
                 {passes_, cycles_[0], cycles_[1], products_});
}

void MatrixEngine::tick(Cycle now) {
  if (busy_ && done_at_ <= now && out_done_.can_push(now)) finish(now);
  if (!busy_ && in_passes_.can_pop(now)) start(now);
  time_.enter(doing(now), now);
}

void MatrixEngine::finish(Cycle now) {
  out_done_.push(now, {started_at_, done_at_});
  if (timeline() != nullptr) [[unlikely]]
    timeline()->span(this->name(), pass_.what, started_at_, done_at_);
  busy_ = false;
}

void MatrixEngine::start(Cycle now) {
  pass_ = in_passes_.pop(now);
  busy_ = true;
  started_at_ = now;
  const std::int64_t cycles = std::max<std::int64_t>(1, pass_.cycles);
  done_at_ = now + Cycles{cycles};
  ++passes_;
  products_ += pass_.products;
  cycles_[pass_.sparse ? 1 : 0] += cycles;
}

TimeSplit<MatrixWait>::Doing MatrixEngine::doing(Cycle now) const {
  using State = TimeSplit<MatrixWait>::State;
  if (busy_ && now < done_at_) return {State::Busy};
  if (busy_) return {State::Blocked, MatrixWait::Output};
  const MatrixWait reason = wait_.get(now);
  if (reason == MatrixWait::Nothing) return {State::Idle};
  return {State::Blocked, reason};
}

Cycle MatrixEngine::next_event(Cycle now) const {
  return busy_ && now < done_at_ ? done_at_ : kNever;
}

std::string MatrixEngine::describe_wait() const { return busy_ ? "outputs not taken" : ""; }

}  // namespace hdp
