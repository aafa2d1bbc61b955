// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>
#include <hdp/report/page.hpp>

namespace hdp {
namespace {

constexpr std::string_view kScript = R"(<script src=")", kScriptEnd = R"("></script>)";
constexpr std::string_view kStyle = R"(<link rel="stylesheet" href=")", kStyleEnd = R"(">)";
constexpr std::string_view kDataBegin = R"(<script type="application/json" id="data">)";
constexpr std::string_view kData = R"(<script type="application/json" id="data"></script>)";
/// Stands in the policy of the template for the scripts that may run.
constexpr std::string_view kAllowed = "'self'";

/// A place of a template where a file belongs.
struct Place {
  std::size_t begin = 0, end = 0;
  std::string file;
  bool script = false;
};

std::optional<Place> next_of(std::string_view page, std::size_t from, std::string_view before,
                             std::string_view behind) {
  const std::size_t begin = page.find(before, from);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t name = begin + before.size(), end = page.find(behind, name);
  if (end == std::string_view::npos) return std::nullopt;
  return Place{begin, end + behind.size(), std::string(page.substr(name, end - name)),
               before == kScript};
}

std::vector<Place> places_of(std::string_view page) {
  std::vector<Place> places;
  for (std::size_t at = 0;;) {
    auto next = next_of(page, at, kScript, kScriptEnd);
    const auto style = next_of(page, at, kStyle, kStyleEnd);
    if (style && (!next || style->begin < next->begin)) next = style;
    if (!next) return places;
    at = next->end;
    places.push_back(std::move(*next));
  }
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

/// What would end the element or begin a comment in it means the same inside of a text with a
/// backslash, and stands nowhere else.
std::string as_script(std::string text) {
  replace_all(text, "</script", "<\\/script");
  replace_all(text, "</SCRIPT", "<\\/SCRIPT");
  replace_all(text, "<!--", "<\\!--");
  return text;
}

std::string base64_of(std::string_view hex) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char digit : hex) {
    bits = bits << 4U | static_cast<std::uint32_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
    for (count += 4; count >= 6; count -= 6)
      text += kDigits[bits >> static_cast<unsigned>(count - 6) & 63U];
  }
  if (count > 0) text += kDigits[bits << static_cast<unsigned>(6 - count) & 63U];
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::string_view between(std::string_view text, std::size_t begin, std::size_t end) {
  return text.substr(begin, end - begin);
}

}  // namespace

std::vector<std::string> page_files(std::string_view page, const std::string& origin) {
  std::vector<std::string> files;
  for (const Place& place : places_of(page)) {
    if (place.file.empty() || place.file.find_first_of("/\\:") != std::string::npos ||
        place.file.starts_with('.'))
      refuse(origin, fmt::format("names {}", place.file), "the name of a file beside it");
    files.push_back(place.file);
  }
  return files;
}

std::string page_text(std::string_view page, const std::map<std::string, std::string>& files,
                      const PageData& data, const std::string& origin) {
  std::string text, allowed;
  std::size_t at = 0;
  for (const Place& place : places_of(page)) {
    text += between(page, at, place.begin);
    at = place.end;
    const std::string& file = files.at(place.file);
    if (!place.script) {
      text += "<style>\n" + file + "</style>";
      continue;
    }
    const std::string script = as_script(file);
    text += "<script>" + script + "</script>";
    allowed +=
        fmt::format("{}'sha256-{}'", allowed.empty() ? "" : " ", base64_of(sha256_hex(script)));
  }
  text += page.substr(at);
  // The first of its kind: what is behind it may say the same inside of a script.
  const std::size_t policy = text.find(kAllowed), place = text.rfind(kData);
  if (policy == std::string::npos || place == std::string::npos || place < policy)
    refuse(origin, "has no policy of scripts, or no place for the data",
           fmt::format("a template with {} and {}", kAllowed, kData));
  std::string whole = text.substr(0, policy) + allowed;
  whole += between(text, policy + kAllowed.size(), place + kDataBegin.size());
  data.write(whole);
  return whole += text.substr(place + kDataBegin.size());
}

}  // namespace hdp
