// SPDX-License-Identifier: Apache-2.0
#include "plain_model.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <deque>
#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

// Every cycle is played from the last register to the first: whoever takes from a register runs
// before whoever fills it. "Not in the notes" marks what the measurements had to decide.
namespace hdp::test::plain {
namespace {

using Cycle = std::int64_t;

int divide_up(int a, int b) { return (a + b - 1) / b; }
int round_up(int a, int b) { return divide_up(a, b) * b; }

template <class Array>
auto& at(Array& array, int i) {
  return array[static_cast<std::size_t>(i)];
}

/// java.util.Random, as its documentation defines it.
class JavaRandom {
 public:
  int next_int() { return static_cast<int>(static_cast<std::uint32_t>(next(32))); }
  int next_int(int bound) {
    if (std::has_single_bit(static_cast<unsigned>(bound))) {
      return static_cast<int>((bound * next(31)) >> 31);
    }
    for (;;) {
      const std::int64_t bits = next(31);
      const std::int64_t value = bits % bound;
      if (bits - value + (bound - 1) <= INT32_MAX) return static_cast<int>(value);
    }
  }

 private:
  std::int64_t next(int bits) {
    state_ = (state_ * 0x5DEECE66DULL + 0xB) & ((1ULL << 48) - 1);
    return static_cast<std::int64_t>(state_ >> (48 - bits));
  }
  std::uint64_t state_ = 1 ^ 0x5DEECE66DULL;  // seed 1
};

/// Push at c, pop from c + 2 on; a pop at c frees room at c + 1.
template <class T>
class Fifo {
 public:
  explicit Fifo(int depth) : depth_(static_cast<std::size_t>(depth)) {}
  bool has(Cycle now) const { return !items_.empty() && items_.front().first <= now; }
  bool room(Cycle now) const { return items_.size() + (popped_ == now ? 1 : 0) < depth_; }
  const T& front() const { return items_.front().second; }
  T pop(Cycle now) {
    T item = items_.front().second;
    items_.pop_front();
    popped_ = now;
    return item;
  }
  void push(const T& item, Cycle now) { items_.emplace_back(now + 2, item); }

 private:
  std::size_t depth_;
  std::deque<std::pair<Cycle, T>> items_;
  Cycle popped_ = -1;
};

/// A register takes an item when it is, or has just become, empty.
template <class T>
bool put(std::optional<T>& to, const T& item) {
  if (to) return false;
  to = item;
  return true;
}
template <class T>
bool advance(std::optional<T>& from, std::optional<T>& to) {
  if (!from || !put(to, *from)) return false;
  from.reset();
  return true;
}

/// `<-/<`: a skid buffer, then a register. Stepped after whoever takes from `out`.
template <class T>
struct SkidRegister {
  std::optional<T> skid, out;
  void step(std::optional<T>& input) {
    const bool ready = !skid;
    advance(skid, out);
    if (ready && !advance(input, out)) advance(input, skid);
  }
};

/// Two inputs; the one that is picked keeps the grant until it is released.
struct Arbiter {
  bool round_robin = false, locked = false;
  int last = 1;
  int pick(bool first, bool second) {
    const int favoured = round_robin ? 1 - last : 0;
    const int i = locked ? last : ((favoured == 0 ? first : second) ? favoured : 1 - favoured);
    if (!(i == 0 ? first : second)) return -1;
    last = i;
    locked = true;
    return i;
  }
};

/// An asynchronous fork: every branch takes the item once, at its own time.
template <int N>
struct Fork {
  std::array<bool, N> done{};
  template <class Take>
  void branch(int i, Take take) {
    if (!at(done, i)) at(done, i) = take();
  }
  bool finished() {
    if (std::find(done.begin(), done.end(), false) != done.end()) return false;
    done = {};
    return true;
  }
};

/// A row of the workload on its way through the machine.
struct Job {
  int id = 0, keys = 0, values = 0, latency = 0;
  int key_bits = 8, value_bits = 8, key_fused = 1, value_fused = 1;
  int key_lines = 0, value_lines = 0;
  bool requantise = false;
  int part = 0;              // of the pair that shares its keys
  Job* key_owner = nullptr;  // part 0
  int key_start = 0, key_tag = 0;
  int value_part = 0;  // by arrival
  Job* value_owner = nullptr;
  int value_start = 0, value_tag = 0;
};

struct Request {
  Job* job = nullptr;
  bool second = false;
};

/// The S scores of one buffer line.
struct Fragment {
  Job* job = nullptr;
  bool second = false, first = false, last = false;
  int need = 0;                  // in the re-quantise buffer
  int index_row = 0, group = 0;  // once reloaded
};

/// Circular allocation of buffer lines. Batches are recycled in order, at most one a cycle, so one
/// released early waits for its predecessors. Not in the notes: part 1 takes no tag of its own.
class Allocator {
 public:
  explicit Allocator(int lines) : capacity_(lines), free_(lines) {}
  bool fits(int size, Cycle now) {
    while (!live_.empty() && live_.front().second >= 0) {
      const Cycle freed = std::max(live_.front().second + 4, recycled_ + 1);
      if (freed > now) break;
      recycled_ = freed;
      free_ += live_.front().first;
      live_.pop_front();
    }
    return now >= 32 && live_.size() < 16 && size <= free_;
  }
  /// First line and tag. Not in the notes: the tag's width; this one never wraps.
  std::pair<int, int> allocate(int size) {
    const int start = std::exchange(next_, (next_ + size) % capacity_);
    free_ -= size;
    live_.emplace_back(size, -1);
    return {start, tags_++};
  }
  void release(int tag, Cycle now) {
    at(live_, static_cast<int>(live_.size()) - tags_ + tag).second = now;
  }

 private:
  int capacity_, free_, next_ = 0, tags_ = 0;
  std::deque<std::pair<int, Cycle>> live_;  // lines, when released
  Cycle recycled_ = 0;
};

struct Descriptor {
  int start = 0, step = 1, size = 0, tag = 0;
};

/// The key or the value buffer: two write ports, two banks, one speculative read port (B8).
class Buffer {
 public:
  explicit Buffer(int lines)
      : lines_(lines), ready_at_(16 + lines / 2), tags_(static_cast<std::size_t>(lines), -1) {}

  std::array<std::optional<Descriptor>, 2> write_descriptor;
  std::array<std::optional<bool>, 2> write_data;  // the data registers
  std::optional<Descriptor> read_descriptor;
  std::optional<bool> line;  // D: a line for the multipliers; true: the pass's last

  void read(Cycle now) {
    const int old_commit = commit_;
    const bool stale = c_ && c_->flag != flag_;
    const bool miss = c_ && !stale && !c_->match;
    if (c_ && (stale || miss || put(line, c_->last))) {
      if (!stale && !miss) ++commit_;
      c_.reset();
    }
    const int bank = reads_.pick(b_[0].has_value(), b_[1].has_value());
    if (bank >= 0 && advance(at(b_, bank), c_)) reads_.locked = false;
    for (int i = 0; i < 2; ++i) advance(at(a_, i), at(b_, i));
    if (issued_ && now >= ready_at_) {
      issued_->match = at(tags_, issued_->address) == issued_->tag;
      advance(issued_, at(a_, issued_->address & 1));
    }
    if (issue_ != push_ && !dead_ && put(issued_, at(ring_, issue_ % 16))) {
      issued_->flag = flag_;
      ++issue_;
    }
    if (miss) {
      issue_ = commit_;
      flag_ = !flag_;
    }
    dead_ = issue_ == push_;  // a slot written now is not issued in the next cycle
    if (generated_ && push_ - old_commit < 15) {
      at(ring_, push_++ % 16) = *generated_;
      generated_.reset();
    }
    if (!read_descriptor || generated_) return;
    Descriptor& d = *read_descriptor;
    generated_ = Read{d.start++ % lines_, d.tag, d.size == 1};
    if (--d.size == 0) read_descriptor.reset();
  }

  /// After read(), which sees the tags from before the writes of its cycle.
  void write(Cycle now) {
    for (int bank = 0; bank < 2; ++bank) {
      std::optional<Write>& w = at(bank_, bank);
      if (w && now >= ready_at_) {
        at(tags_, w->address) = w->tag;
        w.reset();
      }
      const auto wants = [&](int p) {
        return at(port_, p).out && (at(port_, p).out->address & 1) == bank;
      };
      const int p = at(writes_, bank).pick(wants(0), wants(1));
      if (p >= 0 && advance(at(port_, p).out, w)) at(writes_, bank).locked = false;
    }
    for (int p = 0; p < 2; ++p) {
      std::optional<Descriptor>& d = at(write_descriptor, p);
      std::optional<Write> next;
      // Nothing arrives beyond the descriptor's size, so nothing is ever thrown here.
      if (at(write_data, p) && d && !at(port_, p).skid) {
        next = Write{d->start % lines_, d->tag};
        at(write_data, p).reset();
        d->start += d->step;
        if (--d->size == 0) d.reset();
      }
      at(port_, p).step(next);
    }
  }

 private:
  struct Write {
    int address = 0, tag = 0;
  };
  struct Read {
    int address = 0, tag = 0;
    bool last = false, flag = false, match = false;
  };

  int lines_;
  Cycle ready_at_;
  std::vector<int> tags_;
  std::array<SkidRegister<Write>, 2> port_;
  std::array<std::optional<Write>, 2> bank_;
  std::array<Arbiter, 2> writes_{Arbiter{true}, Arbiter{true}};
  Arbiter reads_;
  std::array<Read, 16> ring_{};
  std::optional<Read> generated_, issued_, c_;
  std::array<std::optional<Read>, 2> a_, b_;
  int push_ = 0, issue_ = 0, commit_ = 0;
  bool flag_ = false, dead_ = false;
};

/// One HBM2 channel behind the DPI (B7, B9).
class Channel {
 public:
  std::optional<int> response;           // the lane that it is for
  std::optional<std::uint32_t> request;  // the retry register; ready while it is empty

  void accept(int lane, std::uint32_t local_address) {
    lanes_.push_back(lane);
    request = local_address;
  }

  /// One clock edge: push, pop, tick.
  void clock(Cycle now) {
    if (request && outstanding_ < 16) {
      waiting_.push_back(decode(*request, now));
      request.reset();
      ++outstanding_;
    }
    if (completed_ > 0 && put(response, lanes_.front())) {  // k-th completion, k-th request
      lanes_.pop_front();
      --completed_;
      --outstanding_;
    }
    if (!reading_.empty() && reading_.front() <= now) {
      reading_.pop_front();
      ++completed_;
    }
    command(now);
  }

 private:
  struct Bank {
    Cycle row = -1, activate = 0, read = 0, precharge = 0;
  };
  struct PseudoChannel {
    Cycle read = 0, activate = 0;
    std::array<Cycle, 4> group_activate{}, last_activates{-15, -15, -15, -15};
  };
  struct Access {
    std::size_t pseudo = 0, group = 0, bank = 0;
    Cycle row = 0, arrival = 0;
  };
  static Access decode(std::uint32_t local_address, Cycle now) {
    const std::uint32_t x = local_address >> 4;
    const std::size_t group = (x >> 6) & 3;
    return {(x >> 5) & 1, group, ((x >> 5) & 1) * 16 + group * 4 + ((x >> 8) & 3), x >> 10, now};
  }

  bool read(std::vector<Access>& list, std::vector<Access>::iterator a, Cycle now) {
    Bank& bank = banks_[a->bank];
    PseudoChannel& pseudo = pseudo_[a->pseudo];
    if (bank.row != a->row || bank.read > now || pseudo.read > now) return false;
    reading_.push_back(now + 11);
    pseudo.read = now + 4;
    // Not in the notes: which of nRTPS and nRTPL holds in a bank; it is nRTPL.
    bank.precharge = std::max(bank.precharge, now + 3);
    list.erase(a);
    return true;
  }

  /// Not in the notes: after an ACT the whole channel takes no ACT and no PRE for two cycles.
  void command(Cycle now) {
    for (auto a = active_.begin(); a != active_.end(); ++a) {
      if (read(active_, a, now)) return;
    }
    for (auto a = waiting_.begin(); a != waiting_.end(); ++a) {
      Bank& bank = banks_[a->bank];
      PseudoChannel& pseudo = pseudo_[a->pseudo];
      if (read(waiting_, a, now)) return;
      if (bank.row == a->row || row_command_ > now) continue;
      if (bank.row >= 0) {
        if (bank.precharge > now) continue;
        const auto same_bank = [&](const Access& other) { return other.bank == a->bank; };
        if (std::any_of(active_.begin(), active_.end(), same_bank)) return;
        bank.row = -1;
        bank.activate = std::max(bank.activate, now + 7);
        return;
      }
      Cycle& group_activate = pseudo.group_activate[a->group];
      auto& fours = pseudo.last_activates;
      if (std::max({bank.activate, pseudo.activate, group_activate, fours[0] + 15}) > now) continue;
      bank = {a->row, now + 19, now + 7, now + 17};
      pseudo.activate = row_command_ = now + 2;
      group_activate = now + 3;
      fours = {fours[1], fours[2], fours[3], now};
      const auto older = [](const Access& x, const Access& y) { return x.arrival < y.arrival; };
      active_.insert(std::upper_bound(active_.begin(), active_.end(), *a, older), *a);
      waiting_.erase(a);
      return;
    }
  }

  std::deque<int> lanes_;
  std::vector<Access> waiting_, active_;
  std::deque<Cycle> reading_;
  std::array<Bank, 32> banks_{};
  std::array<PseudoChannel, 2> pseudo_{};
  Cycle row_command_ = 0;
  int outstanding_ = 0, completed_ = 0;
};

struct FetchContext {
  bool value = false;
  int pop = 0;  // elements that make two buffer lines
};

/// Addresses of up to CH vectors.
struct FetchRow {
  FetchContext context;
  int transactions = 1;  // F, per vector
  bool first = false, last = false;
  std::vector<std::uint32_t> addresses;
};

/// The matrix fetcher, its crossbar and the memory (B4 to B7).
class Fetcher {
 public:
  Fetcher(int lanes, int channels, int multipliers)
      : lanes_(static_cast<std::size_t>(lanes)), channels_(static_cast<std::size_t>(channels)) {
    element_bits_ = std::gcd(lanes * 256, 4 * multipliers);
    line_pair_ = 2 * multipliers;
    push_ = lanes * 256 / element_bits_;
  }

  std::array<std::optional<FetchRow>, 2> requests;  // 0: keys, 1: values
  std::int64_t reads = 0;
  Cycle last_read = 0;

  FetchRow row(bool value, int bits, int fused, bool first) const {
    return {{value, bits * line_pair_ / element_bits_}, bits * fused / 4, first, false, {}};
  }

  /// Arbiter to address FIFOs. Their room is registered, so this may run before the loaders.
  void issue(Cycle now) {
    const auto full = [&](const Lane& lane) { return !lane.addresses.room(now); };
    if (split_ && std::none_of(lanes_.begin(), lanes_.end(), full) &&
        (!split_->context || contexts_.room(now))) {
      for (std::size_t k = 0; k < lanes_.size(); ++k) {
        lanes_[k].addresses.push(split_->slots[k], now);
      }
      if (split_->context) contexts_.push(*split_->context, now);
      split_.reset();
    }
    advance(prepared_, split_);
    const int source = arbiter_.pick(requests[0].has_value(), requests[1].has_value());
    if (source < 0 || prepared_) return;
    std::optional<FetchRow>& row = at(requests, source);
    prepared_.emplace();
    if (row->first && sub_row_ == 0) prepared_->context = row->context;
    const int f = row->transactions;
    const int lanes = static_cast<int>(lanes_.size());
    for (int k = 0; k < lanes; ++k) {
      const int t = k + sub_row_ * lanes;
      Slot slot{t / f < static_cast<int>(row->addresses.size()), row->last && sub_row_ + 1 == f, 0};
      if (slot.enabled)
        slot.address = at(row->addresses, t / f) + 32U * static_cast<unsigned>(t % f);
      prepared_->slots.push_back(slot);
    }
    if (++sub_row_ < f) return;
    sub_row_ = 0;
    arbiter_.locked = !row->last;
    row.reset();
  }

  /// Channels to the write data registers of the two buffers.
  void collect(Buffer& keys, Buffer& values, Cycle now) {
    if (converted_) {
      Buffer& buffer = *converted_ ? values : keys;
      for (int p = 0; p < 2; ++p) {
        ports_.branch(p, [&] { return put(at(buffer.write_data, p), true); });
      }
      if (ports_.finished()) converted_.reset();
    }
    advance(aligned_, converted_);
    realign(now);
    const auto has = [&](const Lane& lane) { return lane.responses.has(now); };
    if (exit_.empty() && std::all_of(lanes_.begin(), lanes_.end(), has)) {
      for (Lane& lane : lanes_) exit_.push_back(lane.responses.pop(now));
    }
    respond(now);
    request(now);
  }

 private:
  struct Slot {
    bool enabled = false, last = false;
    std::uint32_t address = 0;
  };
  struct SubRow {
    std::vector<Slot> slots;
    std::optional<FetchContext> context;  // with a request's first only
  };
  struct Lane {
    Fifo<Slot> addresses{16}, requests{64}, responses{64};
    std::optional<Slot> request;
    std::optional<std::uint32_t> address;  // the AR register
  };
  struct Element {
    bool pad = false, last = false;
  };

  void realign(Cycle now) {
    const int size = static_cast<int>(elements_.size());
    if (contexts_.has(now) && size >= contexts_.front().pop) {
      const FetchContext context = contexts_.front();
      const bool pad = elements_.front().pad;
      if (pad || put(aligned_, context.value)) {
        const Element end = at(elements_, context.pop - 1);
        elements_.erase(elements_.begin(), elements_.begin() + context.pop);
        if (!pad && (end.last || end.pad)) contexts_.pop(now);
      }
    }
    const int capacity = 2 * std::max(push_, 8 * line_pair_ / element_bits_);
    if (exit_.empty() || size + push_ > capacity) return;
    const std::size_t width = lanes_.size() / static_cast<std::size_t>(push_);
    for (std::size_t i = 0; i < lanes_.size(); i += width) {
      const bool pad = !exit_[i].enabled;
      const bool row_end = i + width == lanes_.size();
      const bool end = row_end ? exit_[i].last : !exit_[i + width].enabled;
      elements_.push_back({pad, !pad && end});
    }
    exit_.clear();
  }

  /// Every lane takes from the lowest channel that has something for it, in its own order.
  void respond(Cycle now) {
    for (int k = 0; k < static_cast<int>(lanes_.size()); ++k) {
      Lane& lane = at(lanes_, k);
      if (lane.requests.has(now) && lane.responses.room(now) &&
          (!lane.requests.front().enabled || take(k, now))) {
        lane.responses.push(lane.requests.pop(now), now);
      }
      if (lane.request && lane.requests.room(now)) {
        lane.requests.push(*lane.request, now);
        lane.request.reset();
      }
    }
  }

  bool take(int lane, Cycle now) {
    const auto mine = [&](const Channel& c) { return c.response == lane; };
    const auto channel = std::find_if(channels_.begin(), channels_.end(), mine);
    if (channel == channels_.end()) return false;
    channel->response.reset();
    last_read = now;
    ++reads;
    return true;
  }

  /// The lowest lane wins a channel and keeps it until it is accepted.
  void request(Cycle now) {
    const int channels = static_cast<int>(channels_.size());
    for (int k = 0; Lane & lane : lanes_) {
      if (lane.address) put(at(grants_, static_cast<int>(*lane.address >> 5) % channels), k);
      ++k;
    }
    for (int c = 0; c < channels; ++c) {
      Channel& channel = at(channels_, c);
      if (at(grants_, c) && !channel.request) {
        const int k = *std::exchange(at(grants_, c), std::nullopt);
        std::optional<std::uint32_t>& address = at(lanes_, k).address;
        channel.accept(k, *address / (32U * static_cast<unsigned>(channels)) * 32U);
        address.reset();
      }
      channel.clock(now);
    }
    for (Lane& lane : lanes_) {
      if (!lane.addresses.has(now) || lane.request) continue;
      if (lane.addresses.front().enabled && lane.address) continue;
      lane.request = lane.addresses.pop(now);
      if (lane.request->enabled) lane.address = lane.request->address;
    }
  }

  int element_bits_, line_pair_, push_, sub_row_ = 0;
  Arbiter arbiter_{true};
  std::optional<SubRow> prepared_, split_;
  Fifo<FetchContext> contexts_{16};
  std::vector<Lane> lanes_;
  std::vector<Channel> channels_;
  std::array<std::optional<int>, 16> grants_;
  std::vector<Slot> exit_;
  std::deque<Element> elements_;
  std::optional<bool> aligned_, converted_;  // true: values
  Fork<2> ports_;
};

/// Row i: CH of the indexes i CH .. i CH + 2 CH - 1, sorted (B3).
std::vector<std::vector<int>> index_rom(int rows, int lanes, int max_keys) {
  JavaRandom random;
  std::vector<std::vector<int>> rom;
  for (int row = 0; row < rows; ++row) {
    std::vector<int> indexes(static_cast<std::size_t>(2 * lanes));
    std::iota(indexes.begin(), indexes.end(), 0);
    for (int n = 2 * lanes; n > 1; --n)
      std::swap(at(indexes, n - 1), at(indexes, random.next_int(n)));
    indexes.resize(static_cast<std::size_t>(lanes));
    std::sort(indexes.begin(), indexes.end());
    for (int& index : indexes) index = (index + row * lanes) % max_keys;
    rom.push_back(indexes);
  }
  return rom;
}

/// Quick-select with a random pivot, as the artefact's latency model plays it (section E).
int top_k_latency(JavaRandom& random, int size, int target, int parallelism) {
  std::vector<int> live(static_cast<std::size_t>(size));
  for (int& x : live) x = random.next_int();
  int latency = 0;
  while (!live.empty()) {
    const int n = static_cast<int>(live.size());
    latency += divide_up(n, parallelism) + 3;
    const int pivot = at(live, random.next_int(n));
    const auto less = std::count_if(live.begin(), live.end(), [&](int x) { return x < pivot; });
    const auto up_to = less + std::count(live.begin(), live.end(), pivot);
    if (target < less) {
      std::erase_if(live, [&](int x) { return x >= pivot; });
    } else {
      if (target < up_to) break;
      std::erase_if(live, [&](int x) { return x <= pivot; });
      target -= static_cast<int>(up_to);
    }
  }
  return latency;
}

class Model {
 public:
  Model(const Settings& settings, const std::vector<Row>& rows)
      : units_(settings.multipliers / 64),
        lanes_(std::max(32 / settings.bandwidth_downsample, units_)),
        levels_(std::bit_width(static_cast<unsigned>(units_)) - 1),
        rom_(index_rom(settings.buffer_lines, lanes_, units_ * settings.buffer_lines)),
        fetcher_(lanes_, 16 / settings.bandwidth_downsample, settings.multipliers),
        keys_(settings.buffer_lines),
        values_(settings.buffer_lines),
        key_space_(settings.buffer_lines),
        value_space_(settings.buffer_lines),
        tree_(static_cast<std::size_t>(levels_)),
        scores_(settings.buffer_lines),
        normal_rows_(16 * settings.buffer_lines),
        top_k_(settings.buffer_lines),
        score_queue_(lanes_ / units_ * 16) {
    JavaRandom random;
    for (const Row& row : rows) add_job(settings, row, random);
  }

  Result run() {
    for (Cycle now = 16; responded_ < jobs_.size(); ++now) {
      multiply_values(now);
      values_.read(now);
      values_.write(now);
      fetcher_.issue(now);
      fetch_values(now);
      select_values(now);
      reload_indexes();
      order_rows(now);
      decide(now);
      multiply_keys(now);
      keys_.read(now);
      keys_.write(now);
      fetcher_.collect(keys_, values_, now);
      fetch_keys();
      start_request(now);
      allocate_keys(now);
      if (now - std::max(result_.cycles, fetcher_.last_read) > 1'000'000) {
        throw std::runtime_error("the RTL hangs after " + std::to_string(responded_) +
                                 " responses");
      }
    }
    result_.dram_reads = fetcher_.reads;
    return result_;
  }

 private:
  void add_job(const Settings& settings, const Row& row, JavaRandom& random) {
    const auto mapped = [](int bits) { return bits == 4 || bits == 6 ? bits : 8; };
    Job job;
    job.id = static_cast<int>(jobs_.size());
    job.keys = round_up(row.key_count, settings.fetch_padding);
    job.values = round_up(row.value_count, settings.fetch_padding);
    job.key_bits = mapped(row.key_bits);
    job.value_bits = mapped(row.value_bits);
    job.key_fused = job.key_bits == 6 ? 2 : 1;
    job.value_fused = job.value_bits == 6 ? 2 : 1;
    job.key_lines = round_up(divide_up(job.keys, units_), 2);
    job.value_lines = round_up(divide_up(job.values, units_), 2);
    job.requantise = settings.requantised_rows.contains(jobs_.size());
    const std::string name = "row " + std::to_string(job.id);
    if (job.values > job.keys) throw std::invalid_argument(name + " has more values than keys");
    if (units_ == 8 && (job.keys % 32 != 0 || job.values % 32 != 0)) {
      throw std::invalid_argument(name + ": counts must be multiples of 32 with 512 multipliers");
    }
    if (job.requantise && !may_requantise(row)) {
      throw std::invalid_argument(name + " may not re-quantise");
    }
    Job* before = jobs_.empty() ? nullptr : jobs_.back().get();
    const bool joins = before && job.key_fused == 2 && before->key_fused == 2 && before->part == 0;
    job.part = joins ? 1 : 0;
    if (!joins) {
      job.latency =
          top_k_latency(random, row.key_count, row.value_count, settings.top_k_parallelism);
    }
    jobs_.push_back(std::make_unique<Job>(job));
    jobs_.back()->key_owner = joins ? before : jobs_.back().get();
    result_.rows.push_back({job.latency, job.requantise, -1, -1, -1});
  }

  RowResult& result_of(const Job& job) { return at(result_.rows, job.id); }

  void multiply_values(Cycle now) {
    if (!responses_.empty() && responses_.front().first == now) {
      const Job& job = *responses_.front().second;
      responses_.pop_front();
      result_of(job).response_cycle = result_.cycles = now;
      ++responded_;
      if (job.value_part + 1 == job.value_fused) {
        value_space_.release(job.value_owner->value_tag, now);
      }
    }
    if (!score_queue_.has(now) || !values_.line) return;
    values_.line.reset();
    const Fragment score = score_queue_.pop(now);
    if (score.last) responses_.emplace_back(now + 3 + levels_, score.job);
  }

  /// The collector of addresses and the fork behind the value allocation (B15).
  void fetch_values(Cycle now) {
    if (collected_all_ && advance(collected_, fetcher_.requests[1])) collected_all_ = false;
    if (!value_) return;
    const Fragment& f = *value_;
    const Job& job = *f.job;
    const Job& owner = *job.value_owner;
    for (int p = 0; p < 2; ++p) {
      value_fork_.branch(p, [&] {
        return !f.first || job.value_part != 0 ||
               put(at(values_.write_descriptor, p),
                   write_descriptor(owner.value_start, p, job.value_lines, job.value_fused == 2,
                                    owner.value_tag));
      });
    }
    value_fork_.branch(2, [&] { return job.value_part != 0 || collect(f); });
    value_fork_.branch(3, [&] {
      const int start = owner.value_start + job.value_lines * job.value_part;
      return !f.first || put(values_.read_descriptor, {start, 1, job.value_lines, owner.value_tag});
    });
    value_fork_.branch(4, [&] {
      if (!score_queue_.room(now)) return false;
      score_queue_.push(f, now);
      return true;
    });
    if (value_fork_.finished()) value_.reset();
  }

  static Descriptor write_descriptor(int start, int port, int lines, bool fused, int tag) {
    return fused ? Descriptor{start + lines * port, 1, lines, tag}
                 : Descriptor{start + port, 2, lines / 2, tag};
  }

  bool collect(const Fragment& f) {
    if (collected_all_) return false;
    const Job& job = *f.job;
    const bool first = f.first;
    if (!collected_) collected_ = fetcher_.row(true, job.value_bits, job.value_fused, first);
    const std::uint32_t base = 0xCD10000U + 0x10000U * static_cast<unsigned>(job.id);
    add_vectors(*collected_, base, f.index_row, f.group * units_,
                std::min(units_, job.values - (first ? 0 : collected_count_)),
                job.value_bits * job.value_fused);
    collected_count_ = (first ? 0 : collected_count_) + units_;
    collected_->last = f.last;
    collected_all_ = f.last || collected_count_ % lanes_ == 0;
    return true;
  }

  void add_vectors(FetchRow& row, std::uint32_t base, int index_row, int first, int count,
                   int bits) {
    for (int i = first; i < first + count; ++i) {
      row.addresses.push_back(base + static_cast<unsigned>(at(at(rom_, index_row), i) * 8 * bits));
    }
  }

  /// Length adjustment, then the top-k or the path around it, then value allocation (B14).
  void select_values(Cycle now) {
    const bool top_k_idle = rows_in_top_k_ == 0;
    std::optional<Fragment> kept;
    bool pops = false;
    if (!top_k_.has(now)) {
      waited_ = 0;
    } else {
      kept = top_k_.front();
      const int count = divide_up(kept->job->values, units_);
      pops = selected_ >= count;  // a surplus fragment
      kept->last = kept->last || selected_ + 1 == count;
      if (pops || (kept->first && waited_ < kept->job->latency)) kept.reset();
      ++waited_;
    }
    std::optional<Fragment> next = reloaded_[1];
    bool takes = false, skips = false;
    if (next) {
      const int count = divide_up(next->job->keys, units_);
      takes = adjusted_ >= count;  // a fragment beyond the row's keys is dropped
      skips = !takes && next->job->values >= next->job->keys;
      next->last = next->last || adjusted_ + 1 == count;
    }
    const int source = value_arbiter_.pick(kept.has_value(), skips && top_k_idle);
    if (source >= 0) {
      const Fragment& f = source == 0 ? *kept : *next;
      if (!value_ && allocate_values(f, now)) {
        value_ = f;
        value_arbiter_.locked = !f.last;
        if (source == 0 && f.last) --rows_in_top_k_;
        (source == 0 ? pops : takes) = true;
      }
    }
    if (pops) {
      selected_ = top_k_.pop(now).last ? 0 : selected_ + 1;
      waited_ = 0;
    }
    if (next && !takes && !skips && top_k_.room(now)) {
      top_k_.push(*next, now);
      if (next->first) ++rows_in_top_k_;
      takes = true;
    }
    if (!takes) return;
    adjusted_ = reloaded_[1]->last ? 0 : adjusted_ + 1;
    reloaded_[1].reset();
  }

  bool allocate_values(const Fragment& f, Cycle now) {
    Job& job = *f.job;
    if (!f.first || job.value_part != 0) return true;
    if (!value_space_.fits(job.value_lines * job.value_fused, now)) return false;
    std::tie(job.value_start, job.value_tag) =
        value_space_.allocate(job.value_lines * job.value_fused);
    return true;
  }

  /// Group g of an index row serves fragment g - 1; group 0 serves the last (B3).
  void reload_indexes() {
    advance(reloaded_[0], reloaded_[1]);
    if (!rebatched_ || reloaded_[0]) return;
    const bool row_end = (reload_group_ + 1) * units_ == lanes_;
    rebatched_->index_row = reload_row_;
    reload_group_ = row_end || rebatched_->last ? 0 : reload_group_ + 1;
    rebatched_->group = reload_group_;
    reload_row_ = rebatched_->last ? 0 : reload_row_ + (row_end ? 1 : 0);
    advance(rebatched_, reloaded_[0]);
  }

  /// The exit of the re-quantise buffer (B13), and rebatch: parts by arrival (B14).
  void order_rows(Cycle now) {
    if (ordered_ && !rebatched_) {
      Job& job = *ordered_->job;
      if (next_part_ == 0) value_owner_ = &job;
      job.value_owner = value_owner_;
      job.value_part = next_part_;
      if (ordered_->last) next_part_ = next_part_ + 1 < job.value_fused ? next_part_ + 1 : 0;
      advance(ordered_, rebatched_);
    }
    const bool normal = normal_rows_.has(now) && normal_rows_.front().need <= finished_;
    const bool second = decided_ && decided_->second && !decided_fork_.done[0];
    const int source = order_arbiter_.pick(normal, second);
    if (source < 0 || ordered_) return;
    ordered_ = source == 0 ? normal_rows_.pop(now) : *decided_;
    if (source == 1) decided_fork_.done[0] = true;
    if (!ordered_->last) return;
    order_arbiter_.locked = false;
    finished_ = source == 0 ? 0 : finished_ + 1;
  }

  /// Maximum, threshold and report (B12); the entry of the re-quantise buffer.
  void decide(Cycle now) {
    if (decided_) {
      Fragment& f = *decided_;
      const bool again = f.job->requantise && !f.second;
      decided_fork_.branch(0, [&] {
        if (f.second || (!again && !normal_rows_.room(now))) return false;  // see order_rows
        f.need = needed_;
        if (!again) normal_rows_.push(f, now);
        if (f.last) needed_ = again ? needed_ + 1 : 0;
        return true;
      });
      decided_fork_.branch(1, [&] { return !f.first || report(*f.job, again, now); });
      if (decided_fork_.finished()) {
        RowResult& row = result_of(*f.job);
        if (f.last)
          (f.second ? row.second_pass_last_score_cycle : row.first_pass_last_score_cycle) = now;
        decided_.reset();
      }
    }
    if (decided_ || !maximum_ || !scores_.has(now)) return;
    decided_ = scores_.pop(now);
    maximum_ = !decided_->last;
  }

  bool report(Job& job, bool again, Cycle now) {
    if (!in_flight_.has(now) || (again && repeat_.skid)) return false;
    in_flight_.pop(now);
    if (again) {
      repeat_request_ = Request{&job, true};
    } else if (job.part + 1 == job.key_fused) {
      key_space_.release(job.key_owner->key_tag, now + 1);
    }
    return true;
  }

  /// Moves a rigid pipeline on, unless its last stage holds something that `exit` refuses.
  template <class Stages, class Exit>
  static bool shift(Stages& stages, Exit exit) {
    if (stages.back() && !exit(*stages.back())) return false;
    std::move_backward(stages.begin(), stages.end() - 1, stages.end());
    stages.front().reset();
    return true;
  }

  /// Broadcast, products and maximum tree (B10, B12).
  void multiply_keys(Cycle now) {
    const auto into_scores = [&](const Fragment& f) {
      if (!scores_.room(now) || (f.last && maximum_)) return false;
      scores_.push(f, now);
      if (f.last) maximum_ = true;
      return true;
    };
    const bool tree_moves = !tree_.empty() && shift(tree_, into_scores);
    const auto into_tree = [&](const Fragment& f) {
      if (tree_.empty()) return into_scores(f);
      return tree_moves && put(tree_.front(), f);
    };
    if (shift(products_, into_tree)) advance(broadcast_, products_.front());
    if (broadcast_ || !stage_ || stage_fork_.done[4] || !keys_.line) return;
    const bool last = *keys_.line;
    keys_.line.reset();
    broadcast_ = Fragment{stage_->job, stage_->second, pass_starts_, last};
    pass_starts_ = stage_fork_.done[4] = last;
  }

  /// The key address generator and the fork of a request (B2).
  void fetch_keys() {
    advance(key_row_, fetcher_.requests[0]);
    if (!stage_) return;
    const Job& job = *stage_->job;
    const bool second = stage_->second;
    const bool fetched = job.part != 0 && !second;
    const int tag = 2 * job.key_owner->key_tag + (second ? 1 : 0);
    const int start = job.key_owner->key_start + job.key_lines * job.part;
    for (int p = 0; p < 2; ++p) {
      stage_fork_.branch(p, [&] {
        const bool fused = job.key_fused == 2 && !second;
        return fetched || put(at(keys_.write_descriptor, p),
                              write_descriptor(start, p, job.key_lines, fused, tag));
      });
    }
    stage_fork_.branch(2, [&] { return fetched || next_key_row(job, second); });
    stage_fork_.branch(3, [&] {
      return put(keys_.read_descriptor, {start, 1, job.key_lines, tag});
    });
    if (stage_fork_.finished()) stage_.reset();
  }

  bool next_key_row(const Job& job, bool second) {
    if (key_row_) return false;
    const int bits = second ? 4 : job.key_bits;
    const int fused = second ? 1 : job.key_fused;
    const std::uint32_t base =
        (second ? 0xAB20000U : 0xAB10000U) + 0x10000U * static_cast<unsigned>(job.id);
    const int left = job.keys - key_index_row_ * lanes_;
    key_row_ = fetcher_.row(false, bits, fused, key_index_row_ == 0);
    key_row_->last = left <= lanes_;
    add_vectors(*key_row_, base, key_index_row_, 0, std::min(lanes_, left), bits * fused);
    key_index_row_ = key_row_->last ? 0 : key_index_row_ + 1;
    return key_row_->last;
  }

  /// A second pass goes before a new request, unless that has locked the arbiter.
  void start_request(Cycle now) {
    const int source = start_arbiter_.pick(repeat_.out.has_value(), allocated_.has_value());
    if (source >= 0) {
      std::optional<Request>& request = source == 0 ? repeat_.out : allocated_;
      start_fork_.branch(0, [&] {
        if (!in_flight_.room(now)) return false;
        in_flight_.push(*request, now);
        return true;
      });
      start_fork_.branch(1, [&] { return put(stage_, *request); });
      if (start_fork_.finished()) {
        start_arbiter_.locked = false;
        request.reset();
      }
    }
    repeat_.step(repeat_request_);
  }

  void allocate_keys(Cycle now) {
    if (allocated_ || allocated_jobs_ == jobs_.size()) return;
    Job& job = *jobs_[allocated_jobs_];
    const int size = job.part == 0 ? job.key_lines * job.key_fused : 0;
    if (!key_space_.fits(size, now)) return;
    if (job.part == 0) std::tie(job.key_start, job.key_tag) = key_space_.allocate(size);
    allocated_ = Request{&job, false};
    ++allocated_jobs_;
  }

  int units_, lanes_, levels_;  // S, CH, log2(S)
  std::vector<std::unique_ptr<Job>> jobs_;
  Result result_;
  std::vector<std::vector<int>> rom_;
  Fetcher fetcher_;
  Buffer keys_, values_;
  Allocator key_space_, value_space_;

  std::size_t allocated_jobs_ = 0, responded_ = 0;
  std::optional<Request> allocated_, stage_, repeat_request_;
  SkidRegister<Request> repeat_;
  Arbiter start_arbiter_;
  Fork<2> start_fork_;
  Fifo<Request> in_flight_{16};
  Fork<5> stage_fork_;  // write ports 0 and 1, addresses, read, last line
  std::optional<FetchRow> key_row_;
  int key_index_row_ = 0;

  bool pass_starts_ = true, maximum_ = false;
  std::optional<Fragment> broadcast_;
  std::array<std::optional<Fragment>, 7> products_;  // multiply, then six adder levels
  std::vector<std::optional<Fragment>> tree_;
  Fifo<Fragment> scores_, normal_rows_, top_k_, score_queue_;
  std::optional<Fragment> decided_, ordered_, rebatched_;
  Fork<2> decided_fork_;  // re-quantise buffer, report
  Arbiter order_arbiter_;
  int needed_ = 0, finished_ = 0, next_part_ = 0;
  Job* value_owner_ = nullptr;
  std::array<std::optional<Fragment>, 2> reloaded_;
  int reload_row_ = 0, reload_group_ = 0;

  int adjusted_ = 0, selected_ = 0, waited_ = 0, rows_in_top_k_ = 0;
  Arbiter value_arbiter_;
  std::optional<Fragment> value_;
  Fork<5> value_fork_;  // write ports 0 and 1, addresses, read, score queue
  std::optional<FetchRow> collected_;
  bool collected_all_ = false;
  int collected_count_ = 0;
  std::deque<std::pair<Cycle, const Job*>> responses_;
};

}  // namespace

bool may_requantise(const Row& row) {
  return row.if_requant || row.key_bits == -1 || row.key_bits == 10 || row.key_bits == 12;
}

Result run(const Settings& settings, const std::vector<Row>& rows) {
  return Model(settings, rows).run();
}

}  // namespace hdp::test::plain
