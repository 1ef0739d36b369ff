// Full softmax cross-entropy over the tied table, items down and targets across: the table is read where it lies,
// one vector holds one item's logits of LANES targets, and no tile larger than the workspace ever exists.

/// The buffers of one group of targets.
typedef struct {
  ptrdiff_t items, width, targets, columns, tiles;
  int kept;
  float *hidden_across, *hidden_down, *table_down, *logits, *shares;
  float *tile_tops, *tops, *sums, *logit_sums, *target_logits, *others;
} softmax_group;

static softmax_group group_layout(ptrdiff_t targets, ptrdiff_t items, ptrdiff_t width, float *workspace) {
  ptrdiff_t columns = padded(targets), wide = padded(width);
  softmax_group g = {.items = items, .width = width, .targets = targets, .columns = columns};
  g.tiles = (items + CLOZE_ITEM_TILE - 1) / CLOZE_ITEM_TILE;
  g.kept = items * columns <= CLOZE_KEPT_LOGITS;
  g.hidden_across = workspace;
  g.hidden_down = g.hidden_across + columns * width;
  g.table_down = g.hidden_down + targets * wide;
  g.tops = g.table_down + CLOZE_ITEM_TILE * wide;
  g.sums = g.tops + columns;
  g.logit_sums = g.sums + columns;
  g.target_logits = g.logit_sums + columns;
  g.others = g.target_logits + columns;
  g.tile_tops = g.others + columns;
  g.shares = g.tile_tops + g.tiles * columns;
  g.logits = g.shares + CLOZE_ITEM_TILE * columns;
  return g;
}

INLINE ptrdiff_t tile_items(const softmax_group *g, ptrdiff_t tile) {
  ptrdiff_t rest = g->items - tile * CLOZE_ITEM_TILE;
  return rest < CLOZE_ITEM_TILE ? rest : CLOZE_ITEM_TILE;
}

INLINE float *tile_logits(const softmax_group *g, ptrdiff_t tile) {
  return g->kept ? g->logits + tile * CLOZE_ITEM_TILE * g->columns : g->logits;
}

/// The logits of one tile of items, without their bias.
INLINE void multiply_tile(const softmax_group *g, const float *table, ptrdiff_t stride, ptrdiff_t tile) {
  multiply_packed(tile_items(g, tile), g->width, g->columns, table + tile * CLOZE_ITEM_TILE * stride, stride, 1,
                  g->hidden_across, g->width, tile_logits(g, tile), g->columns, 1, 0);
}

/// Takes one tile into the running maximum and sum, and leaves its exponentials.
static void take_tile(softmax_group *g, const float *bias, const int32_t *targets, ptrdiff_t first_item, float smoothing,
                      ptrdiff_t tile) {
  ptrdiff_t count = tile_items(g, tile), start = tile * CLOZE_ITEM_TILE;
  float *logits = tile_logits(g, tile), *tops = g->tile_tops + tile * g->columns;
  for (ptrdiff_t r = 0; r < g->targets; r++) {
    ptrdiff_t item = targets[r] - first_item - start;
    if (item < 0 || item >= count) continue;
    float *logit = logits + item * g->columns + r;
    g->target_logits[r] = *logit + bias[start + item];
    *logit = -INFINITY;  // so that the largest of the others comes out
  }
  for (ptrdiff_t r = 0; r < g->columns; r += LANES) {
    vector others = (vector)(-INFINITY), logit_sum = 0;
    for (ptrdiff_t v = 0; v < count; v++) others = larger(others, load(logits + v * g->columns + r, LANES) + bias[start + v]);
    store(tops + r, others, LANES);
    store(g->others + r, larger(load(g->others + r, LANES), others), LANES);
    if (smoothing > 0) {
      for (ptrdiff_t v = 0; v < count; v++) {
        vector x = load(logits + v * g->columns + r, LANES);
        logit_sum += choose(x > -INFINITY, x + bias[start + v], (vector)(0.0f));
      }
      store(g->logit_sums + r, load(g->logit_sums + r, LANES) + logit_sum, LANES);
    }
  }
  for (ptrdiff_t r = 0; r < g->targets; r++) {
    ptrdiff_t item = targets[r] - first_item - start;
    if (item < 0 || item >= count) continue;
    logits[item * g->columns + r] = g->target_logits[r] - bias[start + item];
    if (g->target_logits[r] > tops[r]) tops[r] = g->target_logits[r];
    g->logit_sums[r] += g->target_logits[r];
  }
  for (ptrdiff_t r = 0; r < g->columns; r += LANES) {
    vector top = load(tops + r, LANES), sum = 0;
    for (ptrdiff_t v = 0; v < count; v++) {
      float *logit = logits + v * g->columns + r;
      vector e = exponential(load(logit, LANES) + bias[start + v] - top);
      sum += e;
      store(logit, e, LANES);
    }
    vector before = load(g->tops + r, LANES), now = larger(before, top);
    sum = load(g->sums + r, LANES) * exponential(before - now) + sum * exponential(top - now);
    store(g->sums + r, sum, LANES);
    store(g->tops + r, now, LANES);
  }
}

/// The gradients of one tile: its exponentials become weights · (probability − aim), then two products. These go to a
/// tile of their own, which stays in a near cache; written over the exponentials they would all go back to memory.
static void tile_backward(const softmax_group *g, const float *table, ptrdiff_t stride, const float *bias,
                          cloze_targets aim, const int32_t *targets, const float *weights, const float *log_sums,
                          ptrdiff_t tile, cloze_matrix hidden_gradient, float *table_gradient,
                          ptrdiff_t gradient_stride, float *bias_gradient) {
  ptrdiff_t count = tile_items(g, tile), start = tile * CLOZE_ITEM_TILE;
  const float *logits = tile_logits(g, tile), *tops = g->tile_tops + tile * g->columns;
  float *shares = g->shares;
  float uniform = aim.label_smoothing / (float)g->items;
  float factors[CLOZE_TARGET_GROUP];
  for (ptrdiff_t r = 0; r < g->columns; r += LANES) {
    vector from_top = exponential(load(tops + r, LANES) - load(log_sums + r, LANES));
    store(factors + r, from_top * load(weights + r, LANES), LANES);
  }
  for (ptrdiff_t v = 0; v < count; v++) {
    vector sum = 0;
    for (ptrdiff_t r = 0; r < g->columns; r += LANES) {
      vector logit = load(logits + v * g->columns + r, LANES), weight = load(weights + r, LANES), p;
      if (g->kept)
        p = logit * load(factors + r, LANES);
      else
        p = exponential(logit + bias[start + v] - load(log_sums + r, LANES)) * weight;
      p -= weight * uniform;
      sum += p;
      store(shares + v * g->columns + r, p, LANES);
    }
    bias_gradient[start + v] += total(sum);
  }
  for (ptrdiff_t r = 0; r < g->targets; r++) {
    ptrdiff_t item = targets[r] - aim.first_item - start;
    if (item < 0 || item >= count) continue;
    float share = weights[r] * (1.0f - aim.label_smoothing);
    shares[item * g->columns + r] -= share;
    bias_gradient[start + item] -= share;
  }
  multiply_packed(count, g->targets, g->width, shares, g->columns, 1, g->hidden_down, g->targets,
                  table_gradient + start * gradient_stride, gradient_stride, 1, 1);
  pack(table + start * stride, stride, 1, count, g->width, g->table_down);
  multiply_packed(g->targets, count, g->width, shares, 1, g->columns, g->table_down, count, hidden_gradient.base,
                  hidden_gradient.stride, 1, tile > 0);
}

static cloze_loss item_softmax(cloze_matrix hidden, cloze_matrix table, cloze_matrix bias, cloze_targets aim,
                               cloze_matrix hidden_gradient, cloze_matrix table_gradient, cloze_matrix bias_gradient,
                               float *workspace) {
  cloze_loss result = {0, 0};
  ptrdiff_t items = table.rows - aim.first_item, most = cloze_target_group(hidden.rows, items);
  const float *rows = table.base + aim.first_item * table.stride, *shift = bias.base + aim.first_item;
  for (ptrdiff_t first = 0; first < hidden.rows; first += most) {
    ptrdiff_t count = hidden.rows - first < most ? hidden.rows - first : most;
    const int32_t *targets = aim.targets + first;
    const float *h = hidden.base + first * hidden.stride;
    softmax_group g = group_layout(count, items, hidden.columns, workspace);
    memset(g.hidden_across, 0, (size_t)(g.columns * g.width) * sizeof(float));
    pack(h, 1, hidden.stride, g.width, count, g.hidden_across);
    for (ptrdiff_t r = 0; r < g.columns; r++) {
      g.tops[r] = g.others[r] = -INFINITY;
      g.sums[r] = g.logit_sums[r] = g.target_logits[r] = 0;
    }
    for (ptrdiff_t tile = 0; tile < g.tiles; tile++) {
      multiply_tile(&g, rows, table.stride, tile);
      take_tile(&g, shift, targets, aim.first_item, aim.label_smoothing, tile);
    }
    float weights[CLOZE_TARGET_GROUP] = {0}, *log_sums = g.sums;
    for (ptrdiff_t r = 0; r < g.columns; r++) {
      float log_sum = g.tops[r] + logf(g.sums[r]), logit = g.target_logits[r];
      if (r < count) {
        double aimed = (1.0 - (double)aim.label_smoothing) * (double)logit;
        aimed += (double)aim.label_smoothing * (double)g.logit_sums[r] / (double)items;
        weights[r] = aim.weights[first + r];
        result.loss += (double)weights[r] * ((double)log_sum - aimed);
        result.correct += logit > g.others[r];
      }
      log_sums[r] = log_sum;
    }
    if (!hidden_gradient.base) continue;
    pack(h, hidden.stride, 1, count, g.width, g.hidden_down);
    cloze_matrix part = hidden_gradient;
    part.base += first * part.stride;
    for (ptrdiff_t tile = 0; tile < g.tiles; tile++) {
      if (!g.kept) multiply_tile(&g, rows, table.stride, tile);
      tile_backward(&g, rows, table.stride, shift, aim, targets, weights, log_sums, tile, part,
                    table_gradient.base + aim.first_item * table_gradient.stride, table_gradient.stride,
                    bias_gradient.base + aim.first_item);
    }
  }
  return result;
}
