// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"
#include "support/tensor_file.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/workload/make_trace.hpp>
#include <hdp/workload/synthetic.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {
namespace {

using test::error_of;
using ::testing::HasSubstr;

Trace decode(std::int64_t context, std::int64_t steps, std::int64_t heads = 2) {
  return make_synthetic({.model = "gpt2",
                         .stage = Stage::Decode,
                         .n_ctx = context,
                         .steps = steps,
                         .layers = 1,
                         .heads = heads});
}

class BatchTest : public test::TemporaryFolder {
 protected:
  std::string put(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  [[nodiscard]] Workload resolve(const std::string& file) const {
    return resolve_workload(Catalog({folder_}), file);
  }
  std::string mistake(const std::string& text) {
    const std::string file = put("mistaken.json", text);
    return error_of([&] { (void)resolve(file); }).substr(folder_.string().size() + 1);
  }
};

constexpr const char* kShape =
    R"({"model": "gpt2", "stage": "decode", "n_ctx": 9, "steps": 3, "layers": 1, "heads": 2})";

TEST_F(BatchTest, NamesFilesOfItsFolderAndSettingsAreSequencesInOrder) {
  std::filesystem::create_directories(folder_ / "workloads");
  put("workloads/known.json", kShape);
  put("beside.json", R"({"model": "gpt2", "stage": "decode", "n_ctx": 5, "steps": 2, "layers": 1,
                         "heads": 2})");
  const Workload workload = resolve(
      put("mine.json", std::string(R"({"batch": ["known", "beside.json", )") + kShape + "]}"));
  ASSERT_EQ(workload.sequences().size(), 3U);
  EXPECT_EQ(workload.trace(), nullptr);
  EXPECT_EQ(workload.rows(), nullptr);
  EXPECT_EQ(workload.name(), "mine");
  EXPECT_EQ(workload.stage(), Stage::Decode);
  EXPECT_EQ(workload.sequences()[1].n_ctx(), 5);
  EXPECT_EQ(workload.sequences()[0].sha256(), workload.sequences()[2].sha256());
  EXPECT_EQ(workload.shape_text(), "batch of 3, 1 layers x 2 heads, d 64, 7 to 12 keys");
}

TEST_F(BatchTest, TheDigestIsOfTheDigestsAndFactsListTheSequences) {
  const Trace a = decode(4, 2), b = decode(6, 3);
  const Workload workload(make_batch("both", {a, b}));
  EXPECT_EQ(workload.sha256(), sha256_hex(a.sha256() + "\n" + b.sha256() + "\n"));
  EXPECT_EQ(workload.fingerprint(), workload.sha256());
  const Facts facts = workload.facts();
  const auto& sequences = *facts.find("sequences")->as<Fact::List>();
  ASSERT_EQ(sequences.size(), 2U);
  EXPECT_EQ(*sequences[1].as<Facts>()->find("n_k"), Fact(9));
  EXPECT_EQ(*sequences[1].as<Facts>()->find("sha256"), Fact(b.sha256()));
  EXPECT_EQ(facts.find("n_k"), nullptr) << "not one number";
}

TEST_F(BatchTest, ATraceAloneIsOneSequence) {
  const Workload alone(decode(4, 2));
  EXPECT_EQ(alone.sequences().size(), 1U);
  EXPECT_EQ(alone.batch(), nullptr);
  EXPECT_EQ(Workload(make_batch("b", {decode(4, 2)})).trace(), nullptr);
}

TEST_F(BatchTest, SequencesGoThroughOneModelAtOneStage) {
  const auto refused = [](const Trace& other) {
    return error_of([&] { make_batch("b", {decode(4, 2), other}); });
  };
  EXPECT_EQ(refused(decode(4, 2, 3)),
            "b: /batch/1: layer 0 has 3 heads on 3 kv heads of d 64; "
            "allowed: layer 0 has 2 heads on 2 kv heads of d 64 as sequence 0");
  EXPECT_THAT(refused(make_synthetic({.model = "gpt2", .n = 4, .layers = 1, .heads = 2})),
              HasSubstr("b: /batch/1: prefill; allowed: decode as sequence 0"));
  EXPECT_THAT(refused(make_synthetic({.model = "gpt2",
                                      .stage = Stage::Decode,
                                      .n_ctx = 4,
                                      .steps = 2,
                                      .layers = 2,
                                      .heads = 2})),
              HasSubstr("b: /batch/1: 2 layers; allowed: 1 layers as sequence 0"));
  EXPECT_THAT(error_of([] { make_batch("b", {}); }), HasSubstr("b: a batch of no sequence"));
}

TEST_F(BatchTest, MistakesNameTheEntry) {
  put("rows.csv", "");
  put("nested.json", std::string(R"({"batch": [)") + kShape + "]}");
  EXPECT_EQ(mistake(R"({"batch": []})"),
            "mistaken.json: /batch: 0 sequences; allowed: a list of 1 to 1024: names, files and "
            "settings of synthetic traces");
  EXPECT_THAT(mistake(R"({"batch": "x"})"), HasSubstr("mistaken.json: /batch: is no list"));
  EXPECT_THAT(mistake(R"({"batch": [3]})"), HasSubstr("mistaken.json: /batch/0: is no sequence"));
  EXPECT_THAT(mistake(R"({"batch": ["x"], "n": 3})"),
              HasSubstr("mistaken.json: /n: beside a batch; allowed: batch alone"));
  EXPECT_THAT(mistake(R"({"batch": ["gone.safetensors"]})"),
              HasSubstr("mistaken.json: /batch/0: "));
  EXPECT_THAT(mistake(R"({"batch": ["gone.safetensors"]})"),
              HasSubstr("gone.safetensors: no such file"));
  EXPECT_THAT(mistake(R"({"batch": ["nested.json"]})"),
              HasSubstr("nested.json: a batch in a batch"));
  EXPECT_THAT(mistake(R"({"batch": ["rows.csv"]})"), HasSubstr("rows.csv: rows in a batch"));
  EXPECT_THAT(mistake(std::string(R"({"batch": [)") + kShape + R"(, {"n": 0}]})"),
              HasSubstr("mistaken.json: /batch/1/n: 0 is outside [1, 1048576] [tokens]"));
}

TEST_F(BatchTest, AnEntryThatStandsTwiceIsLoadedOnce) {
  put("seq.json", kShape);
  const Workload workload = resolve(put("twice.json", R"({"batch": ["seq.json", "seq.json"]})"));
  EXPECT_EQ(&workload.sequences()[0].file(), &workload.sequences()[1].file());
}

TEST_F(BatchTest, ADescriptionLoadsNothing) {
  const std::string file = put("b.json", std::string(R"({"batch": ["gone", )") + kShape + "]}");
  EXPECT_EQ(describe_workload(Catalog({folder_}), file), "batch of 2: gone, synthetic");
}

}  // namespace
}  // namespace hdp
