// What lets one source go through g++, clang and nvcc: the function qualifiers and the level namespace.
#pragma once

/// Of a lambda whose body must become part of the loop it stands in.
#define TF_INLINE __attribute__((always_inline))

#if defined(__CUDACC__)
#define TF_HD __host__ __device__ __forceinline__
#else
#define TF_HD inline __attribute__((always_inline))
#endif

// The hot rooms are compiled once per x86-64 level and once by nvcc. Their templates live in an inline namespace named
// by the level, so that the linker never merges v4 code into the v3 table. Code compiled once uses the level `host`.
#if !defined(TF_LEVEL)
#define TF_LEVEL host
#endif

#define TF_CONCAT_INNER(a, b) a##b
#define TF_CONCAT(a, b) TF_CONCAT_INNER(a, b)
#define TF_TEXT_INNER(a) #a
#define TF_TEXT(a) TF_TEXT_INNER(a)
