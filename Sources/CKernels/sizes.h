#ifndef CLOZE_SIZES_H
#define CLOZE_SIZES_H

#include <stddef.h>

// Tile sizes that the kernels and their workspaces share, the same on every level.

/// Queries whose scores exist at once, at most: a multiple of both block heights, 6 and 14.
#define CLOZE_QUERY_TILE 84
/// Scores that exist at once, where the tile above would make more.
#define CLOZE_SCORES (32 << 10)
/// Floats of exponentials that attention saves for its backward pass instead of recomputing them.
#define CLOZE_SAVED_SCORES (1 << 20)
/// Items whose logits exist at once: a multiple of the block height 6, since a rest of two rows takes as long as four.
#define CLOZE_ITEM_TILE 132
/// Chunks of items at most, which threads share, and tiles of a chunk at least.
#define CLOZE_ITEM_CHUNKS 8
#define CLOZE_CHUNK_TILES 6
/// Targets that pass over the table together; not a power of two, whose rows would share cache sets.
#define CLOZE_TARGET_GROUP 224
/// Users that are ranked together, a multiple of 32.
#define CLOZE_RANKED_USERS 128
/// Items of one tile of a ranking: a multiple of both block heights, 6 and 14, that stays in the L1 cache.
#define CLOZE_RANKED_ITEMS 84
/// Floats of exponentials that the item softmax saves for its backward pass instead of recomputing them.
#define CLOZE_SAVED_LOGITS (1 << 22)

/// `count` rounded up to the widest panel of any level, 32 floats.
static inline ptrdiff_t cloze_padded(ptrdiff_t count) { return (count + 31) / 32 * 32; }

/// Where the buffers of a group of targets begin in the workspace of `item_softmax`, in floats; those of a chunk within the
/// `chunk` floats that each has, one behind the other from `chunks_begin` on. `logits` come last.
typedef struct {
  ptrdiff_t columns, wide, tiles, chunks;
  ptrdiff_t hidden_packed, weights, log_sums, target_logits, tile_max, chunks_begin, logits;
  ptrdiff_t chunk, chunk_table, chunk_gradient, chunk_statistics;
} cloze_softmax_layout;
cloze_softmax_layout cloze_softmax_layout_of(ptrdiff_t targets, ptrdiff_t items, ptrdiff_t width);

/// Floats from one query's scores to the next one's: an odd multiple of 32, so that rows do not share cache sets.
ptrdiff_t cloze_score_stride(ptrdiff_t keys);
/// Queries per tile for sequences of `keys`, a multiple of 4.
ptrdiff_t cloze_query_tile(ptrdiff_t keys);

#endif
