// SPDX-License-Identifier: Apache-2.0
#include <deque>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "study/sweep/play_point.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/base/output.hpp>
#include <hdp/study/sweep/sweep.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;

/// The text of a shard's sweep, once the shard is finished.
std::string text_of_shard(const SweepFolder& files) {
  if (!fs::exists(files.sweep()))
    refuse(files.folder.string(), "holds no sweep.json", "folders that hdpsim sweep made");
  if (!fs::exists(files.json()))
    refuse(files.folder.string(), "is not finished", "the same sweep command again, then merge");
  return read_text(files.sweep());
}

/// Where a point lies.
struct Origin {
  const FinishedPoints* shard;
  std::size_t place;
};

}  // namespace

SweepOutcome merge_sweeps(const fs::path& out, const std::vector<fs::path>& folders) {
  const std::string text = text_of_shard({folders.front()});
  const SweepFile sweep = read_sweep(text, SweepFolder{folders.front()}.sweep());
  const std::string header = points_header(sweep);
  std::deque<FinishedPoints> shards;
  std::map<std::int64_t, Origin> origins;
  for (const fs::path& folder : folders) {
    const SweepFolder files{folder};
    if (place_of(folder) == place_of(out))
      refuse(out.string(), "is one of the shards, which would be written over", "another folder");
    if (text_of_shard(files) != text)
      refuse(folder.string(), "holds another sweep than " + folders.front().string(),
             "shards of one sweep");
    const FinishedPoints& shard = shards.emplace_back(files, header);
    for (std::size_t place = 0; place < shard.points().size(); ++place)
      if (!origins.try_emplace(shard.points()[place], Origin{&shard, place}).second)
        refuse(folder.string(), fmt::format("holds point {} again", shard.points()[place]),
               "every shard once");
  }
  const SweepFolder files{out};
  if (fs::exists(files.sweep()) && read_text(files.sweep()) != text)
    refuse(out.string(), "holds another sweep", "another folder");
  const std::int64_t count = SweepPoints(sweep).count();
  for (std::int64_t point = 0; point < count; ++point)
    if (!origins.contains(point))
      refuse(out.string(),
             fmt::format("point {} is in none of the folders: {} of {} are", point, origins.size(),
                         count),
             "the folders of all shards");
  if (std::ssize(origins) != count)
    refuse(out.string(),
           fmt::format("the folders hold more than the {} points of the sweep", count));
  make_folder(out);
  write_file(files.sweep(), text);
  std::vector<std::int64_t> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 0);
  publish_points(files, header, all, [&](std::int64_t point) {
    const Origin& origin = origins.at(point);
    return origin.shard->read(origin.place);
  });
  return {.points = count};
}

}  // namespace hdp
