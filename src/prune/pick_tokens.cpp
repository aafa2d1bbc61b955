// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <hdp/prune/pick_tokens.hpp>

namespace hdp {

void TokenPicker::pick(std::span<const std::int32_t> query, double sigma,
                       MatrixView<const std::int64_t> partials, TokenPickerQuery& result) {
  const std::int64_t chunks = partials.rows(), tokens = partials.columns();
  bound_.begin(query, sigma, tokens);
  result.chunks.assign(static_cast<std::size_t>(tokens), 0);
  result.survivors.clear();
  live_.clear();
  for (std::int64_t place = 0; place < tokens; ++place)
    live_.push_back(token_at(tokens_, place, tokens));

  // True where the token's next chunk is wanted.
  const auto read = [&](std::int64_t token, std::int64_t chunk) {
    const auto t = static_cast<std::size_t>(token);
    ++result.chunks[t];
    const Verdict verdict = bound_.observe(token, chunk, partials.row(chunk)[t]);
    if (verdict == Verdict::Keep) result.survivors.push_back(static_cast<std::int32_t>(token));
    return verdict == Verdict::Next;
  };
  if (order_ == ChunkOrder::DepthFirst) {
    for (const std::int64_t token : live_)
      for (std::int64_t chunk = 0; chunk < chunks && read(token, chunk);) ++chunk;
  } else {
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk)
      std::erase_if(live_, [&](std::int64_t token) { return !read(token, chunk); });
  }
  std::ranges::sort(result.survivors);
  result.near_ties = bound_.near_ties();
}

}  // namespace hdp
