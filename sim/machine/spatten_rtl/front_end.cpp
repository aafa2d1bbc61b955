// SPDX-License-Identifier: Apache-2.0
#include "front_end.hpp"

#include <algorithm>

namespace hdp::spatten_rtl {
namespace {

constexpr std::size_t kRoomForNew = 8;  // in the reports, else only second passes go on

}  // namespace

bool FrontEnd::report(const Fragment& fragment, Time now) {
  if (!fragment.first()) return true;
  if (!reports_.can_pop(now)) return false;
  const Pass pass = reports_.front();
  const Request& request = request_of(pass);
  if (request.requantises && !pass.second) {
    if (!again_.ready()) return false;
    again_.push({pass.request, pass.lines, true});
  } else if (request.key.last) {
    manager_.release(pass.lines.tag, now + 1);
  }
  reports_.pop(now);
  return true;
}

Fragment FrontEnd::multiply(bool last) {
  const Fragment fragment{stage_.value.request, lines_, last, stage_.value.second};
  lines_ = last ? 0 : lines_ + 1;
  if (last) sent_ |= Multiply;
  return fragment;
}

void FrontEnd::step(Fetcher& fetcher, Time now) {
  manager_.step(now);
  branch(fetcher);
  arbitrate(now);
  allocate(now);
  again_.tick();
}

void FrontEnd::branch(Fetcher& fetcher) {
  auto& offer = fetcher.offer(Matrix::Key);
  if (row_.valid && offer.ready()) {
    offer.load(row_.value);
    row_.valid = false;
  }
  if (!stage_.valid) return;
  if ((sent_ | Multiply) != kAll) send(stage_.value);
  if (sent_ == kAll) {
    stage_.valid = false;
    sent_ = 0;
  }
}

void FrontEnd::send(const Pass& pass) {
  // Another head of the same batch finds its keys fetched.
  if (request_of(pass).key.part != 0 && !pass.second) sent_ |= kFetch;
  if ((sent_ & Write0) == 0 && describe_writes(pass, 0)) sent_ |= Write0;
  if ((sent_ & Write1) == 0 && describe_writes(pass, 1)) sent_ |= Write1;
  if ((sent_ & Addresses) == 0 && address_row(pass)) sent_ |= Addresses;
  if ((sent_ & Read) == 0 && describe_read(pass)) sent_ |= Read;
}

bool FrontEnd::describe_writes(const Pass& pass, std::size_t port) {
  auto& descriptor = buffer_.writer.descriptor(port);
  if (!descriptor.ready()) return false;
  const Operand& key = request_of(pass).key;
  if (pass.second) {
    descriptor.load({pass.lines.start + key.lines * key.part + static_cast<std::int32_t>(port), 2,
                     key.lines / 2, 2 * pass.lines.tag + 1});
  } else {
    descriptor.load(first_pass_writes(key, pass.lines, port));
  }
  return true;
}

bool FrontEnd::describe_read(const Pass& pass) {
  auto& descriptor = buffer_.reader.descriptor();
  if (!descriptor.ready()) return false;
  const Operand& key = request_of(pass).key;
  descriptor.load({pass.lines.start + key.lines * key.part, key.lines,
                   2 * pass.lines.tag + (pass.second ? 1 : 0)});
  return true;
}

// True when the last row of addresses has been taken.
bool FrontEnd::address_row(const Pass& pass) {
  if (!row_.ready()) return false;
  const Request& request = request_of(pass);
  FetchRow row;
  row.count = std::min(shape_.lanes, request.key.count - rows_ * shape_.lanes);
  row.first = rows_ == 0;
  row.last = (rows_ + 1) * shape_.lanes >= request.key.count;
  row.context = {Matrix::Key, pass.second ? std::int8_t{kLsbBits} : request.key.bits};
  row.accesses = static_cast<std::int8_t>(pass.second ? kLsbAccesses : request.key.accesses());
  const std::uint32_t base =
      (pass.second ? 0xAB20000U : 0xAB10000U) + 0x10000U * static_cast<std::uint32_t>(request.id);
  const auto indexes = rom_.row(rows_);
  for (std::size_t i = 0; i < static_cast<std::size_t>(row.count); ++i) {
    row.addresses[i] = base + static_cast<std::uint32_t>(indexes[i]) * 32 *
                                  static_cast<std::uint32_t>(row.accesses);
  }
  row_.load(row);
  rows_ = row.last ? 0 : rows_ + 1;
  return row.last;
}

// Second passes first; what has been chosen stays chosen until it has gone both ways.
void FrontEnd::arbitrate(Time now) {
  const bool fresh = allocated_.valid && reports_.occupancy(now) <= 16 - kRoomForNew;
  int port = locked_;
  if (port < 0) port = again_.valid() ? 0 : fresh ? 1 : -1;
  if (port < 0 || !(port == 0 ? again_.valid() : fresh)) return;
  locked_ = port;
  const Pass& pass = port == 0 ? again_.front() : allocated_.value;
  if (!queued_ && reports_.can_push(now)) {
    reports_.push(pass, now);
    queued_ = true;
  }
  if (!staged_ && stage_.ready()) {
    stage_.load(pass);
    staged_ = true;
  }
  if (!queued_ || !staged_) return;
  queued_ = staged_ = false;
  locked_ = -1;
  if (port == 0) {
    again_.pop();
  } else {
    allocated_.valid = false;
  }
}

void FrontEnd::allocate(Time now) {
  if (next_ == requests_.size() || !allocated_.ready()) return;
  const Operand& key = requests_[next_].key;
  const std::int32_t lines = key.part == 0 ? key.lines * key.fused : 0;
  if (!manager_.can_allocate(lines, now)) return;
  allocated_.load({static_cast<std::int32_t>(next_++), manager_.allocate(lines), false});
}

}  // namespace hdp::spatten_rtl
