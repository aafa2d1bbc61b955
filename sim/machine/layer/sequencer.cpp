// SPDX-License-Identifier: Apache-2.0
#include "machine/layer/sequencer.hpp"

#include <utility>

namespace hdp::layer {
namespace {

constexpr std::array<CounterInfo, 2> kSequencerCounters{
    {{"programs", "programs", "Schedules played, one after another."},
     {"actions", "actions", "Transfers, passes and jobs handed out."}}};

}  // namespace

const UnitKind& program_sequencer_kind() {
  static constexpr UnitKind kKind{
      "sequencer", "Hands out the actions of a schedule as soon as what they need has ended.",
      kSequencerCounters};
  return kKind;
}

Sequencer::Sequencer(std::string name, const Ports& ports) : Unit(std::move(name)), ports_(ports) {
  drive(ports.out_weights);
  drive(ports.out_inputs);
  drive(ports.out_outputs);
  drive(ports.out_passes);
  drive(ports.out_softmax);
  drive(ports.out_vector);
  ports.wait.bind_writer(*this);
  listen(ports.in_weights);
  listen(ports.in_inputs);
  listen(ports.in_outputs);
  listen(ports.in_passes);
  listen(ports.in_softmax);
  listen(ports.in_vector);
}

void Sequencer::begin(const Program& program, Cycle now) {
  HDP_CHECK(finished(), "one program at a time");
  begun_ = last_path();
  program_ = &program;
  records_.assign(program.phases.size(), {});
  for (std::size_t t = 0; t < kTracks; ++t) {
    tracks_[t] = {.path = begun_};
    left_ += program.tracks[t].size();
    given_at_[t].clear();
  }
  ++programs_;
  wake(now);
}

void Sequencer::tick(Cycle now) {
  take(Track::Weights, ports_.in_weights, now);
  take(Track::Inputs, ports_.in_inputs, now);
  take(Track::Outputs, ports_.in_outputs, now);
  take(Track::Matrix, ports_.in_passes, now);
  take(Track::Softmax, ports_.in_softmax, now);
  take(Track::Vector, ports_.in_vector, now);
  if (program_ != nullptr && !finished()) {
    const auto transfer = [&](const Action& action) -> FetchCommand {
      return {.ranges = program_->ranges.data() + action.first_range,
              .count = action.ranges,
              .tensor = action.tensor,
              .write = false};
    };
    give(Track::Weights, ports_.out_weights, now, transfer);
    give(Track::Inputs, ports_.out_inputs, now, transfer);
    give(Track::Outputs, ports_.out_outputs, now, [&](const Action& action) {
      FetchCommand command = transfer(action);
      command.write = true;
      return command;
    });
    give(Track::Matrix, ports_.out_passes, now, [&](const Action& action) -> MatrixPass {
      return {program_->phases[action.phase], action.cycles, action.products, action.sparse};
    });
    const auto job = [](const Action& action) -> StreamJob { return {{}, action.cycles}; };
    give(Track::Softmax, ports_.out_softmax, now, job);
    give(Track::Vector, ports_.out_vector, now, job);
  }
  ports_.wait.set(now, wait());
  using TimeState = TimeSplit<ControlWait>::State;
  time_.enter({finished() ? TimeState::Idle : TimeState::Busy}, now);
}

template <class Message>
void Sequencer::take(Track track, Channel<Message>& in, Cycle now) {
  while (in.can_pop(now)) {
    in.pop(now, &state(track).path);
    end(track, now);
  }
}

void Sequencer::end(Track track, Cycle now) {
  State& state = this->state(track);
  const Action& action = program_->of(track)[state.ended];
  if (track != Track::Weights && track != Track::Inputs)
    records_[action.phase].cover(given_at_[static_cast<std::size_t>(track)][state.ended], now);
  ++state.ended;
  state.ended_at = now;
  last_ = track;
  --left_;
}

template <class Out, class Make>
void Sequencer::give(Track track, Out& out, Cycle now, const Make& make) {
  State& state = this->state(track);
  const std::vector<Action>& actions = program_->of(track);
  while (state.given < actions.size() && ready(actions[state.given]) && out.can_push(now)) {
    const Action& action = actions[state.given++];
    CriticalPath path = path_of(action);
    out.push(now, make(action), path);
    given_at_[static_cast<std::size_t>(track)].push_back(now);
    ++actions_;
  }
}

bool Sequencer::ready(const Action& action) const {
  for (std::size_t t = 0; t < kTracks; ++t)
    if (tracks_[t].ended < action.needs.ended[t]) return false;
  return true;
}

/// That of the last thing that it waited for.
CriticalPath Sequencer::path_of(const Action& action) const {
  const State* last = nullptr;
  for (std::size_t t = 0; t < kTracks; ++t) {
    // A later end than the one that was needed: the action has waited for something else.
    const bool awaited = action.needs.ended[t] != 0 && tracks_[t].ended == action.needs.ended[t];
    if (awaited && (last == nullptr || tracks_[t].ended_at > last->ended_at)) last = &tracks_[t];
  }
  if (last != nullptr) return last->path;
  return action.needs.ended == Needs{}.ended ? begun_ : state(last_).path;
}

/// What the next pass waits for; of several things the one nearest to memory.
MatrixWait Sequencer::wait() const {
  if (program_ == nullptr || finished()) return MatrixWait::Nothing;
  const State& matrix = state(Track::Matrix);
  const std::vector<Action>& passes = program_->of(Track::Matrix);
  if (matrix.given == passes.size()) return MatrixWait::Nothing;
  Needs needs = passes[matrix.given].needs;
  const auto waits = [&](Track track) { return state(track).ended < needs[track]; };
  if (waits(Track::Weights) || waits(Track::Inputs)) return MatrixWait::Memory;
  if (waits(Track::Softmax)) return MatrixWait::Softmax;
  if (waits(Track::Vector)) return MatrixWait::Vector;
  return waits(Track::Outputs) ? MatrixWait::Output : MatrixWait::Nothing;
}

std::string Sequencer::describe_wait() const {
  return finished() ? std::string() : "actions whose needs have not ended";
}

}  // namespace hdp::layer
