// SPDX-License-Identifier: Apache-2.0
#include <condition_variable>
#include <list>
#include <map>
#include <mutex>

#include <hdp/base/shared_cache.hpp>

namespace hdp {

struct SharedCache::State {
  struct Slot {
    std::shared_ptr<const void> value;  // null while it is made
    std::size_t bytes = 0;
    std::list<std::string>::iterator use{};
  };

  explicit State(std::size_t most) : most_bytes(most) {}

  void keep(const std::string& key, const Made& made) {
    if (made.bytes > most_bytes / 2) {
      slots.erase(key);
      return;
    }
    Slot& slot = slots[key];
    slot.value = made.value;
    slot.bytes = made.bytes;
    slot.use = uses.insert(uses.begin(), key);
    bytes += made.bytes;
    while (bytes > most_bytes) {
      const auto oldest = slots.find(uses.back());
      bytes -= oldest->second.bytes;
      slots.erase(oldest);
      uses.pop_back();
    }
  }

  const std::size_t most_bytes;
  mutable std::mutex mutex;
  std::condition_variable finished;
  std::map<std::string, Slot> slots;
  std::list<std::string> uses;  // the last one in front; none of what is being made
  std::size_t bytes = 0;
  Counts counts;
};

SharedCache::SharedCache(std::size_t most_bytes) : state_(std::make_unique<State>(most_bytes)) {}
SharedCache::~SharedCache() = default;

std::shared_ptr<const void> SharedCache::find_or_make(const std::string& key,
                                                      const std::function<Made()>& make) {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  for (auto slot = state.slots.find(key); slot != state.slots.end(); slot = state.slots.find(key)) {
    if (slot->second.value) {
      state.uses.splice(state.uses.begin(), state.uses, slot->second.use);
      ++state.counts.found;
      return slot->second.value;
    }
    state.finished.wait(lock);
  }
  state.slots[key];
  lock.unlock();
  try {
    const Made made = make();
    lock.lock();
    ++state.counts.made;
    state.keep(key, made);
    state.finished.notify_all();
    return made.value;
  } catch (...) {
    if (!lock) lock.lock();
    state.slots.erase(key);
    state.finished.notify_all();
    throw;
  }
}

SharedCache::Counts SharedCache::counts() const {
  const std::lock_guard lock(state_->mutex);
  return state_->counts;
}

}  // namespace hdp
