// Every processor.
#define LANES 4
#define LEVEL_TABLE cloze_kernels_baseline
#include "level-inl.h"
