#include "sizes.h"
#include "cloze_kernels.h"

/// Targets of a group at most, a multiple of 32.
static ptrdiff_t largest_group(ptrdiff_t items) {
  ptrdiff_t fitting = items > 0 ? CLOZE_SAVED_LOGITS / items / 32 * 32 : CLOZE_TARGET_GROUP;
  return fitting >= 96 && fitting < CLOZE_TARGET_GROUP ? fitting : CLOZE_TARGET_GROUP;
}

ptrdiff_t cloze_target_group(ptrdiff_t targets, ptrdiff_t items) {
  ptrdiff_t most = largest_group(items);
  ptrdiff_t groups = (targets + most - 1) / most;
  return groups > 0 ? cloze_padded((targets + groups - 1) / groups) : most;
}

ptrdiff_t cloze_item_chunks(ptrdiff_t items) {
  ptrdiff_t chunks = items / (CLOZE_CHUNK_TILES * CLOZE_ITEM_TILE);
  if (chunks > CLOZE_ITEM_CHUNKS) return CLOZE_ITEM_CHUNKS;
  return chunks > 1 ? chunks : 1;
}

cloze_softmax_layout cloze_softmax_layout_of(ptrdiff_t targets, ptrdiff_t items, ptrdiff_t width) {
  cloze_softmax_layout l = {.columns = cloze_padded(targets), .wide = cloze_padded(width)};
  l.tiles = (items + CLOZE_ITEM_TILE - 1) / CLOZE_ITEM_TILE;
  l.chunks = cloze_item_chunks(items);
  l.hidden_packed = l.columns * width;
  l.weights = l.hidden_packed + l.columns * l.wide;
  l.log_sums = l.weights + l.columns;
  l.target_logits = l.log_sums + l.columns;
  l.tile_max = l.target_logits + l.columns;
  l.chunks_begin = l.tile_max + l.tiles * l.columns;
  l.chunk_table = CLOZE_ITEM_TILE * l.columns;
  l.chunk_gradient = l.chunk_table + CLOZE_ITEM_TILE * l.wide;
  l.chunk_statistics = l.chunk_gradient + l.columns * l.wide;
  l.chunk = l.chunk_statistics + 4 * l.columns;
  l.logits = l.chunks_begin + l.chunks * l.chunk;
  return l;
}

cloze_item_chunk cloze_item_chunk_of(ptrdiff_t targets, ptrdiff_t items, ptrdiff_t width, ptrdiff_t chunk) {
  cloze_softmax_layout l = cloze_softmax_layout_of(targets, items, width);
  ptrdiff_t begin = l.chunks_begin + chunk * l.chunk, end = l.tiles * (chunk + 1) / l.chunks * CLOZE_ITEM_TILE;
  return (cloze_item_chunk){.first_item = l.tiles * chunk / l.chunks * CLOZE_ITEM_TILE, .end_item = end < items ? end : items,
                            .target_logits = l.target_logits, .statistics = begin + l.chunk_statistics,
                            .hidden_gradient = begin + l.chunk_gradient, .columns = l.columns, .wide = l.wide};
}

ptrdiff_t cloze_item_softmax_workspace(ptrdiff_t targets, ptrdiff_t items, ptrdiff_t width) {
  ptrdiff_t most = largest_group(items), largest = 0;
  if (cloze_padded(targets) < most) most = cloze_padded(targets);
  // Fewer targets can take more: 210 are one group, 704 are four of 192; and the logits of few targets are all saved.
  for (ptrdiff_t columns = 32; columns <= most; columns += 32) {
    cloze_softmax_layout l = cloze_softmax_layout_of(columns, items, width);
    ptrdiff_t saved = items * columns <= CLOZE_SAVED_LOGITS ? l.tiles * CLOZE_ITEM_TILE * columns : 0;
    if (l.logits + saved > largest) largest = l.logits + saved;
  }
  return largest;
}

ptrdiff_t cloze_score_stride(ptrdiff_t keys) { return cloze_padded(keys) | 32; }

ptrdiff_t cloze_query_tile(ptrdiff_t keys) {
  ptrdiff_t fitting = CLOZE_SCORES / cloze_score_stride(keys) / 4 * 4;
  if (fitting > CLOZE_QUERY_TILE) return CLOZE_QUERY_TILE;
  return fitting > 24 ? fitting : 24;
}

ptrdiff_t cloze_attention_workspace(ptrdiff_t longest, ptrdiff_t width) {
  ptrdiff_t keys = cloze_padded(longest), wide = cloze_padded(width);
  // The shortest tile is 24 queries wide, so scores need no more than the larger of both.
  ptrdiff_t scores = CLOZE_SCORES > 24 * (keys | 32) ? CLOZE_SCORES : 24 * (keys | 32);
  return 2 * keys * width + 2 * longest * wide + 2 * (scores + CLOZE_QUERY_TILE * wide);
}

ptrdiff_t cloze_attention_exponentials(cloze_attention_plan plan) {
  ptrdiff_t count = 0;
  for (ptrdiff_t s = 0; s < plan.sequences; s++)
    count += (ptrdiff_t)(plan.query_offsets[s + 1] - plan.query_offsets[s]) *
             cloze_score_stride(plan.key_offsets[s + 1] - plan.key_offsets[s]);
  return count * plan.heads;
}

ptrdiff_t cloze_attention_saved_count(ptrdiff_t queries, ptrdiff_t heads, ptrdiff_t longest_sequence) {
  ptrdiff_t most = queries * heads * cloze_score_stride(longest_sequence);
  return most < CLOZE_SAVED_SCORES ? most : CLOZE_SAVED_SCORES;
}

ptrdiff_t cloze_top_k_workspace(ptrdiff_t users, ptrdiff_t width) {
  ptrdiff_t rows = users > CLOZE_RANKED_ITEMS ? users : CLOZE_RANKED_ITEMS;
  return cloze_padded(rows) * width;
}
ptrdiff_t cloze_top_k_users(void) { return CLOZE_RANKED_USERS; }
