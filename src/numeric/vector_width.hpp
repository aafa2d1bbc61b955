// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace hdp {

/// Wider instructions than those that every machine of the platform has. They are chosen at run
/// time and cannot change a result: nothing is contracted, and no sum is taken in another order.
/// Files compiled with HDP_BASE_VECTORS hold none: tests compare such a program with the usual one.
enum class VectorWidth { Base, Avx2 };

#if defined(__x86_64__) && !defined(HDP_BASE_VECTORS)
#define HDP_TARGET_AVX2 __attribute__((target("avx2")))
inline VectorWidth vector_width() {
  static const bool avx2 = __builtin_cpu_supports("avx2") != 0;
  return avx2 ? VectorWidth::Avx2 : VectorWidth::Base;
}
#else
#define HDP_TARGET_AVX2
inline VectorWidth vector_width() { return VectorWidth::Base; }
#endif

}  // namespace hdp
