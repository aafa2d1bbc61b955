// SPDX-License-Identifier: Apache-2.0
#include "machine.hpp"

namespace hdp::spatten_rtl {

Machine::Machine(const Shape& shape, std::span<const Request> requests)
    : responses(requests.size()),
      last_scores{std::vector<std::optional<Cycle>>(requests.size()),
                  std::vector<std::optional<Cycle>>(requests.size())},
      shape_(shape),
      requests_(requests),
      rom_(shape.buffer_lines, shape.lanes, shape.indexes()),
      keys_buffer_(shape_, -1),
      values_buffer_(shape_, -1),
      fetcher_(shape_),
      front_end_(requests, rom_, shape_, keys_buffer_),
      decision_(shape_),
      requantise_buffer_(shape_),
      values_(requests, rom_, shape_, values_buffer_, responses),
      top_k_(requests, shape_) {}

void Machine::step() {
  values_.multiply(now_);
  values_buffer_.reader.step(now_);
  values_buffer_.writer.step(now_);
  keys_buffer_.writer.step(now_);
  fill_buffers();
  fetcher_.step(now_);
  values_.step(fetcher_, now_);
  top_k_.step(values_, requantise_buffer_.out, now_);
  decide();
  multiply_keys();
  keys_buffer_.reader.step(now_);
  front_end_.step(fetcher_, now_);
  keys_buffer_.writer.commit();
  values_buffer_.writer.commit();
  ++now_;
}

// Two lines at a time, a port each, which may take them at different times.
void Machine::fill_buffers() {
  Realigner& source = fetcher_.realigner();
  if (!source.valid()) return;
  LineWriter& writer = source.matrix() == Matrix::Key ? keys_buffer_.writer : values_buffer_.writer;
  for (std::size_t port = 0; port < 2; ++port) {
    if (written_[port] || !writer.data_ready(port)) continue;
    writer.push_data(port);
    written_[port] = true;
  }
  if (!written_[0] || !written_[1]) return;
  written_ = {};
  source.take();
}

void Machine::decide() {
  const auto& out = decision_.out;
  const bool requantises =
      out.valid && requests_[static_cast<std::size_t>(out.value.request)].requantises;
  requantise_buffer_.step(decision_, requantises, now_);
  if (out.valid) {
    if (!decision_.reported) decision_.reported = front_end_.report(out.value, now_);
    if (decision_.reported && decision_.forwarded) {
      if (out.value.last) {
        last_scores[out.value.second ? 1 : 0][static_cast<std::size_t>(out.value.request)] =
            Cycle{now_};
      }
      decision_.out.valid = false;
      decision_.reported = decision_.forwarded = false;
    }
  }
  decision_.step(now_);
}

void Machine::multiply_keys() {
  dot_product_.step(decision_, now_);
  LineReader& reader = keys_buffer_.reader;
  if (!reader.valid() || !dot_product_.ready()) return;
  qk_passes_ += reader.last() ? 1 : 0;
  dot_product_.push(front_end_.multiply(reader.last()));
  reader.take();
  ++qk_lines_;
}

}  // namespace hdp::spatten_rtl
