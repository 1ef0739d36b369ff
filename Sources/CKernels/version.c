#include "cloze_kernels.h"
int cloze_kernels_version(void) { return 1; }
