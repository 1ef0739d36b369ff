// One level of kernels: include with LANES and LEVEL_TABLE defined. The included texts are compiled once per level, with the
// instructions of that level, and the table is filled from the list of entries.
#include <math.h>
#include <string.h>
#include "../include/cloze_kernels.h"
#include "../sizes.h"

#ifdef LEVEL_ATTRIBUTES
#pragma clang attribute push(LEVEL_ATTRIBUTES, apply_to = function)
#endif
#include "../primitives/vector-inl.h"
#include "../primitives/row-inl.h"
#include "../primitives/block-inl.h"
#include "../operations/product-inl.h"
#include "../operations/optimizer-inl.h"
#include "../operations/top_k-inl.h"
#include "../pairs/embedding-inl.h"
#include "../pairs/feature_sum-inl.h"
#include "../pairs/normalization-inl.h"
#include "../pairs/bias-inl.h"
#include "../pairs/attention-inl.h"
#include "../pairs/item_softmax-inl.h"
#include "../pairs/sampled_loss-inl.h"
#ifdef LEVEL_ATTRIBUTES
#pragma clang attribute pop
#endif

#define ENTRY(result, name, ...) .name = name,
const cloze_kernels LEVEL_TABLE = {.lanes = LANES, CLOZE_KERNEL_ENTRIES(ENTRY)};
#undef ENTRY
