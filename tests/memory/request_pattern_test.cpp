// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>
#include <hdp/memory/request_pattern.hpp>

namespace hdp {
namespace {

/// SHA-256 of a stream as 16-byte little-endian records: address, not-before cycle, write flag.
struct PublishedStream {
  const char* name;
  std::int64_t access_bytes, row_stride;
  const char* sha256;
};

const PublishedStream kStreams[] = {
    PublishedStream{"attn128r", 32, 262144,
                    "65fdbe2974134ca416eafeb7ac456f34e924ffb658e8fc6a01273d3ffc8e3eb7"},
    PublishedStream{"attn128r", 64, 131072,
                    "2ae79c1eb725da5af1c8f36282c125b300709ddfa4a8ec09cd44626c6e171b92"},
    PublishedStream{"attn128s", 32, 262144,
                    "bdbcea9461b437b8a1495f8af2e9e6b77f65b8c18fe4affc7c8a1516855b3b76"},
    PublishedStream{"attn128s", 64, 131072,
                    "24ba3ba9e6c6f38112ca522e52f5661d8fc06343c2a4e4633eb598c4aa8cbae3"},
    PublishedStream{"attn64s", 32, 262144,
                    "f4415d5166eb2952000af4f68555e2e759bbf7994f9b79327bc6a82c02bfd743"},
    PublishedStream{"attn64s", 64, 131072,
                    "5efc5346bf3713900a7c90cd3ad44ccc5ecf14382fd493c16346f9d10bd02d80"},
    PublishedStream{"burst20k", 32, 262144,
                    "c8f7d5ef6e9e23aaba4e8bc523ba8bcfea21c95f1818ccd9186ba636e0e9be0d"},
    PublishedStream{"burst20k", 64, 131072,
                    "7128a4e4ec49e197186da98074c12b4f9b5b4a78e02ce4bf8777a4a44cff4343"},
    PublishedStream{"burst2k", 32, 262144,
                    "2fe6f9394c6b35a57a8c82024dd096a7ef1f27fe1cb369739a569b0366a88694"},
    PublishedStream{"burst2k", 64, 131072,
                    "8473eec0858ea338f43cae6dc14de221ffa7d545f2275eff4ca0ee443a00ff88"},
    PublishedStream{"conflict", 32, 262144,
                    "5398f568d22e26d522b1cccbb7d42756b78e7f214f8c50f3ce01236f72ef7250"},
    PublishedStream{"conflict", 64, 131072,
                    "d22a38abb7d662ce60d38ec8be24c51437c4e0cbca9d62b1620633dd1b19bee0"},
    PublishedStream{"conflict_allch", 32, 262144,
                    "8168857fbee0650b26be6a114456957735096d315bc4b2a701f517b5d92e6ffa"},
    PublishedStream{"conflict_allch", 64, 131072,
                    "4656289fe839591c1267d2458191fa3700cf46650731ea5670ea98f45c7c24e2"},
    PublishedStream{"conflict_allch", 64, 262144,
                    "330890c9af3f7a66bad7c815f3063c5a8d5584ef9e56568efe9f395b941eb325"},
    PublishedStream{"conflict", 64, 262144,
                    "5398f568d22e26d522b1cccbb7d42756b78e7f214f8c50f3ce01236f72ef7250"},
    PublishedStream{"conflict", 64, 32768,
                    "4b1485145a2da055002687a9efc66822ef1dd2457b5351533922a3b3ceeba668"},
    PublishedStream{"mix3", 32, 262144,
                    "9c153e67feb7276d009ef4c37d89ec01bc673ec81fe246da20542e53798e38e6"},
    PublishedStream{"mix3", 64, 131072,
                    "c2a3da830484637e5b612369d8ff2aa04c8f2098473560ebbe42a3315a6775c0"},
    PublishedStream{"mixseq", 32, 262144,
                    "350d904b13b26d960b1c7641f20a6edcf0fc7e0eff2b57d07f1db459c3ca8561"},
    PublishedStream{"mixseq", 64, 131072,
                    "46540bbf2a49b18a9f2b2cbc4d5349894b62f9f822aca5ff6426209ec0ceaa0b"},
    PublishedStream{"rand", 128, 131072,
                    "11b6f327f0a09e2124208cf4a1e1eb7aa0293f722eb733a9d3d1bda28880a159"},
    PublishedStream{"rand", 32, 262144,
                    "25335ed31be6bf1a56750bcea691b24c31e515d6e01cfbd89eeb9c34349d5540"},
    PublishedStream{"rand", 64, 131072,
                    "6a54db49a2618443bea1a3ddf6a805b516fccf29ae8c771ce8b6ce12c73d6702"},
    PublishedStream{"seq", 128, 131072,
                    "52d7aa723a5f3004d7f29756e7cadbe3ef719992a07d6dc819a5bf9be9f6983f"},
    PublishedStream{"seq", 32, 262144,
                    "fda6596097f89117914d437144d7030c2482cb7c6c6e85386e404352cd4b3bbc"},
    PublishedStream{"seq", 64, 131072,
                    "6fe2626dd642ce994793080b3e0b39238464eb471e96d91d8a87db0c8927f001"},
    PublishedStream{"stride8k", 32, 262144,
                    "cf2b942e2700714939caf0832a893a08cdf7a20eb57c82680b60ad29dacf36cc"},
    PublishedStream{"stride8k", 64, 131072,
                    "cf2b942e2700714939caf0832a893a08cdf7a20eb57c82680b60ad29dacf36cc"}};

std::string digest_of(const std::vector<DramRequest>& requests) {
  std::vector<std::int64_t> words;
  for (const DramRequest& request : requests) {
    words.push_back(static_cast<std::int64_t>(request.address));
    words.push_back(request.not_before | std::int64_t{request.write} << 32);
  }
  Sha256 digest;
  digest.update_integers(words);
  return digest.hex();
}

TEST(RequestPatternTest, StreamsAreThePublishedOnes) {
  for (const PublishedStream& stream : kStreams)
    EXPECT_EQ(digest_of(make_pattern(stream.name, stream.access_bytes, stream.row_stride)),
              stream.sha256)
        << stream.name << ", " << stream.access_bytes << " bytes";
}

TEST(RequestPatternTest, ALimitCutsTheSameStreamShort) {
  for (const std::string_view name : request_patterns()) {
    std::vector<DramRequest> all = make_pattern(name, 64, 131'072);
    all.resize(777);
    EXPECT_EQ(make_pattern(name, 64, 131'072, 777), all) << name;
  }
}

TEST(RequestPatternTest, AnUnknownNameIsAMistakeWithTheNearest) {
  try {
    static_cast<void>(make_pattern("randd", 64, 0));
    FAIL();
  } catch (const UserError& error) {
    EXPECT_EQ(error.mistake().nearest, "rand");
  }
}

}  // namespace
}  // namespace hdp
