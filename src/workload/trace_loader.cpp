// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "workload/trace_contents.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>
#include <hdp/base/one_line.hpp>

namespace hdp {
namespace {

Trace checked_trace(std::shared_ptr<Trace::Contents> trace, std::span<const std::byte> bytes,
                    const std::string& path) {
  trace->file = Safetensors::parse(bytes, path);
  try {
    detail::read_layers(*trace);
    detail::read_stage(*trace);
    detail::read_scales(*trace);
  } catch (const UserError& error) {
    throw error.within(path);
  }
  trace->sha256 = sha256_hex(bytes);
  return Trace(std::move(trace));
}

}  // namespace

Trace load_trace(const std::filesystem::path& path) { return load_trace(InputFile(path), path); }

Trace load_trace(InputFile file, const std::filesystem::path& path) {
  auto trace = std::make_shared<Trace::Contents>();
  trace->name = one_line(path.stem().string());
  const auto& stored = trace->storage.emplace<InputFile>(std::move(file));
  return checked_trace(trace, stored.bytes(), path.string());
}

Trace trace_from_bytes(std::vector<std::byte> bytes, std::string name) {
  auto trace = std::make_shared<Trace::Contents>();
  trace->name = std::move(name);
  const auto& stored = trace->storage.emplace<std::vector<std::byte>>(std::move(bytes));
  return checked_trace(trace, stored, trace->name);
}

}  // namespace hdp
