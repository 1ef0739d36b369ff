// Full softmax cross-entropy over the tied table. Logits are `[items, targets]`: the table is read in place, one vector
// holds one item's logits of LANES targets, and no tile larger than the workspace ever exists.
//
// One group of targets at a time, in five steps: start, forward for every chunk of items, total, backward for every
// chunk, finish. Chunks may run in any order and side by side; what they share is summed in the order of the chunks. So
// processes may compute some chunks each, with their part of the table, and send each other what chunks leave.

/// The buffers of a group of targets.
typedef struct {
  /// A row of logits has `columns` floats, of which `used` carry targets or pad the last panel.
  ptrdiff_t items, width, wide, targets, columns, used, tiles, chunks;
  int saved;
  const float *table, *bias;
  float *hidden_transposed, *hidden_packed, *weights, *log_sums, *target_logits, *tile_max, *logits, *chunk_buffers;
  cloze_softmax_layout layout;
} softmax_group;

/// The buffers of one chunk of items, and its tiles.
typedef struct {
  ptrdiff_t first_tile, end_tile;
  float *tile, *table_packed, *running_max, *running_sum, *logit_sums, *max_of_others, *hidden_gradient;
} softmax_chunk;

static softmax_group group_layout(cloze_item_softmax_args s) {
  ptrdiff_t first = s.first_item, items = s.table.rows - first;
  cloze_softmax_layout l = cloze_softmax_layout_of(s.hidden.rows, items, s.hidden.columns);
  softmax_group g = {.items = items, .width = s.hidden.columns, .wide = l.wide, .targets = s.hidden.rows,
                     .columns = l.columns, .tiles = l.tiles, .chunks = l.chunks, .layout = l};
  g.used = panel_count(g.targets) * BLOCK_COLUMNS;
  g.saved = items * l.columns <= CLOZE_SAVED_LOGITS;
  g.table = s.table.base + first * s.table.stride;
  g.bias = s.bias.base + first;
  g.hidden_transposed = s.workspace;
  g.hidden_packed = s.workspace + l.hidden_packed;
  g.weights = s.workspace + l.weights;
  g.log_sums = s.workspace + l.log_sums;
  g.target_logits = s.workspace + l.target_logits;
  g.tile_max = s.workspace + l.tile_max;
  g.chunk_buffers = s.workspace + l.chunks_begin;
  g.logits = s.workspace + l.logits;
  return g;
}

static softmax_chunk chunk_layout(const softmax_group *g, ptrdiff_t chunk) {
  const cloze_softmax_layout *l = &g->layout;
  softmax_chunk c = {.first_tile = g->tiles * chunk / g->chunks, .end_tile = g->tiles * (chunk + 1) / g->chunks};
  c.tile = g->chunk_buffers + chunk * l->chunk;
  c.table_packed = c.tile + l->chunk_table;
  c.hidden_gradient = c.tile + l->chunk_gradient;
  c.running_max = c.tile + l->chunk_statistics;
  c.running_sum = c.running_max + g->columns;
  c.logit_sums = c.running_sum + g->columns;
  c.max_of_others = c.logit_sums + g->columns;
  return c;
}

INLINE ptrdiff_t tile_items(const softmax_group *g, ptrdiff_t tile) {
  ptrdiff_t rest = g->items - tile * CLOZE_ITEM_TILE;
  return rest < CLOZE_ITEM_TILE ? rest : CLOZE_ITEM_TILE;
}

/// The exponentials of a tile: saved for the backward pass, or in the chunk's own tile until the next one.
INLINE float *tile_logits(const softmax_group *g, const softmax_chunk *c, ptrdiff_t tile) {
  return g->saved ? g->logits + tile * CLOZE_ITEM_TILE * g->columns : c->tile;
}

/// Items of the chunk's next tile, 0 behind the last.
INLINE ptrdiff_t next_items(const softmax_group *g, const softmax_chunk *c, ptrdiff_t tile) {
  return tile + 1 < c->end_tile ? tile_items(g, tile + 1) : 0;
}

/// Exponentials of the chunk's next tile, where they are saved: they are in memory, or at best in the last cache.
INLINE memory_ahead exponentials_ahead(const softmax_group *g, const softmax_chunk *c, ptrdiff_t tile, ptrdiff_t rows,
                                       ptrdiff_t columns) {
  ptrdiff_t items = g->saved ? next_items(g, c, tile) : 0;
  return spread_ahead(tile_logits(g, c, tile + 1), items * g->columns, rows, columns);
}

/// The logits of one tile of items, without their bias.
INLINE void multiply_tile(const softmax_group *g, const softmax_chunk *c, ptrdiff_t stride, ptrdiff_t tile) {
  ptrdiff_t count = tile_items(g, tile);
  memory_ahead ahead = exponentials_ahead(g, c, tile, count, g->used);
  multiply_packed_ahead(count, g->width, g->used, g->table + tile * CLOZE_ITEM_TILE * stride, stride, 1,
                        g->hidden_transposed, g->width, tile_logits(g, c, tile), g->columns, 1, 0, &ahead);
}

/// Adds one tile to the running maximum and sum, and leaves its exponentials (Milakov & Gimelshein 2018, arXiv:1805.02867).
static void tile_forward(const softmax_group *g, const softmax_chunk *c, const cloze_item_softmax_args *s, ptrdiff_t tile) {
  ptrdiff_t count = tile_items(g, tile), start = tile * CLOZE_ITEM_TILE, first = s->first_item + start;
  const float *bias = g->bias;
  float *logits = tile_logits(g, c, tile), *maxima = g->tile_max + tile * g->columns;
  for (ptrdiff_t r = 0; r < g->targets; r++) {
    ptrdiff_t item = s->targets[r] - first;
    if (item < 0 || item >= count) continue;
    float *logit = logits + item * g->columns + r;
    g->target_logits[r] = *logit + bias[start + item];
    *logit = -INFINITY;  // so that the largest of the others comes out
  }
  for (ptrdiff_t r = 0; r < g->used; r += LANES) {
    vector others = (vector)(-INFINITY), logit_sum = 0;
    for (ptrdiff_t v = 0; v < count; v++) others = larger(others, load(logits + v * g->columns + r, LANES) + bias[start + v]);
    store(maxima + r, others, LANES);
    store(c->max_of_others + r, larger(load(c->max_of_others + r, LANES), others), LANES);
    if (s->label_smoothing > 0) {
      for (ptrdiff_t v = 0; v < count; v++) {
        vector x = load(logits + v * g->columns + r, LANES);
        logit_sum += choose(x > -INFINITY, x + bias[start + v], (vector)(0.0f));
      }
      store(c->logit_sums + r, load(c->logit_sums + r, LANES) + logit_sum, LANES);
    }
  }
  for (ptrdiff_t r = 0; r < g->targets; r++) {
    ptrdiff_t item = s->targets[r] - first;
    if (item < 0 || item >= count) continue;
    logits[item * g->columns + r] = g->target_logits[r] - bias[start + item];
    if (g->target_logits[r] > maxima[r]) maxima[r] = g->target_logits[r];
    c->logit_sums[r] += g->target_logits[r];
  }
  for (ptrdiff_t r = 0; r < g->used; r += LANES) {
    vector max = load(maxima + r, LANES), sum = 0;
    for (ptrdiff_t v = 0; v < count; v++) {
      float *logit = logits + v * g->columns + r;
      vector e = exponential(load(logit, LANES) + bias[start + v] - max);
      sum += e;
      store(logit, e, LANES);
    }
    vector before = load(c->running_max + r, LANES), now = larger(before, max);
    sum = load(c->running_sum + r, LANES) * exponential(before - now) + sum * exponential(max - now);
    store(c->running_sum + r, sum, LANES);
    store(c->running_max + r, now, LANES);
  }
}

/// The gradients of one tile: its exponentials become weights · (probability − target), then two products. Saved
/// exponentials go to the chunk's tile, which stays in a near cache; written over they would all go back to memory.
static void tile_backward(const softmax_group *g, const softmax_chunk *c, const cloze_item_softmax_args *s, ptrdiff_t tile) {
  ptrdiff_t count = tile_items(g, tile), start = tile * CLOZE_ITEM_TILE, first = s->first_item + start;
  const float *logits = tile_logits(g, c, tile), *maxima = g->tile_max + tile * g->columns;
  float *logit_gradients = c->tile, *bias_gradient = s->bias_gradient.base + first;
  float uniform = s->label_smoothing / (float)g->items;
  float factors[CLOZE_TARGET_GROUP];
  for (ptrdiff_t r = 0; r < g->used; r += LANES) {
    vector from_max = exponential(load(maxima + r, LANES) - load(g->log_sums + r, LANES));
    store(factors + r, from_max * load(g->weights + r, LANES), LANES);
  }
  for (ptrdiff_t v = 0; v < count; v++) {
    vector sum = 0;
    for (ptrdiff_t r = 0; r < g->used; r += LANES) {
      vector logit = load(logits + v * g->columns + r, LANES), weight = load(g->weights + r, LANES), p;
      if (g->saved)
        p = logit * load(factors + r, LANES);
      else
        p = exponential(logit + g->bias[start + v] - load(g->log_sums + r, LANES)) * weight;
      p -= weight * uniform;
      sum += p;
      store(logit_gradients + v * g->columns + r, p, LANES);
    }
    bias_gradient[v] += total(sum);
  }
  for (ptrdiff_t r = 0; r < g->targets; r++) {
    ptrdiff_t item = s->targets[r] - first;
    if (item < 0 || item >= count) continue;
    float target_weight = g->weights[r] * (1.0f - s->label_smoothing);
    logit_gradients[item * g->columns + r] -= target_weight;
    bias_gradient[item] -= target_weight;
  }
  memory_ahead saved = exponentials_ahead(g, c, tile, count, g->width);
  multiply_packed_ahead(count, g->targets, g->width, logit_gradients, g->columns, 1, g->hidden_packed, g->targets,
                        s->table_gradient.base + first * s->table_gradient.stride, s->table_gradient.stride, 1, 1,
                        &saved);
  pack(g->table + start * s->table.stride, s->table.stride, 1, count, g->width, c->table_packed);
  memory_ahead table = spread_ahead(g->table + (start + CLOZE_ITEM_TILE) * s->table.stride,
                                    next_items(g, c, tile) * s->table.stride, g->targets, g->width);
  multiply_packed_ahead(g->targets, count, g->width, logit_gradients, 1, g->columns, c->table_packed, count, c->hidden_gradient,
                        g->wide, 1, tile > c->first_tile, &table);
}

static void item_softmax_start(cloze_item_softmax_args s) {
  softmax_group g = group_layout(s);
  memset(g.hidden_transposed, 0, (size_t)(g.used * g.width) * sizeof(float));
  pack(s.hidden.base, 1, s.hidden.stride, g.width, g.targets, g.hidden_transposed);
  memset(g.target_logits, 0, (size_t)g.used * sizeof(float));
}

static void item_softmax_forward(cloze_item_softmax_args s, ptrdiff_t chunk) {
  softmax_group g = group_layout(s);
  softmax_chunk c = chunk_layout(&g, chunk);
  for (ptrdiff_t r = 0; r < g.used; r++) {
    c.running_max[r] = c.max_of_others[r] = -INFINITY;
    c.running_sum[r] = c.logit_sums[r] = 0;
  }
  for (ptrdiff_t tile = c.first_tile; tile < c.end_tile; tile++) {
    multiply_tile(&g, &c, s.table.stride, tile);
    tile_forward(&g, &c, &s, tile);
  }
}

static cloze_loss item_softmax_total(cloze_item_softmax_args s) {
  cloze_loss result = {0, 0};
  softmax_group g = group_layout(s);
  softmax_chunk chunks[CLOZE_ITEM_CHUNKS];
  for (ptrdiff_t chunk = 0; chunk < g.chunks; chunk++) chunks[chunk] = chunk_layout(&g, chunk);
  double smoothing = (double)s.label_smoothing;
  for (ptrdiff_t r = 0; r < g.used; r++) {
    float max = -INFINITY, others = -INFINITY, sum = 0, logit_sum = 0, logit = g.target_logits[r];
    for (ptrdiff_t chunk = 0; chunk < g.chunks; chunk++) max = fmaxf(max, chunks[chunk].running_max[r]);
    for (ptrdiff_t chunk = 0; chunk < g.chunks; chunk++) {
      const softmax_chunk *c = chunks + chunk;
      sum += c->running_sum[r] * expf(c->running_max[r] - max);
      logit_sum += c->logit_sums[r];
      others = fmaxf(others, c->max_of_others[r]);
    }
    g.weights[r] = r < g.targets ? s.weights[r] : 0;
    g.log_sums[r] = max + logf(sum);
    if (r >= g.targets) continue;
    double expected_logit = (1.0 - smoothing) * (double)logit + smoothing * (double)logit_sum / (double)g.items;
    result.loss += (double)g.weights[r] * ((double)g.log_sums[r] - expected_logit);
    result.correct += logit > others;
  }
  if (s.table_gradient.base) pack(s.hidden.base, s.hidden.stride, 1, g.targets, g.width, g.hidden_packed);
  return result;
}

static void item_softmax_backward(cloze_item_softmax_args s, ptrdiff_t chunk) {
  softmax_group g = group_layout(s);
  softmax_chunk c = chunk_layout(&g, chunk);
  for (ptrdiff_t tile = c.first_tile; tile < c.end_tile; tile++) {
    if (!g.saved) multiply_tile(&g, &c, s.table.stride, tile);
    tile_backward(&g, &c, &s, tile);
  }
}

static void item_softmax_finish(cloze_item_softmax_args s) {
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
