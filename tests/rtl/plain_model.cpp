// SPDX-License-Identifier: Apache-2.0
#include "plain_model.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <deque>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

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
  explicit JavaRandom(std::uint64_t seed) : state_((seed ^ 0x5DEECE66DULL) & kMask) {}
  std::int32_t next_int() { return static_cast<std::int32_t>(next(32)); }
  int next_int(int bound) {
    if (std::has_single_bit(static_cast<unsigned>(bound))) {
      return static_cast<int>((static_cast<std::int64_t>(bound) * next(31)) >> 31);
    }
    for (;;) {
      const std::int64_t bits = next(31);
      const std::int64_t value = bits % bound;
      if (bits - value + (bound - 1) <= INT32_MAX) return static_cast<int>(value);
    }
  }

 private:
  static constexpr std::uint64_t kMask = (1ULL << 48) - 1;
  std::int64_t next(int bits) {
    state_ = (state_ * 0x5DEECE66DULL + 0xB) & kMask;
    return static_cast<std::int64_t>(state_ >> (48 - bits));
  }
  std::uint64_t state_;
};

/// Push at c, pop from c + 2 on; a pop at c frees room at c + 1. Pops are evaluated before pushes.
template <class T>
class Fifo {
 public:
  explicit Fifo(int depth) : depth_(static_cast<std::size_t>(depth)) {}
  bool has(Cycle now) const { return !items_.empty() && items_.front().first <= now; }
  bool room(Cycle now) const { return items_.size() + (popped_ == now ? 1 : 0) < depth_; }
  const T& front() const { return items_.front().second; }
  T pop(Cycle now) {
    T item = std::move(items_.front().second);
    items_.pop_front();
    popped_ = now;
    return item;
  }
  void push(T item, Cycle now) { items_.emplace_back(now + 2, std::move(item)); }

 private:
  std::size_t depth_;
  std::deque<std::pair<Cycle, T>> items_;
  Cycle popped_ = -1;
};

/// Moves a register's content on if the next register is empty.
template <class T>
void advance(std::optional<T>& from, std::optional<T>& to) {
  if (from && !to) to = std::exchange(from, std::nullopt);
}

/// `<-/<`: a skid buffer, then a register. Evaluated after whoever takes from `out`.
template <class T>
struct SkidRegister {
  std::optional<T> skid, out;
  bool ready() const { return !skid; }
  void step(std::optional<T>& input) {
    if (!skid && out) return advance(input, skid);
    if (!skid) return advance(input, out);
    advance(skid, out);
  }
};

/// A row of the workload on its way through the machine.
struct Job {
  int id = 0, keys = 0, values = 0;
  int key_bits = 8, value_bits = 8, key_fused = 1, value_fused = 1;
  int key_lines = 0, value_lines = 0;
  int part = 0;
  bool last_part = true, requantise = false;
  int latency = 0;
  Job* key_batch = nullptr;  // the job of part 0
  int key_start = 0, key_tag = 0;
  int value_part = 0;
  bool value_last_part = true;
  Job* value_batch = nullptr;
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
  int index_row = 0, group = 0;  // value indexes, once reloaded
};

/// Circular allocation of buffer lines. Batches are recycled in order, at most one a cycle, so one
/// released early waits for its predecessors; part 1 of a pair takes no tag of its own.
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
  /// First line and tag. B8 gives no width for the tag in the RAM: here it never wraps.
  std::pair<int, int> allocate(int size) {
    const int start = next_;
    next_ = (next_ + size) % capacity_;
    free_ -= size;
    live_.emplace_back(size, -1);
    return {start, tags_++};
  }
  void release(int tag, Cycle now) {
    at(live_, static_cast<int>(live_.size()) - tags_ + tag).second = now;
  }

 private:
  int capacity_, free_;
  int next_ = 0, tags_ = 0;
  std::deque<std::pair<int, Cycle>> live_;  // lines, when released
  Cycle recycled_ = 0;
};

struct WriteDescriptor {
  int start = 0, step = 1, size = 0, tag = 0;
};
struct ReadDescriptor {
  int start = 0, size = 0, tag = 0;
};

/// The key or the value buffer: two write ports, two banks, one speculative read port (B8).
class Buffer {
 public:
  explicit Buffer(int lines)
      : lines_(lines), ready_at_(16 + lines / 2), tags_(static_cast<std::size_t>(lines), -1) {}

  std::array<std::optional<WriteDescriptor>, 2> write_descriptor;
  std::array<std::optional<bool>, 2> write_data;  // the data registers
  std::optional<ReadDescriptor> read_descriptor;
  std::optional<bool> line;  // D: a line for the multipliers; true: the pass's last

  void read(Cycle now) {
    const int old_commit = commit_;
    bool rollback = false;
    if (c_ && c_->flag != flag_) {
      c_.reset();
    } else if (c_ && !c_->match) {
      c_.reset();
      rollback = true;
    } else if (c_ && !line) {
      line = c_->last;
      c_.reset();
      ++commit_;
    }
    const int bank = locked_ >= 0 ? locked_ : (b_[0] ? 0 : 1);
    locked_ = c_ && at(b_, bank) ? bank : -1;
    advance(at(b_, bank), c_);
    for (int i = 0; i < 2; ++i) advance(at(a_, i), at(b_, i));
    if (issued_ && now >= ready_at_) {
      const int address = issued_->address;
      issued_->match = tags_[static_cast<std::size_t>(address)] == issued_->tag;
      advance(issued_, at(a_, address & 1));
    }
    if (!issued_ && issue_ != push_ && !dead_) {
      issued_ = ring_[static_cast<std::size_t>(issue_ % 16)];
      issued_->flag = flag_;
      ++issue_;
    }
    if (rollback) {
      issue_ = commit_;
      flag_ = !flag_;
    }
    dead_ = issue_ == push_;  // a slot written now cannot be issued in the next cycle
    if (generated_ && push_ - old_commit < 15) {
      ring_[static_cast<std::size_t>(push_ % 16)] = *std::exchange(generated_, std::nullopt);
      ++push_;
    }
    if (read_descriptor && !generated_) {
      const ReadDescriptor& d = *read_descriptor;
      const bool last = ++generated_count_ == d.size;
      generated_ = Read{(d.start + generated_count_ - 1) % lines_, d.tag, last};
      if (last) {
        generated_count_ = 0;
        read_descriptor.reset();
      }
    }
  }

  /// After read(): a read sees the tag from before a write of the same cycle.
  void write(Cycle now) {
    for (std::optional<Write>& w : bank_) {
      if (!w || now < ready_at_) continue;
      tags_[static_cast<std::size_t>(w->address)] = w->tag;
      w.reset();
    }
    for (int bank = 0; bank < 2; ++bank) arbitrate(bank);
    for (int p = 0; p < 2; ++p) {
      std::optional<WriteDescriptor>& d = at(write_descriptor, p);
      std::optional<Write> next;
      // Data beyond the descriptor's size would be thrown; whole pops of two lines never exceed it.
      if (at(write_data, p) && d && at(port_, p).ready()) {
        next = Write{(d->start + at(count_, p) * d->step) % lines_, d->tag};
        at(write_data, p).reset();
        if (++at(count_, p) == d->size) {
          at(count_, p) = 0;
          d.reset();
        }
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

  void arbitrate(int bank) {
    const auto wants = [&](int p) {
      return at(port_, p).out && (at(port_, p).out->address & 1) == bank;
    };
    int& last = at(routed_, bank);
    bool& waits = at(waiting_, bank);
    const int p = waits || !wants(1 - last) ? last : 1 - last;
    if (!wants(p)) return;
    last = p;
    waits = at(bank_, bank).has_value();
    advance(at(port_, p).out, at(bank_, bank));
  }

  int lines_;
  Cycle ready_at_;
  std::vector<int> tags_;
  std::array<int, 2> count_{};
  std::array<SkidRegister<Write>, 2> port_;
  std::array<std::optional<Write>, 2> bank_;
  std::array<int, 2> routed_{1, 1};
  std::array<bool, 2> waiting_{};
  std::array<Read, 16> ring_{};
  std::optional<Read> generated_, issued_, c_;
  std::array<std::optional<Read>, 2> a_, b_;
  int generated_count_ = 0, push_ = 0, issue_ = 0, commit_ = 0, locked_ = -1;
  bool flag_ = false, dead_ = false;
};

/// One HBM2 channel behind the DPI (B7, B9).
class Channel {
 public:
  std::optional<int> response;  // the lane that it is for
  bool ready() const { return !retry_; }

  /// One clock edge: `request` is what was accepted in this cycle.
  void clock(std::optional<std::pair<int, std::uint32_t>> request, Cycle now) {
    if (request) {
      lanes_.push_back(request->first);
      retry_ = request->second;
    }
    if (retry_ && outstanding_ < 16) {
      queue_.push_back(decode(*retry_, now));
      retry_.reset();
      ++outstanding_;
    }
    if (!response && completed_ > 0) {
      response = lanes_.front();  // k-th completion serves k-th request
      lanes_.pop_front();
      --completed_;
      --outstanding_;
    }
    tick(now);
  }

 private:
  struct Bank {
    Cycle row = -1, activate = 0, read = 0, precharge = 0;
  };
  struct PseudoChannel {
    Cycle read = 0, activate = 0;
    std::array<Cycle, 4> group_activate{};
    std::array<Cycle, 4> last_activates{-100, -100, -100, -100};
  };
  struct Access {
    std::size_t pseudo = 0, group = 0, bank = 0;
    Cycle row = 0, arrival = 0;
  };

  static Access decode(std::uint32_t x, Cycle now) {
    const std::size_t pseudo = (x >> 5) & 1;
    const std::size_t group = (x >> 6) & 3;
    return {pseudo, group, (pseudo * 4 + group) * 4 + ((x >> 8) & 3), x >> 10, now};
  }

  static bool older(const Access& a, const Access& b) { return a.arrival < b.arrival; }

  void read(const Access& a, Cycle now) {
    reading_.push_back(now + 11);
    pseudo_[a.pseudo].read = now + 4;
    banks_[a.bank].precharge = std::max(banks_[a.bank].precharge, now + 3);
  }

  void tick(Cycle now) {
    if (!reading_.empty() && reading_.front() <= now) {
      reading_.pop_front();
      ++completed_;
    }
    const auto readable = [&](const Access& a) {
      return banks_[a.bank].row == a.row && banks_[a.bank].read <= now &&
             pseudo_[a.pseudo].read <= now;
    };
    const auto oldest = std::find_if(active_.begin(), active_.end(), readable);
    if (oldest != active_.end()) {
      read(*oldest, now);
      active_.erase(oldest);
      return;
    }
    for (auto a = queue_.begin(); a != queue_.end(); ++a) {
      Bank& bank = banks_[a->bank];
      PseudoChannel& pseudo = pseudo_[a->pseudo];
      if (bank.row == a->row) {
        if (!readable(*a)) continue;
        read(*a, now);
        queue_.erase(a);
        return;
      }
      if (bank.row >= 0) {
        const auto same_bank = [&](const Access& o) { return o.bank == a->bank; };
        if (std::max(bank.precharge, row_command_) > now) continue;
        if (std::any_of(active_.begin(), active_.end(), same_bank)) return;
        bank.row = -1;
        bank.activate = std::max(bank.activate, now + 7);
        return;
      }
      if (std::max({bank.activate, pseudo.activate, pseudo.group_activate[a->group],
                    pseudo.last_activates[0] + 15, row_command_}) > now) {
        continue;
      }
      bank = {a->row, now + 19, now + 7, now + 17};
      pseudo.activate = now + 2;
      row_command_ = now + 2;
      pseudo.group_activate[a->group] = now + 3;
      std::rotate(pseudo.last_activates.begin(), pseudo.last_activates.begin() + 1,
                  pseudo.last_activates.end());
      pseudo.last_activates.back() = now;
      active_.insert(std::upper_bound(active_.begin(), active_.end(), *a, older), *a);
      queue_.erase(a);
      return;
    }
  }

  std::optional<std::uint32_t> retry_;
  std::deque<int> lanes_;
  std::vector<Access> queue_, active_;
  std::deque<Cycle> reading_;
  std::array<Bank, 32> banks_{};
  std::array<PseudoChannel, 2> pseudo_{};
  /// An ACT holds the row commands of the whole channel for two cycles; B9 is silent on this.
  Cycle row_command_ = 0;
  int outstanding_ = 0, completed_ = 0;
};

/// What a fetch is for, kept until its last line has been aligned.
struct FetchContext {
  bool value = false;
  int pop = 0;  // elements that make two buffer lines
};

/// Addresses of up to CH vectors.
struct FetchRow {
  std::vector<std::uint32_t> addresses;
  int transactions = 1;  // F, per vector
  bool first = false, last = false;
  FetchContext context;
};

/// The matrix fetcher, its crossbar and the memory (B4 to B7).
class Fetcher {
 public:
  Fetcher(int lanes, int channels, int multipliers) : context_(16), channels_(asize(channels)) {
    lanes_.resize(asize(lanes));
    const int line_bits = 2 * multipliers;
    element_bits_ = std::gcd(lanes * 256, 2 * line_bits);
    push_ = lanes * 256 / element_bits_;
    capacity_ = 2 * std::max(push_, 8 * line_bits / element_bits_);
    line_bits_ = line_bits;
    grants_.assign(asize(channels), -1);
  }

  std::array<std::optional<FetchRow>, 2> requests;  // 0: keys, 1: values
  std::int64_t reads = 0;
  Cycle last_read = 0;

  FetchContext context(bool value, int bits) const {
    return {value, bits * line_bits_ / element_bits_};
  }

  /// Arbiter to address FIFOs. Their room is registered, so this may run before the loaders.
  void issue(Cycle now) {
    if (split_) {
      const bool fits = std::all_of(lanes_.begin(), lanes_.end(),
                                    [&](const Lane& l) { return l.addresses.room(now); });
      if (fits && (!split_->first || context_.room(now))) {
        for (std::size_t k = 0; k < lanes_.size(); ++k) {
          lanes_[k].addresses.push({split_->enabled > k, split_->last, split_->address(k)}, now);
        }
        if (split_->first) context_.push(split_->row->context, now);
        split_.reset();
      }
    }
    advance(prepared_, split_);
    const int i = granted_ >= 0 ? granted_ : (requests[asize(1 - routed_)] ? 1 - routed_ : routed_);
    std::optional<FetchRow>& request = requests[asize(i)];
    if (!request) return;
    routed_ = granted_ = i;
    if (prepared_) return;
    if (sub_ == 0) current_ = std::make_shared<FetchRow>(*request);
    prepared_ = SubRow{current_,
                       asize(sub_),
                       lanes_.size(),
                       request->first && sub_ == 0,
                       request->last && sub_ + 1 == request->transactions,
                       0};
    prepared_->count();
    if (++sub_ == request->transactions) {
      sub_ = 0;
      if (request->last) granted_ = -1;
      request.reset();
    }
  }

  /// Loaders to the write data registers of the two buffers.
  void collect(Buffer& keys, Buffer& values, Cycle now) {
    if (converted_) {
      Buffer& buffer = *converted_ ? values : keys;
      for (std::size_t p = 0; p < 2; ++p) {
        if (written_[p] || buffer.write_data[p]) continue;
        buffer.write_data[p] = true;
        written_[p] = true;
      }
      if (written_[0] && written_[1]) {
        written_ = {};
        converted_.reset();
      }
    }
    advance(aligned_, converted_);
    realign(now);
    if (!exit_ && std::all_of(lanes_.begin(), lanes_.end(),
                              [&](const Lane& l) { return l.responses.has(now); })) {
      exit_.emplace();
      for (Lane& l : lanes_) exit_->push_back(l.responses.pop(now));
    }
    load(now);
  }

 private:
  struct Slot {
    bool enabled = false, last = false;
    std::uint32_t address = 0;
  };
  struct Lane {
    Fifo<Slot> addresses{16}, requests{64}, responses{64};
    std::optional<Slot> request;
    std::optional<std::uint32_t> read_address;
  };
  /// CH of a request row's transactions.
  struct SubRow {
    std::shared_ptr<FetchRow> row;
    std::size_t j = 0, lanes = 0;
    bool first = false, last = false;
    std::size_t enabled = 0;
    void count() {
      const std::size_t total = row->addresses.size() * asize(row->transactions);
      enabled = total > j * lanes ? std::min(lanes, total - j * lanes) : 0;
    }
    std::uint32_t address(std::size_t k) const {
      if (k >= enabled) return 0;
      const std::size_t f = asize(row->transactions);
      const std::size_t t = k + j * lanes;
      return row->addresses[t / f] + 32 * static_cast<std::uint32_t>(t % f);
    }
  };
  struct Element {
    bool pad = false, last = false;
  };

  static std::size_t asize(int i) { return static_cast<std::size_t>(i); }

  void realign(Cycle now) {
    const int size = static_cast<int>(elements_.size());
    if (context_.has(now) && size >= context_.front().pop) {
      const FetchContext context = context_.front();
      const bool pad = elements_.front().pad;
      if (pad || !aligned_) {
        const Element end = elements_[asize(context.pop - 1)];
        elements_.erase(elements_.begin(), elements_.begin() + context.pop);
        if (!pad) {
          aligned_ = context.value;
          if (end.last || end.pad) context_.pop(now);
        }
      }
    }
    if (!exit_ || size + push_ > capacity_) return;
    const std::size_t step = lanes_.size() / asize(push_);
    for (std::size_t i = 0; i < lanes_.size(); i += step) {
      const bool pad = !(*exit_)[i].enabled;
      const bool final = i + step == lanes_.size();
      elements_.push_back(
          {pad, !pad && (final ? exit_->back().last : !(*exit_)[i + step].enabled)});
    }
    exit_.reset();
  }

  void load(Cycle now) {
    std::vector<std::optional<std::pair<int, std::uint32_t>>> accepted(channels_.size());
    // Responses: every lane takes from the lowest channel that has something for it.
    std::vector<std::size_t> source(lanes_.size(), channels_.size());
    for (std::size_t c = channels_.size(); c-- > 0;) {
      if (channels_[c].response) source[asize(*channels_[c].response)] = c;
    }
    for (std::size_t k = 0; k < lanes_.size(); ++k) {
      Lane& l = lanes_[k];
      if (l.requests.has(now) && l.responses.room(now)) {
        if (!l.requests.front().enabled) {
          l.responses.push(l.requests.pop(now), now);
        } else if (source[k] < channels_.size()) {
          l.responses.push(l.requests.pop(now), now);
          channels_[source[k]].response.reset();
          ++reads;
          last_read = now;
        }
      }
      if (l.request && l.requests.room(now)) {
        l.requests.push(*std::exchange(l.request, std::nullopt), now);
      }
    }
    // Addresses: the lowest lane wins a channel and keeps it until it is accepted.
    for (std::size_t k = 0; k < lanes_.size(); ++k) {
      if (!lanes_[k].read_address) continue;
      int& grant = grants_[(*lanes_[k].read_address >> 5) % channels_.size()];
      if (grant < 0) grant = static_cast<int>(k);
    }
    for (std::size_t c = 0; c < channels_.size(); ++c) {
      if (grants_[c] < 0 || !channels_[c].ready()) continue;
      std::optional<std::uint32_t>& address = lanes_[asize(grants_[c])].read_address;
      const auto shift = std::bit_width(channels_.size()) - 1;
      accepted[c] = {grants_[c], (*address >> (5 + shift)) << 1};
      address.reset();
      grants_[c] = -1;
    }
    for (std::size_t c = 0; c < channels_.size(); ++c) channels_[c].clock(accepted[c], now);
    for (Lane& l : lanes_) {
      if (!l.addresses.has(now) || l.request) continue;
      if (l.addresses.front().enabled && l.read_address) continue;
      l.request = l.addresses.pop(now);
      if (l.request->enabled) l.read_address = l.request->address;
    }
  }

  int line_bits_ = 0, element_bits_ = 0, push_ = 0, capacity_ = 0;
  std::optional<SubRow> prepared_, split_;
  std::shared_ptr<FetchRow> current_;
  int granted_ = -1, routed_ = 1, sub_ = 0;
  Fifo<FetchContext> context_;
  std::vector<Lane> lanes_;
  std::vector<Channel> channels_;
  std::vector<int> grants_;
  std::optional<std::vector<Slot>> exit_;
  std::deque<Element> elements_;
  std::optional<bool> aligned_, converted_;
  std::array<bool, 2> written_{};
};

/// Row i: CH of the indexes i CH .. i CH + 2 CH - 1, sorted (B3).
std::vector<std::vector<int>> index_rom(int rows, int lanes, int max_keys) {
  JavaRandom random(1);
  std::vector<std::vector<int>> rom;
  for (int row = 0; row < rows; ++row) {
    std::vector<int> all(static_cast<std::size_t>(2 * lanes));
    std::iota(all.begin(), all.end(), 0);
    for (int n = 2 * lanes; n > 1; --n) {
      std::swap(all[static_cast<std::size_t>(n - 1)],
                all[static_cast<std::size_t>(random.next_int(n))]);
    }
    all.resize(static_cast<std::size_t>(lanes));
    std::sort(all.begin(), all.end());
    for (int& index : all) index = (index + row * lanes) % max_keys;
    rom.push_back(std::move(all));
  }
  return rom;
}

/// Quick-select with a random pivot, as the artefact's latency model plays it (section E).
int top_k_latency(JavaRandom& random, int size, int target, int parallelism) {
  std::vector<std::int32_t> live(static_cast<std::size_t>(size));
  for (std::int32_t& x : live) x = random.next_int();
  int latency = 0;
  while (!live.empty()) {
    latency += divide_up(static_cast<int>(live.size()), parallelism) + 3;
    const int n = static_cast<int>(live.size());
    const std::int32_t pivot = live[static_cast<std::size_t>(random.next_int(n))];
    const auto less = static_cast<int>(
        std::count_if(live.begin(), live.end(), [&](std::int32_t x) { return x < pivot; }));
    const auto equal = static_cast<int>(std::count(live.begin(), live.end(), pivot));
    if (target >= less && target < less + equal) break;
    const bool below = target < less;
    std::erase_if(live, [&](std::int32_t x) { return below ? x >= pivot : x <= pivot; });
    if (!below) target -= less + equal;
  }
  return latency;
}

class Model {
 public:
  Model(const Settings& settings, const std::vector<Row>& rows)
      : units_(settings.multipliers / 64),
        channels_(16 / settings.bandwidth_downsample),
        lanes_(std::max(32 / settings.bandwidth_downsample, units_)),
        groups_(lanes_ / units_),
        tree_levels_(std::bit_width(static_cast<unsigned>(units_)) - 1),
        rom_(index_rom(settings.buffer_lines, lanes_, units_ * settings.buffer_lines)),
        fetcher_(lanes_, channels_, settings.multipliers),
        keys_(settings.buffer_lines),
        values_(settings.buffer_lines),
        key_space_(settings.buffer_lines),
        value_space_(settings.buffer_lines),
        scores_(settings.buffer_lines),
        waiting_rows_(16 * settings.buffer_lines),
        top_k_(settings.buffer_lines),
        score_queue_(groups_ * 16),
        tree_(static_cast<std::size_t>(tree_levels_)) {
    add_jobs(settings, rows);
  }

  Result run() {
    std::size_t responses = 0;
    Cycle last_response = 0;
    for (Cycle now = 16; responses < jobs_.size(); ++now) {
      while (!responses_.empty() && responses_.front().first == now) {
        respond(*responses_.front().second, now);
        responses_.pop_front();
        ++responses;
        last_response = now;
      }
      multiply_values(now);
      values_.read(now);
      values_.write(now);
      fetcher_.issue(now);
      fetch_values(now);
      select_values(now);
      pass_scores(now);
      decide(now);
      multiply_keys(now);
      keys_.read(now);
      keys_.write(now);
      fetcher_.collect(keys_, values_, now);
      fetch_keys(now);
      start_requests(now);
      if (now - std::max(last_response, fetcher_.last_read) > 1'000'000) {
        throw std::runtime_error("hangs after " + std::to_string(responses) + " responses");
      }
    }
    result_.cycles = last_response;
    result_.dram_reads = fetcher_.reads;
    return result_;
  }

 private:
  void add_jobs(const Settings& settings, const std::vector<Row>& rows) {
    JavaRandom random(1);
    result_.rows.resize(rows.size());
    const auto mapped = [](int bits) { return bits == 4 || bits == 6 ? bits : 8; };
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Row& row = rows[i];
      Job job;
      job.id = static_cast<int>(i);
      job.keys = round_up(row.key_count, settings.fetch_padding);
      job.values = round_up(row.value_count, settings.fetch_padding);
      if (job.values > job.keys) throw std::invalid_argument("more values than keys");
      if (units_ == 8 && (job.keys % 32 != 0 || job.values % 32 != 0)) {
        throw std::invalid_argument("counts have to be multiples of 32 with 512 multipliers");
      }
      job.key_bits = mapped(row.key_bits);
      job.value_bits = mapped(row.value_bits);
      job.key_fused = job.key_bits == 6 ? 2 : 1;
      job.value_fused = job.value_bits == 6 ? 2 : 1;
      job.key_lines = round_up(divide_up(job.keys, units_), 2);
      job.value_lines = round_up(divide_up(job.values, units_), 2);
      const bool partner =
          job.key_fused == 2 && i > 0 && jobs_.back()->key_fused == 2 && jobs_.back()->part == 0;
      job.part = partner ? 1 : 0;
      job.last_part = job.part == job.key_fused - 1;
      job.requantise = settings.requantised_rows.contains(i);
      if (job.requantise && !may_requantise(row)) {
        throw std::invalid_argument("row " + std::to_string(i) + " does not re-quantise");
      }
      if (job.part == 0) {
        job.latency =
            top_k_latency(random, row.key_count, row.value_count, settings.top_k_parallelism);
      }
      jobs_.push_back(std::make_unique<Job>(job));
      jobs_.back()->key_batch = partner ? jobs_[i - 1].get() : jobs_.back().get();
      result_.rows[i].top_k_latency = job.latency;
      result_.rows[i].requantised = job.requantise;
    }
  }

  RowResult& row_of(const Job& job) { return result_.rows[static_cast<std::size_t>(job.id)]; }

  // --- values ---

  void respond(const Job& job, Cycle now) {
    row_of(job).response_cycle = now;
    if (job.value_last_part) value_space_.release(job.value_batch->value_tag, now);
  }

  void multiply_values(Cycle now) {
    if (!score_queue_.has(now) || !values_.line) return;
    const Fragment score = score_queue_.pop(now);
    values_.line.reset();
    if (score.last) responses_.emplace_back(now + 3 + tree_levels_, score.job);
  }

  /// The collector of addresses and the 4-way fork behind the value allocation.
  void fetch_values(Cycle now) {
    if (collected_full_ && !fetcher_.requests[1]) {
      advance(collected_, fetcher_.requests[1]);
      collected_full_ = false;
    }
    if (!value_) return;
    const Fragment& f = *value_;
    Job& job = *f.job;
    const int lines = job.value_lines;
    const bool fused = job.value_fused == 2;
    const Job& owner = *job.value_batch;
    for (int p = 0; p < 2; ++p) {
      auto& descriptor = values_.write_descriptor[static_cast<std::size_t>(p)];
      bool& done = value_done_[static_cast<std::size_t>(p)];
      if (!done && !(f.first && job.value_part == 0)) done = true;
      if (done || descriptor) continue;
      descriptor = fused ? WriteDescriptor{owner.value_start + lines * p, 1, lines, owner.value_tag}
                         : WriteDescriptor{owner.value_start + p, 2, lines / 2, owner.value_tag};
      done = true;
    }
    if (!value_done_[2]) value_done_[2] = job.value_part != 0 || collect(f);
    if (!value_done_[3] && (!f.first || !values_.read_descriptor)) {
      if (f.first) {
        values_.read_descriptor =
            ReadDescriptor{owner.value_start + lines * job.value_part, lines, owner.value_tag};
      }
      value_done_[3] = true;
    }
    if (!value_done_[4] && score_queue_.room(now)) {
      score_queue_.push(f, now);
      value_done_[4] = true;
    }
    if (std::all_of(value_done_.begin(), value_done_.end(), [](bool d) { return d; })) {
      value_done_ = {};
      value_.reset();
    }
  }

  bool collect(const Fragment& f) {
    if (collected_full_) return false;
    const Job& job = *f.job;
    if (!collected_) {
      collected_ = FetchRow{{},
                            job.value_bits * job.value_fused / 4,
                            value_row_first_,
                            false,
                            fetcher_.context(true, job.value_bits)};
    }
    const std::vector<int>& indexes = rom_[static_cast<std::size_t>(f.index_row)];
    const int taken = f.first ? 0 : collected_values_;
    const int length = std::min(units_, job.values - taken);
    collected_values_ = taken + length;
    for (int i = 0; i < length; ++i) {
      const int index = indexes[static_cast<std::size_t>(f.group * units_ + i)];
      collected_->addresses.push_back(
          0xCD10000U + 0x10000U * static_cast<std::uint32_t>(job.id) +
          static_cast<std::uint32_t>(index * 8 * job.value_bits * job.value_fused));
    }
    ++collected_fragments_;
    if (f.last || collected_fragments_ == groups_) {
      collected_->last = f.last;
      value_row_first_ = f.last;
      collected_fragments_ = 0;
      collected_full_ = true;
    }
    return true;
  }

  void select_values(Cycle now) {
    const bool top_k_idle = rows_in_top_k_ == 0;
    const auto kept = [&](const Job& job) { return divide_up(job.values, units_); };
    std::optional<Fragment> head;
    bool surplus = false;
    if (top_k_.has(now)) {
      head = top_k_.front();
      surplus = top_k_position_ >= kept(*head->job);
      head->last = head->last || top_k_position_ + 1 == kept(*head->job);
      if (head->first && top_k_waited_ < head->job->latency) {
        head.reset();
      }
      ++top_k_waited_;
    } else {
      top_k_waited_ = 0;
    }
    const auto pop_top_k = [&] {
      const Fragment f = top_k_.pop(now);
      top_k_position_ = f.last ? 0 : top_k_position_ + 1;
      top_k_waited_ = 0;
    };
    // Length adjustment: fragments beyond the row's count are dropped, `last` moves.
    std::optional<Fragment> next = reloaded_[1];
    bool drop = false;
    if (next) {
      const int count = divide_up(next->job->keys, units_);
      drop = adjusted_ >= count;
      next->last = next->last || adjusted_ + 1 == count;
    }
    const bool skips = next && next->job->values >= next->job->keys;
    const bool skip_valid = skips && !drop && top_k_idle;
    const bool top_valid = head && !surplus;
    const int source = select_lock_ >= 0 ? select_lock_ : (top_valid ? 0 : 1);
    bool taken = false;
    if (source == 0 ? top_valid : skip_valid) {
      const Fragment f = source == 0 ? *head : *next;
      select_lock_ = source;
      if (!value_ && allocate_values(f, now)) {
        value_ = f;
        if (f.last) select_lock_ = -1;
        if (source == 0) {
          if (f.last) --rows_in_top_k_;
          pop_top_k();
        } else {
          taken = true;
        }
      }
    }
    if (surplus) pop_top_k();
    if (next && !drop && !skips && top_k_.room(now)) {
      top_k_.push(*next, now);
      if (next->first) ++rows_in_top_k_;
      taken = true;
    }
    if (taken || drop) {
      adjusted_ = reloaded_[1]->last ? 0 : adjusted_ + 1;
      reloaded_[1].reset();
    }
  }

  bool allocate_values(const Fragment& f, Cycle now) {
    if (!f.first || f.job->value_part != 0) return true;
    const int size = f.job->value_lines * f.job->value_fused;
    if (!value_space_.fits(size, now)) return false;
    std::tie(f.job->value_start, f.job->value_tag) = value_space_.allocate(size);
    return true;
  }

  // --- scores ---

  /// Re-quantise buffer, rebatch and index reload.
  void pass_scores(Cycle now) {
    advance(reloaded_[0], reloaded_[1]);
    if (rebatched_ && !reloaded_[0]) {
      const bool row_end = reload_group_ + 1 == groups_;
      rebatched_->index_row = reload_row_;
      rebatched_->group = row_end || rebatched_->last ? 0 : reload_group_ + 1;
      reload_group_ = row_end || rebatched_->last ? 0 : reload_group_ + 1;
      reload_row_ = rebatched_->last ? 0 : reload_row_ + (row_end ? 1 : 0);
      advance(rebatched_, reloaded_[0]);
    }
    if (ordered_ && !rebatched_) {
      Job& job = *ordered_->job;
      if (ordered_->first) {
        job.value_part = next_part_;
        job.value_last_part = next_part_ + 1 >= job.value_fused;
        if (next_part_ == 0) value_batch_ = &job;
        job.value_batch = value_batch_;
      }
      if (ordered_->last) next_part_ = job.value_last_part ? 0 : next_part_ + 1;
      advance(ordered_, rebatched_);
    }
    // The arbiter of the re-quantise buffer; the second pass comes straight from the decision.
    const bool normal = waiting_rows_.has(now) && waiting_rows_.front().need <= finished_;
    const bool second = decided_ && decided_->second && !buffered_;
    const int source = order_lock_ >= 0 ? order_lock_ : (normal ? 0 : 1);
    if (source == 0 ? normal : second) {
      order_lock_ = source;
      if (!ordered_) {
        ordered_ = source == 0 ? waiting_rows_.pop(now) : *decided_;
        if (source == 1) buffered_ = true;
        if (ordered_->last) {
          order_lock_ = -1;
          finished_ = source == 0 ? 0 : finished_ + 1;
        }
      }
    }
  }

  /// Maximum, threshold and report; the scores on their way to the re-quantise buffer.
  void decide(Cycle now) {
    if (decided_) {
      Fragment& f = *decided_;
      const bool again = f.job->requantise && !f.second;
      if (!buffered_ && again) {
        if (f.last) ++needed_;
        buffered_ = true;
      } else if (!buffered_ && !f.second && waiting_rows_.room(now)) {
        f.need = needed_;
        waiting_rows_.push(f, now);
        if (f.last) needed_ = 0;
        buffered_ = true;
      }
      if (!reported_) reported_ = !f.first || report(f, again, now);
      if (buffered_ && reported_) {
        if (f.last) {
          RowResult& row = row_of(*f.job);
          (f.second ? row.second_pass_last_score_cycle : row.first_pass_last_score_cycle) = now;
        }
        buffered_ = reported_ = false;
        decided_.reset();
      }
    }
    if (!decided_ && maximum_ && scores_.has(now)) {
      decided_ = scores_.pop(now);
      if (decided_->last) maximum_ = false;
    }
  }

  bool report(const Fragment& f, bool again, Cycle now) {
    if (!in_flight_.has(now)) return false;
    if (again) {
      if (!repeat_.ready()) return false;
      repeat_request_ = Request{f.job, true};
    } else if (f.job->last_part) {
      key_space_.release(f.job->key_batch->key_tag, now + 1);
    }
    in_flight_.pop(now);
    return true;
  }

  bool enter_scores(const Fragment& f, Cycle now) {
    if (!scores_.room(now) || (f.last && maximum_)) return false;
    scores_.push(f, now);
    if (f.last) maximum_ = true;
    return true;
  }

  /// Shifts a rigid pipeline if its last stage is, or becomes, empty.
  template <class Stages, class Accept>
  static bool shift(Stages& stages, Accept accept) {
    if (stages.back() && !accept(*stages.back())) return false;
    std::move_backward(stages.begin(), std::prev(stages.end()), stages.end());
    stages.front().reset();
    return true;
  }

  void multiply_keys(Cycle now) {
    const auto enter = [&](const Fragment& f) { return enter_scores(f, now); };
    if (tree_.empty()) {
      if (shift(products_, enter)) advance(broadcast_, products_.front());
    } else {
      const bool tree_moves = shift(tree_, enter);
      const auto into_tree = [&](const Fragment& f) {
        if (tree_moves) tree_.front() = f;
        return tree_moves;
      };
      if (shift(products_, into_tree)) advance(broadcast_, products_.front());
    }
    if (broadcast_ || !stage_ || stage_done_[4] || !keys_.line) return;
    const bool last = *std::exchange(keys_.line, std::nullopt);
    broadcast_ = Fragment{stage_->job, stage_->second, pass_starts_, last};
    pass_starts_ = last;
    if (last) stage_done_[4] = true;
  }

  // --- keys ---

  /// The key address generator and the 4-way fork of a request.
  void fetch_keys(Cycle) {
    advance(key_row_, fetcher_.requests[0]);
    if (!stage_) return;
    const Job& job = *stage_->job;
    const Job& batch = *job.key_batch;
    const bool second = stage_->second;
    const bool skipped = job.part != 0 && !second;
    const int tag = 2 * batch.key_tag + (second ? 1 : 0);
    const int part_start = batch.key_start + job.key_lines * job.part;
    for (int p = 0; p < 2; ++p) {
      auto& descriptor = keys_.write_descriptor[static_cast<std::size_t>(p)];
      bool& done = stage_done_[static_cast<std::size_t>(p)];
      if (!done && skipped) done = true;
      if (done || descriptor) continue;
      descriptor = job.key_fused == 2 && !second
                       ? WriteDescriptor{part_start + job.key_lines * p, 1, job.key_lines, tag}
                       : WriteDescriptor{part_start + p, 2, job.key_lines / 2, tag};
      done = true;
    }
    if (!stage_done_[2]) stage_done_[2] = skipped || next_key_row(job, second);
    if (!stage_done_[3] && !keys_.read_descriptor) {
      keys_.read_descriptor = ReadDescriptor{part_start, job.key_lines, tag};
      stage_done_[3] = true;
    }
    if (std::all_of(stage_done_.begin(), stage_done_.end(), [](bool d) { return d; })) {
      stage_done_ = {};
      stage_.reset();
    }
  }

  bool next_key_row(const Job& job, bool second) {
    if (key_row_) return false;
    const int bits = second ? 4 : job.key_bits;
    const int fused = second ? 1 : job.key_fused;
    const std::uint32_t base =
        (second ? 0xAB20000U : 0xAB10000U) + 0x10000U * static_cast<std::uint32_t>(job.id);
    const int start = key_row_index_ * lanes_;
    const int count = std::min(lanes_, job.keys - start);
    const bool last = start + lanes_ >= job.keys;
    key_row_ = FetchRow{{}, bits * fused / 4, start == 0, last, fetcher_.context(false, bits)};
    for (int i = 0; i < count; ++i) {
      const int index = rom_[static_cast<std::size_t>(key_row_index_)][static_cast<std::size_t>(i)];
      key_row_->addresses.push_back(base + static_cast<std::uint32_t>(index * 8 * bits * fused));
    }
    key_row_index_ = last ? 0 : key_row_index_ + 1;
    return last;
  }

  /// Allocation and the arbiter in front of the stage register.
  void start_requests(Cycle now) {
    const int source = start_lock_ >= 0 ? start_lock_ : (repeat_.out ? 0 : 1);
    const std::optional<Request>& chosen = source == 0 ? repeat_.out : allocated_;
    if (chosen) {
      start_lock_ = source;
      if (!start_done_[0] && in_flight_.room(now)) {
        in_flight_.push(*chosen, now);
        start_done_[0] = true;
      }
      if (!start_done_[1] && !stage_) {
        stage_ = *chosen;
        start_done_[1] = true;
      }
      if (start_done_[0] && start_done_[1]) {
        start_done_ = {};
        start_lock_ = -1;
        (source == 0 ? repeat_.out : allocated_).reset();
      }
    }
    repeat_.step(repeat_request_);
    if (!allocated_ && next_job_ < jobs_.size()) {
      Job& job = *jobs_[next_job_];
      const int size = job.part == 0 ? job.key_lines * job.key_fused : 0;
      if (!key_space_.fits(size, now)) return;
      if (job.part == 0) std::tie(job.key_start, job.key_tag) = key_space_.allocate(size);
      allocated_ = Request{&job, false};
      ++next_job_;
    }
  }

  int units_, channels_, lanes_, groups_, tree_levels_;
  std::vector<std::unique_ptr<Job>> jobs_;
  Result result_;
  std::vector<std::vector<int>> rom_;
  Fetcher fetcher_;
  Buffer keys_, values_;
  Allocator key_space_, value_space_;

  std::size_t next_job_ = 0;
  std::optional<Request> allocated_, stage_, repeat_request_;
  SkidRegister<Request> repeat_;
  int start_lock_ = -1;
  std::array<bool, 2> start_done_{};
  Fifo<Request> in_flight_{16};
  std::array<bool, 5> stage_done_{};  // write ports 0 and 1, addresses, read, last line
  std::optional<FetchRow> key_row_;
  int key_row_index_ = 0;

  bool pass_starts_ = true;
  std::optional<Fragment> broadcast_;
  std::array<std::optional<Fragment>, 7> products_;  // multiply, then six adder levels

  Fifo<Fragment> scores_, waiting_rows_, top_k_, score_queue_;
  std::vector<std::optional<Fragment>> tree_;
  bool maximum_ = false;
  std::optional<Fragment> decided_;
  bool buffered_ = false, reported_ = false;
  int needed_ = 0, finished_ = 0, order_lock_ = -1;
  std::optional<Fragment> ordered_, rebatched_;
  int next_part_ = 0;
  Job* value_batch_ = nullptr;
  std::array<std::optional<Fragment>, 2> reloaded_;
  int reload_row_ = 0, reload_group_ = 0, adjusted_ = 0;

  int top_k_waited_ = 0, top_k_position_ = 0, rows_in_top_k_ = 0, select_lock_ = -1;
  std::optional<Fragment> value_;
  std::array<bool, 5> value_done_{};  // write ports 0 and 1, addresses, read, score queue
  std::optional<FetchRow> collected_;
  bool collected_full_ = false, value_row_first_ = true;
  int collected_values_ = 0, collected_fragments_ = 0;
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
