// SPDX-License-Identifier: Apache-2.0
#include <hdp/numeric/bit_matrix.hpp>

#include <hdp/base/digest.hpp>

namespace hdp {

std::string BitMatrix::sha256() const { return sha256_hex(bytes_); }

}  // namespace hdp
