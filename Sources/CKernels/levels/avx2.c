// AVX2 and FMA: Intel since 2013, AMD since 2015.
#if defined(__x86_64__)
#define LANES 8
#define LEVEL_TABLE cloze_kernels_avx2
#define LEVEL_ATTRIBUTES __attribute__((target("arch=x86-64-v3")))
#include "level-inl.h"
#endif
