// AVX-512: Intel servers since 2017, AMD since 2022.
//
// Tuned for no processor in particular: `tune=x86-64` keeps 512-bit vectors whole, which the level's own tuning would split in
// two, and the loop of a full block without spills. Processors that lower their clock for wide vectors (Intel before Ice Lake)
// still gain where they have two 512-bit units; where they have one, CLOZE_CPU=v3 may be faster.
#if defined(__x86_64__)
#define LANES 16
#define LEVEL_TABLE cloze_kernels_avx512
#define LEVEL_ATTRIBUTES __attribute__((target("arch=x86-64-v4,tune=x86-64")))
#include "level-inl.h"
#endif
