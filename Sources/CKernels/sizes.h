#ifndef CLOZE_SIZES_H
#define CLOZE_SIZES_H

#include <stddef.h>

// Tile sizes the kernels and their workspaces agree on, the same on every level.

/// Queries whose scores exist at once: a multiple of both block heights, 6 and 14.
#define CLOZE_QUERY_TILE 84
/// Items whose logits are made at once.
#define CLOZE_ITEM_TILE 128
/// Targets that go over the table together.
#define CLOZE_TARGET_GROUP 256
/// Users that are ranked together, a multiple of 32.
#define CLOZE_RANKED_USERS 128
/// Items of one tile of a ranking: a multiple of both block heights, 6 and 14, that stays in the first cache.
#define CLOZE_RANKED_ITEMS 84
/// Floats of exponentials kept for the backward pass instead of being computed again.
#define CLOZE_KEPT_LOGITS (1 << 20)

/// Targets per group, a multiple of 32: even groups, small enough to keep their exponentials where that still pays.
ptrdiff_t cloze_target_group(ptrdiff_t targets, ptrdiff_t items);

#endif
