// SPDX-License-Identifier: Apache-2.0
#include "results.hpp"

#include <algorithm>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "interruption.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/file_identity.hpp>
#include <hdp/base/output.hpp>
#include <hdp/base/staged_folder.hpp>

namespace hdp {

namespace fs = std::filesystem;

Results::~Results() {
  const Uninterrupted held;
  forget_leftovers();
  locks_.clear();  // they lie in the parents
}

void Results::add_file(const std::string& path) {
  if (!path.empty()) files_.push_back({.named = path, .place = {}});
}

void Results::add_revised_file(const std::string& path) {
  files_.push_back({.named = path, .place = {}, .revised = true});
}

void Results::add_folder(const std::string& folder, const std::vector<std::string>& names) {
  if (folder.empty()) return;
  folder_ = folder;
  for (const std::string& name : names) files_.push_back({.named = folder_ / name, .place = {}});
}

void Results::claim() {
  const Uninterrupted held;
  if (!folder_.empty()) claim_folder();
  find_places();
  refuse_inputs_and_doubles(true);
  if (!folder_.empty()) lock(place_);
  for (const File& file : files_)
    if (file.place.parent_path() != place_)
      lock(file.place);
    else
      remove_leftovers(place_, file.place.filename().string());
}

void Results::claim_folder() {
  place_ = place_of(folder_);
  std::error_code impossible;
  const bool new_folder = !fs::exists(place_, impossible) && !impossible;
  parents_.make(place_, folder_);
  if (!new_folder) make_folder(place_, folder_);
}

/// A file in a folder that does not exist yet is none that must not be written.
void Results::find_places() {
  for (File& file : files_) {
    file.place = place_of(file.named);
    if (file.place.parent_path() != place_ || fs::exists(place_)) check_writable(file.named);
  }
}

void Results::refuse_inputs_and_doubles(bool before_reading) const {
  for (auto file = files_.begin(); file != files_.end(); ++file) {
    const auto identity = identity_of(file->place);
    const bool may_be_input = file->revised && !before_reading;
    if (identity && !may_be_input && is_file_in_use(*identity))
      refuse(file->named.string(), "is in use by this command, which would write over it",
             "a file that is neither input nor log");
    const auto other = std::find_if(files_.begin(), file, [&](const File& before) {
      return before.place == file->place || (identity && identity == identity_of(before.place));
    });
    if (other != file)
      refuse(file->named.string(), fmt::format("is two outputs: also {}", other->named.string()),
             "a file each");
  }
}

void Results::lock(const fs::path& target) {
  locks_.emplace_back(target);
  remove_when_interrupted(locks_.back().file());
  remove_leftovers(target.parent_path(), target.filename().string());
}

void Results::put(const fs::path& path, std::string_view content) {
  const auto file = std::ranges::find(files_, path, &File::named);
  if (file == files_.end()) throw LogicFault("no output " + path.string());
  file->content = content;
  file->put = true;
}

void Results::publish() {
  const Uninterrupted held;
  refuse_inputs_and_doubles(false);
  std::vector<StagedFolder::File> of_folder;
  std::vector<StagedFile> alone;
  for (const File& file : files_) {
    if (!file.put) continue;
    if (file.place.parent_path() == place_)
      of_folder.push_back({file.place.filename().string(), file.content});
    else
      alone.emplace_back(file.named, file.content, Sync::Yes);
  }
  std::optional<StagedFolder> folder;
  if (!of_folder.empty()) folder.emplace(place_, std::move(of_folder));
  for (StagedFile& file : alone) file.appear();
  if (folder) folder->appear();
  parents_.keep();
}

}  // namespace hdp
