// AVX-512; tuned for whole 512-bit vectors, which the plain level would split in two.
#if defined(__x86_64__)
#define LANES 16
#define LEVEL_TABLE cloze_kernels_avx512
#define LEVEL_ATTRIBUTES __attribute__((target("arch=x86-64-v4,tune=znver5")))
#include "level-inl.h"
#endif
