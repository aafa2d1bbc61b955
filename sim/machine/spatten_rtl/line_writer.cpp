// SPDX-License-Identifier: Apache-2.0
#include "line_writer.hpp"

namespace hdp::spatten_rtl {

void LineWriter::step(Time now) {
  if (writing_ == 0) return;
  for (Bank& bank : banks_) {
    if (!bank.write.valid || now < shape_.ready()) continue;
    bank.written = bank.write;
    bank.write.valid = false;
  }
  arbitrate(0);
  arbitrate(1);
  for (Port& port : ports_) {
    if (port.data && port.descriptor.valid && port.write.ready()) {
      const WriteDescriptor& to = port.descriptor.value;
      port.write.push({shape_.line(to.start + port.done * to.stride), to.tag});
      port.data = false;
      if (++port.done == to.count) {
        port.done = 0;
        port.descriptor.valid = false;
      }
    }
    port.write.tick();
  }
}

void LineWriter::commit() {
  if (writing_ == 0) return;
  for (Bank& bank : banks_) {
    if (!bank.written.valid) continue;
    tags_[static_cast<std::size_t>(bank.written.value.line)] = bank.written.value.tag;
    bank.written.valid = false;
    --writing_;
  }
}

// Round robin; what has been chosen stays chosen until the bank takes it.
void LineWriter::arbitrate(std::int32_t number) {
  Bank& bank = banks_[static_cast<std::size_t>(number)];
  const auto asks = [&](std::size_t port) {
    return ports_[port].write.valid() && (ports_[port].write.front().line & 1) == number;
  };
  std::size_t port = bank.last_port;
  if (!bank.locked && asks(1 - port)) port = 1 - port;
  if (!asks(port)) return;
  bank.last_port = port;
  bank.locked = !bank.write.ready();
  if (bank.locked) return;
  bank.write.load(ports_[port].write.front());
  ports_[port].write.pop();
}

}  // namespace hdp::spatten_rtl
