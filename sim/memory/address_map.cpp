// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/memory/address_map.hpp>

namespace hdp {
namespace {

constexpr std::array<std::string_view, 7> kFieldNames{"ch", "pc", "ra", "bg", "ba", "ro", "co"};
constexpr std::string_view kAllowed = "ro ra bg ba co pc ch, each at most once";
constexpr std::string_view kFold = "^ro";
constexpr std::array<std::uint32_t DramAddress::*, 5> kFoldable{
    &DramAddress::channel, &DramAddress::pseudo_channel, &DramAddress::rank,
    &DramAddress::bank_group, &DramAddress::bank};

std::array<std::int64_t, 7> counts_of(const DramOrganisation& device) {
  return {device.channels,          device.pseudo_channels, device.ranks,
          device.bank_groups,       device.banks_per_group, device.rows,
          device.accesses_per_row()};
}

unsigned bits_of(std::int64_t count) {
  return static_cast<unsigned>(std::countr_zero(static_cast<std::uint64_t>(count)));
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return words;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find(' '), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

[[noreturn]] void refuse_map(std::string problem, std::string nearest = {}) {
  refuse("/map", std::move(problem), std::string(kAllowed), std::move(nearest));
}

std::size_t part_named(std::string_view word) {
  const auto* const found = std::find(kFieldNames.begin(), kFieldNames.end(), word);
  if (found == kFieldNames.end())
    refuse_map(fmt::format("\"{}\" is no address field", word), nearest_name(word, kFieldNames));
  return static_cast<std::size_t>(found - kFieldNames.begin());
}

}  // namespace

AddressMap::AddressMap(std::string_view fields, const DramOrganisation& organisation) {
  const auto counts = counts_of(organisation);
  std::vector<std::string_view> words = words_of(fields);
  std::reverse(words.begin(), words.end());
  unsigned shift = bits_of(organisation.access_bytes());
  std::array<bool, kParts> named{};
  for (std::string_view word : words) {
    const bool fold = word.ends_with(kFold);
    if (fold) word.remove_suffix(kFold.size());
    const std::size_t part = part_named(word);
    if (fold && part >= kFoldable.size())
      refuse_map(fmt::format("field \"{}\" cannot be folded with the row", word));
    if (named[part]) refuse_map(fmt::format("field \"{}\" is named twice", word));
    named[part] = true;
    parts_[part] = {shift, static_cast<std::uint64_t>(counts[part] - 1), fold};
    folds_ = folds_ || fold;
    shift += bits_of(counts[part]);
  }
  if (shift > 63) refuse_map(fmt::format("an address of {} bits is too wide", shift));
  for (std::size_t part = 0; part < kParts; ++part)
    if (!named[part] && counts[part] > 1)
      refuse_map(fmt::format("field \"{}\" is missing, the device has {} of it", kFieldNames[part],
                             counts[part]));
}

DramAddress AddressMap::folded(DramAddress place) const {
  for (std::size_t part = 0; part < kFoldable.size(); ++part) {
    const auto mask = static_cast<std::uint32_t>(parts_[part].mask);
    if (!parts_[part].folded || mask == 0) continue;
    std::uint32_t& field = place.*kFoldable[part];
    const int width = std::popcount(mask);
    for (std::uint32_t row = place.row; row != 0; row >>= width) field ^= row & mask;
  }
  return place;
}

std::uint64_t AddressMap::encode(const DramAddress& at) const {
  const DramAddress place = folds_ ? folded(at) : at;
  const std::array<std::uint64_t, kParts> fields{place.channel,    place.pseudo_channel, place.rank,
                                                 place.bank_group, place.bank,           place.row,
                                                 place.column};
  std::uint64_t address = 0;
  for (std::size_t i = 0; i < kParts; ++i)
    address |= (fields[i] & parts_[i].mask) << parts_[i].shift;
  return address;
}

}  // namespace hdp
