// Full softmax cross-entropy over the tied table, items down and targets across: the table is read where it lies,
// one vector holds one item's logits of LANES targets, and no tile larger than the workspace ever exists.
//
// One group of targets at a time, in five steps: start, forward for every chunk of items, total, backward for every
// chunk, finish. Chunks may run in any order and side by side; what they share is added up in the chunks' order.

/// The buffers of a group of targets.
typedef struct {
  /// Of `columns` floats that a row has room for, `used` carry targets or fill up the last panel.
  ptrdiff_t items, width, wide, targets, columns, used, tiles, chunks;
  int kept;
  const float *table, *bias;
  float *hidden_across, *hidden_down, *weights, *log_sums, *target_logits, *tile_tops, *logits, *chunk_buffers;
} softmax_group;

/// The buffers of one chunk of items, and its tiles.
typedef struct {
  ptrdiff_t first_tile, end_tile;
  float *tile, *table_down, *tops, *sums, *logit_sums, *others, *hidden_gradient;
} softmax_chunk;

static softmax_group group_layout(cloze_item_softmax s) {
  ptrdiff_t columns = padded(s.hidden.rows), first = s.aim.first_item;
  softmax_group g = {.items = s.table.rows - first, .width = s.hidden.columns, .wide = padded(s.hidden.columns),
                     .targets = s.hidden.rows, .columns = columns};
  g.used = panel_count(g.targets) * BLOCK_COLUMNS;
  g.tiles = (g.items + CLOZE_ITEM_TILE - 1) / CLOZE_ITEM_TILE;
  g.chunks = cloze_item_chunks(g.items);
  g.kept = g.items * columns <= CLOZE_KEPT_LOGITS;
  g.table = s.table.base + first * s.table.stride;
  g.bias = s.bias.base + first;
  g.hidden_across = s.workspace;
  g.hidden_down = g.hidden_across + columns * g.width;
  g.weights = g.hidden_down + columns * g.wide;
  g.log_sums = g.weights + columns;
  g.target_logits = g.log_sums + columns;
  g.tile_tops = g.target_logits + columns;
  g.chunk_buffers = g.tile_tops + g.tiles * columns;
  g.logits = g.chunk_buffers + g.chunks * cloze_item_chunk_workspace(columns, g.wide);
  return g;
}

static softmax_chunk chunk_layout(const softmax_group *g, ptrdiff_t chunk) {
  softmax_chunk c = {.first_tile = g->tiles * chunk / g->chunks, .end_tile = g->tiles * (chunk + 1) / g->chunks};
  c.tile = g->chunk_buffers + chunk * cloze_item_chunk_workspace(g->columns, g->wide);
  c.table_down = c.tile + CLOZE_ITEM_TILE * g->columns;
  c.hidden_gradient = c.table_down + CLOZE_ITEM_TILE * g->wide;
  c.tops = c.hidden_gradient + g->columns * g->wide;
  c.sums = c.tops + g->columns;
  c.logit_sums = c.sums + g->columns;
  c.others = c.logit_sums + g->columns;
  return c;
}

INLINE ptrdiff_t tile_items(const softmax_group *g, ptrdiff_t tile) {
  ptrdiff_t rest = g->items - tile * CLOZE_ITEM_TILE;
  return rest < CLOZE_ITEM_TILE ? rest : CLOZE_ITEM_TILE;
}

/// Where a tile's exponentials lie: kept for the way back, or in the chunk's own tile until the next.
INLINE float *tile_logits(const softmax_group *g, const softmax_chunk *c, ptrdiff_t tile) {
  return g->kept ? g->logits + tile * CLOZE_ITEM_TILE * g->columns : c->tile;
}

/// Items of the chunk's next tile, 0 behind the last.
INLINE ptrdiff_t next_items(const softmax_group *g, const softmax_chunk *c, ptrdiff_t tile) {
  return tile + 1 < c->end_tile ? tile_items(g, tile + 1) : 0;
}

/// Exponentials of the chunk's next tile, where they are kept: they lie in memory, or at best in the last cache.
INLINE memory_ahead exponentials_ahead(const softmax_group *g, const softmax_chunk *c, ptrdiff_t tile, ptrdiff_t rows,
                                       ptrdiff_t columns) {
  ptrdiff_t items = g->kept ? next_items(g, c, tile) : 0;
  return spread_ahead(tile_logits(g, c, tile + 1), items * g->columns, rows, columns);
}

/// The logits of one tile of items, without their bias.
INLINE void multiply_tile(const softmax_group *g, const softmax_chunk *c, ptrdiff_t stride, ptrdiff_t tile) {
  ptrdiff_t count = tile_items(g, tile);
  memory_ahead ahead = exponentials_ahead(g, c, tile, count, g->used);
  multiply_packed_ahead(count, g->width, g->used, g->table + tile * CLOZE_ITEM_TILE * stride, stride, 1,
                        g->hidden_across, g->width, tile_logits(g, c, tile), g->columns, 1, 0, &ahead);
}

/// Takes one tile into the running maximum and sum, and leaves its exponentials.
static void take_tile(const softmax_group *g, const softmax_chunk *c, const cloze_item_softmax *s, ptrdiff_t tile) {
  ptrdiff_t count = tile_items(g, tile), start = tile * CLOZE_ITEM_TILE, first = s->aim.first_item + start;
  const float *bias = g->bias;
  float *logits = tile_logits(g, c, tile), *tops = g->tile_tops + tile * g->columns;
  for (ptrdiff_t r = 0; r < g->targets; r++) {
    ptrdiff_t item = s->aim.targets[r] - first;
    if (item < 0 || item >= count) continue;
    float *logit = logits + item * g->columns + r;
    g->target_logits[r] = *logit + bias[start + item];
    *logit = -INFINITY;  // so that the largest of the others comes out
  }
  for (ptrdiff_t r = 0; r < g->used; r += LANES) {
    vector others = (vector)(-INFINITY), logit_sum = 0;
    for (ptrdiff_t v = 0; v < count; v++) others = larger(others, load(logits + v * g->columns + r, LANES) + bias[start + v]);
    store(tops + r, others, LANES);
    store(c->others + r, larger(load(c->others + r, LANES), others), LANES);
    if (s->aim.label_smoothing > 0) {
      for (ptrdiff_t v = 0; v < count; v++) {
        vector x = load(logits + v * g->columns + r, LANES);
        logit_sum += choose(x > -INFINITY, x + bias[start + v], (vector)(0.0f));
      }
      store(c->logit_sums + r, load(c->logit_sums + r, LANES) + logit_sum, LANES);
    }
  }
  for (ptrdiff_t r = 0; r < g->targets; r++) {
    ptrdiff_t item = s->aim.targets[r] - first;
    if (item < 0 || item >= count) continue;
    logits[item * g->columns + r] = g->target_logits[r] - bias[start + item];
    if (g->target_logits[r] > tops[r]) tops[r] = g->target_logits[r];
    c->logit_sums[r] += g->target_logits[r];
  }
  for (ptrdiff_t r = 0; r < g->used; r += LANES) {
    vector top = load(tops + r, LANES), sum = 0;
    for (ptrdiff_t v = 0; v < count; v++) {
      float *logit = logits + v * g->columns + r;
      vector e = exponential(load(logit, LANES) + bias[start + v] - top);
      sum += e;
      store(logit, e, LANES);
    }
    vector before = load(c->tops + r, LANES), now = larger(before, top);
    sum = load(c->sums + r, LANES) * exponential(before - now) + sum * exponential(top - now);
    store(c->sums + r, sum, LANES);
    store(c->tops + r, now, LANES);
  }
}

/// The gradients of one tile: its exponentials become weights · (probability − aim), then two products. Kept
/// exponentials go to the chunk's tile, which stays in a near cache; written over they would all go back to memory.
static void tile_backward(const softmax_group *g, const softmax_chunk *c, const cloze_item_softmax *s, ptrdiff_t tile) {
  ptrdiff_t count = tile_items(g, tile), start = tile * CLOZE_ITEM_TILE, first = s->aim.first_item + start;
  const float *logits = tile_logits(g, c, tile), *tops = g->tile_tops + tile * g->columns;
  float *shares = c->tile, *bias_gradient = s->bias_gradient.base + first;
  float uniform = s->aim.label_smoothing / (float)g->items;
  float factors[CLOZE_TARGET_GROUP];
  for (ptrdiff_t r = 0; r < g->used; r += LANES) {
    vector from_top = exponential(load(tops + r, LANES) - load(g->log_sums + r, LANES));
    store(factors + r, from_top * load(g->weights + r, LANES), LANES);
  }
  for (ptrdiff_t v = 0; v < count; v++) {
    vector sum = 0;
    for (ptrdiff_t r = 0; r < g->used; r += LANES) {
      vector logit = load(logits + v * g->columns + r, LANES), weight = load(g->weights + r, LANES), p;
      if (g->kept)
        p = logit * load(factors + r, LANES);
      else
        p = exponential(logit + g->bias[start + v] - load(g->log_sums + r, LANES)) * weight;
      p -= weight * uniform;
      sum += p;
      store(shares + v * g->columns + r, p, LANES);
    }
    bias_gradient[v] += total(sum);
  }
  for (ptrdiff_t r = 0; r < g->targets; r++) {
    ptrdiff_t item = s->aim.targets[r] - first;
    if (item < 0 || item >= count) continue;
    float share = g->weights[r] * (1.0f - s->aim.label_smoothing);
    shares[item * g->columns + r] -= share;
    bias_gradient[item] -= share;
  }
  memory_ahead kept = exponentials_ahead(g, c, tile, count, g->width);
  multiply_packed_ahead(count, g->targets, g->width, shares, g->columns, 1, g->hidden_down, g->targets,
                        s->table_gradient.base + first * s->table_gradient.stride, s->table_gradient.stride, 1, 1,
                        &kept);
  pack(g->table + start * s->table.stride, s->table.stride, 1, count, g->width, c->table_down);
  memory_ahead table = spread_ahead(g->table + (start + CLOZE_ITEM_TILE) * s->table.stride,
                                    next_items(g, c, tile) * s->table.stride, g->targets, g->width);
  multiply_packed_ahead(g->targets, count, g->width, shares, 1, g->columns, c->table_down, count, c->hidden_gradient,
                        g->wide, 1, tile > c->first_tile, &table);
}

static void item_softmax_start(cloze_item_softmax s) {
  softmax_group g = group_layout(s);
  memset(g.hidden_across, 0, (size_t)(g.used * g.width) * sizeof(float));
  pack(s.hidden.base, 1, s.hidden.stride, g.width, g.targets, g.hidden_across);
  memset(g.target_logits, 0, (size_t)g.used * sizeof(float));
}

static void item_softmax_forward(cloze_item_softmax s, ptrdiff_t chunk) {
  softmax_group g = group_layout(s);
  softmax_chunk c = chunk_layout(&g, chunk);
  for (ptrdiff_t r = 0; r < g.used; r++) {
    c.tops[r] = c.others[r] = -INFINITY;
    c.sums[r] = c.logit_sums[r] = 0;
  }
  for (ptrdiff_t tile = c.first_tile; tile < c.end_tile; tile++) {
    multiply_tile(&g, &c, s.table.stride, tile);
    take_tile(&g, &c, &s, tile);
  }
}

static cloze_loss item_softmax_total(cloze_item_softmax s) {
  cloze_loss result = {0, 0};
  softmax_group g = group_layout(s);
  softmax_chunk chunks[CLOZE_ITEM_CHUNKS];
  for (ptrdiff_t chunk = 0; chunk < g.chunks; chunk++) chunks[chunk] = chunk_layout(&g, chunk);
  double smoothing = (double)s.aim.label_smoothing;
  for (ptrdiff_t r = 0; r < g.used; r++) {
    float top = -INFINITY, others = -INFINITY, sum = 0, logit_sum = 0, logit = g.target_logits[r];
    for (ptrdiff_t chunk = 0; chunk < g.chunks; chunk++) top = fmaxf(top, chunks[chunk].tops[r]);
    for (ptrdiff_t chunk = 0; chunk < g.chunks; chunk++) {
      const softmax_chunk *c = chunks + chunk;
      sum += c->sums[r] * expf(c->tops[r] - top);
      logit_sum += c->logit_sums[r];
      others = fmaxf(others, c->others[r]);
    }
    g.weights[r] = r < g.targets ? s.aim.weights[r] : 0;
    g.log_sums[r] = top + logf(sum);
    if (r >= g.targets) continue;
    double aimed = (1.0 - smoothing) * (double)logit + smoothing * (double)logit_sum / (double)g.items;
    result.loss += (double)g.weights[r] * ((double)g.log_sums[r] - aimed);
    result.correct += logit > others;
  }
  if (s.hidden_gradient.base) pack(s.hidden.base, s.hidden.stride, 1, g.targets, g.width, g.hidden_down);
  return result;
}

static void item_softmax_backward(cloze_item_softmax s, ptrdiff_t chunk) {
  softmax_group g = group_layout(s);
  softmax_chunk c = chunk_layout(&g, chunk);
  for (ptrdiff_t tile = c.first_tile; tile < c.end_tile; tile++) {
    if (!g.kept) multiply_tile(&g, &c, s.table.stride, tile);
    tile_backward(&g, &c, &s, tile);
  }
}

static void item_softmax_finish(cloze_item_softmax s) {
  softmax_group g = group_layout(s);
  for (ptrdiff_t chunk = 0; chunk < g.chunks; chunk++) {
    const float *part = chunk_layout(&g, chunk).hidden_gradient;
    for (ptrdiff_t r = 0; r < g.targets; r++) {
      float *to = s.hidden_gradient.base + r * s.hidden_gradient.stride;
      FOR_VECTORS(k, lanes, g.width, {
        vector sum = load(part + r * g.wide + k, lanes);
        store(to + k, chunk > 0 ? load(to + k, lanes) + sum : sum, lanes);
      })
    }
  }
}
