// SPDX-License-Identifier: Apache-2.0
#include <hdp/base/digest.hpp>
#include <hdp/numeric/bit_matrix.hpp>

namespace hdp {

std::string BitMatrix::sha256() const { return sha256_hex(bytes_); }

}  // namespace hdp
