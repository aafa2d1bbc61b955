// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <hdp/base/digest.hpp>

namespace hdp {
namespace {

TEST(Sha256Test, ThePublishedVectorsHold) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, PiecesGiveTheDigestOfTheWhole) {
  Sha256 digest;
  digest.update("ab");
  digest.update("");
  Sha256 moved = std::move(digest);
  moved.update("c");
  EXPECT_EQ(moved.hex(), sha256_hex("abc"));
}

TEST(Sha256Test, IntegersAreLittleEndianAndEightBytesEach) {
  constexpr std::array<std::int64_t, 5> values{0, 1, -1, std::int64_t{1} << 40,
                                               std::numeric_limits<std::int64_t>::min()};
  Sha256 digest;
  digest.update_integers(values);
  EXPECT_EQ(digest.hex(), "335f2fe27b46b0c7a0c964b11ca6a9923f6e698214cfb6cc73918a821ae3a4bb");
  Sha256 none;
  none.update_integers({});
  EXPECT_EQ(none.hex(), sha256_hex(""));
}

}  // namespace
}  // namespace hdp
