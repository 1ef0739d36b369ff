// Attention of packed sequences, one sequence and head at a time; probabilities live in one tile of queries only.

/// What one sequence and head works on.
typedef struct {
  ptrdiff_t keys, width, tile, score_stride;
  float scale;
  float *keys_across, *values_down, *values_across, *keys_down, *queries_down, *gradients_down, *scores, *gradients;
} attention_head;

INLINE ptrdiff_t padded(ptrdiff_t count) { return (count + 31) / 32 * 32; }

static attention_head head_layout(ptrdiff_t keys, ptrdiff_t width, float *workspace) {
  ptrdiff_t long_keys = padded(keys), wide = padded(width);
  attention_head h = {.keys = keys, .width = width, .scale = 1.0f / sqrtf((float)width)};
  h.tile = cloze_query_tile(keys);
  h.score_stride = cloze_score_stride(keys);
  h.keys_across = workspace;
  h.values_down = h.keys_across + long_keys * width;
  h.scores = h.values_down + keys * wide;
  h.gradients = h.scores + h.tile * h.score_stride;
  h.values_across = h.gradients + h.tile * h.score_stride;
  h.keys_down = h.values_across + long_keys * width;
  h.queries_down = h.keys_down + keys * wide;
  h.gradients_down = h.queries_down + h.tile * wide;
  return h;
}

/// How many keys the queries from `first` on see at most.
INLINE ptrdiff_t keys_needed(cloze_attention_plan plan, ptrdiff_t first, ptrdiff_t count) {
  ptrdiff_t most = 0;
  for (ptrdiff_t q = first; q < first + count; q++) {
    if (plan.visible[q] > most) most = plan.visible[q];
    if (plan.own[q] >= most) most = plan.own[q] + 1;
  }
  return most;
}

INLINE uint64_t attention_dropout_row(cloze_dropout dropout, ptrdiff_t query, ptrdiff_t heads, ptrdiff_t head) {
  cloze_dropout at_zero = dropout;
  at_zero.row_base = 0;
  return dropout_row(at_zero, (dropout.row_base + query) * heads + head);
}

/// Scores become exponentials, and `dropped` those left by dropout; both may be one place, where the latter stand then.
/// Returns the exponentials' sum and writes the largest score.
INLINE float softmax_row(float *scores, float *dropped, ptrdiff_t visible, ptrdiff_t own, ptrdiff_t end,
                         cloze_dropout dropout, uint64_t row, float *highest) {
  float own_score = scores[own];
  vector most = (vector)(own < visible ? -INFINITY : own_score), sums = 0;
  for (ptrdiff_t c = 0; c < visible; c += LANES)
    most = larger(most, first_lanes(load(scores + c, LANES), visible - c, -INFINITY));
  float top = largest(most);
  for (ptrdiff_t c = 0; c < visible; c += LANES) {
    vector e = first_lanes(exponential(load(scores + c, LANES) - top), visible - c, 0);
    sums += e;
    if (dropped != scores) store(scores + c, e, LANES);
    if (dropout.threshold > 0) e *= dropout_factor(dropout, row, c);
    store(dropped + c, e, LANES);
  }
  for (ptrdiff_t c = (visible + LANES - 1) / LANES * LANES; c < end; c += LANES) {
    store(scores + c, 0, LANES);
    store(dropped + c, 0, LANES);
  }
  float sum = total(sums);
  if (own >= visible) {
    float e = exponential((vector)(own_score - top))[0];
    sum += e;
    scores[own] = e;
    dropped[own] = dropout.threshold > 0 ? e * dropout_factor(dropout, row, own)[0] : e;
  }
  *highest = top;
  return sum;
}

static void attention_forward(cloze_matrix queries, cloze_matrix keys, cloze_matrix values, cloze_attention_plan plan,
                              cloze_dropout dropout, cloze_matrix output, cloze_attention_memory memory, float *workspace) {
  ptrdiff_t width = output.columns / plan.heads;
  float *kept = memory.exponentials;
  for (ptrdiff_t s = 0; s < plan.sequences; s++)
    for (ptrdiff_t head = 0; head < plan.heads; head++) {
      ptrdiff_t k0 = plan.key_offsets[s], n = plan.key_offsets[s + 1] - k0;
      if (n == 0) continue;
      attention_head h = head_layout(n, width, workspace);
      pack(keys.base + k0 * keys.stride + head * width, 1, keys.stride, width, n, h.keys_across);
      pack(values.base + k0 * values.stride + head * width, values.stride, 1, n, width, h.values_down);
      for (ptrdiff_t q0 = plan.query_offsets[s]; q0 < plan.query_offsets[s + 1]; q0 += h.tile) {
        ptrdiff_t rest = plan.query_offsets[s + 1] - q0, count = rest < h.tile ? rest : h.tile;
        ptrdiff_t seen = keys_needed(plan, q0, count), end = panel_count(seen) * BLOCK_COLUMNS;
        float *scores = kept ? kept : h.scores, *dropped = dropout.threshold > 0 ? h.scores : scores;
        multiply_packed(count, width, end, queries.base + q0 * queries.stride + head * width, queries.stride, 1,
                        h.keys_across, width, scores, h.score_stride, h.scale, 0);
        float reciprocal[CLOZE_QUERY_TILE];
        for (ptrdiff_t i = 0; i < count; i++) {
          float top, sum = softmax_row(scores + i * h.score_stride, dropped + i * h.score_stride, plan.visible[q0 + i],
                                       plan.own[q0 + i], end, dropout,
                                       attention_dropout_row(dropout, q0 + i, plan.heads, head), &top);
          reciprocal[i] = 1.0f / sum;
          float *normalizer = memory.normalizers.base + (q0 + i) * memory.normalizers.stride + head;
          *normalizer = kept ? reciprocal[i] : top + logf(sum);
        }
        float *out = output.base + q0 * output.stride + head * width;
        multiply_packed(count, seen, width, dropped, h.score_stride, 1, h.values_down, n, out, output.stride, 1, 0);
        for (ptrdiff_t i = 0; i < count; i++)
          FOR_VECTORS(c, lanes, width, {
            float *y = out + i * output.stride + c;
            store(y, load(y, lanes) * reciprocal[i], lanes);
          })
        if (kept) kept += count * h.score_stride;
      }
    }
}

/// From scores and the gradients of the probabilities to dropped probabilities and the gradients of the scores.
/// `exponentials` are those of the scores where they were kept, and null where the scores are there to make them.
INLINE void softmax_row_backward(float *scores, float *gradients, const float *exponentials, float normalizer,
                                 float along, ptrdiff_t visible, ptrdiff_t own, ptrdiff_t end, cloze_dropout dropout,
                                 uint64_t row) {
  for (ptrdiff_t c = 0; c < end; c += LANES) {
    if (c >= visible && (own < c || own >= c + LANES)) {
      store(scores + c, 0, LANES);
      store(gradients + c, 0, LANES);
      continue;
    }
    vector p = exponentials ? load(exponentials + c, LANES) * normalizer
                            : exponential(load(scores + c, LANES) - normalizer);
    vector g = load(gradients + c, LANES), dropped = p;
    if (c + LANES > visible) {
      integers column = lane_numbers() + (int32_t)c;
      integers seen = (column < (int32_t)visible) | (column == (int32_t)own);
      dropped = p = choose(seen, p, (vector)(0.0f));
    }
    if (dropout.threshold > 0) {
      vector factor = dropout_factor(dropout, row, c);
      dropped *= factor;
      g *= factor;
    }
    store(scores + c, dropped, LANES);
    store(gradients + c, p * (g - along), LANES);
  }
}

INLINE float row_dot(const float *a, const float *b, ptrdiff_t columns) {
  vector sum = 0;
  FOR_VECTORS(c, lanes, columns, { sum += load(a + c, lanes) * load(b + c, lanes); })
  return total(sum);
}

INLINE void clear_rows(float *rows, ptrdiff_t stride, ptrdiff_t count, ptrdiff_t columns) {
  for (ptrdiff_t r = 0; r < count; r++) memset(rows + r * stride, 0, (size_t)columns * sizeof(float));
}

static void attention_backward(cloze_matrix output_gradient, cloze_matrix queries, cloze_matrix keys,
                               cloze_matrix values, cloze_matrix output, cloze_attention_memory memory,
                               cloze_attention_plan plan, cloze_dropout dropout, cloze_matrix query_gradient,
                               cloze_matrix key_gradient, cloze_matrix value_gradient, float *workspace) {
  ptrdiff_t width = output.columns / plan.heads;
  const float *kept = memory.exponentials;
  for (ptrdiff_t s = 0; s < plan.sequences; s++)
    for (ptrdiff_t head = 0; head < plan.heads; head++) {
      ptrdiff_t k0 = plan.key_offsets[s], n = plan.key_offsets[s + 1] - k0;
      if (n == 0) continue;
      attention_head h = head_layout(n, width, workspace);
      const float *key = keys.base + k0 * keys.stride + head * width;
      const float *value = values.base + k0 * values.stride + head * width;
      float *dk = key_gradient.base + k0 * key_gradient.stride + head * width;
      float *dv = value_gradient.base + k0 * value_gradient.stride + head * width;
      if (!kept) pack(key, 1, keys.stride, width, n, h.keys_across);
      pack(key, keys.stride, 1, n, width, h.keys_down);
      pack(value, 1, values.stride, width, n, h.values_across);
      clear_rows(dk, key_gradient.stride, n, width);
      clear_rows(dv, value_gradient.stride, n, width);
      for (ptrdiff_t q0 = plan.query_offsets[s]; q0 < plan.query_offsets[s + 1]; q0 += h.tile) {
        ptrdiff_t rest = plan.query_offsets[s + 1] - q0, count = rest < h.tile ? rest : h.tile;
        ptrdiff_t seen = keys_needed(plan, q0, count), end = panel_count(seen) * BLOCK_COLUMNS;
        const float *query = queries.base + q0 * queries.stride + head * width;
        const float *gradient = output_gradient.base + q0 * output_gradient.stride + head * width;
        const float *out = output.base + q0 * output.stride + head * width;
        if (!kept)
          multiply_packed(count, width, end, query, queries.stride, 1, h.keys_across, width, h.scores, h.score_stride,
                          h.scale, 0);
        multiply_packed(count, width, end, gradient, output_gradient.stride, 1, h.values_across, width, h.gradients,
                        h.score_stride, 1, 0);
        for (ptrdiff_t i = 0; i < count; i++) {
          float along = row_dot(gradient + i * output_gradient.stride, out + i * output.stride, width);
          softmax_row_backward(h.scores + i * h.score_stride, h.gradients + i * h.score_stride,
                               kept ? kept + i * h.score_stride : NULL,
                               memory.normalizers.base[(q0 + i) * memory.normalizers.stride + head], along,
                               plan.visible[q0 + i], plan.own[q0 + i], end, dropout,
                               attention_dropout_row(dropout, q0 + i, plan.heads, head));
        }
        pack(query, queries.stride, 1, count, width, h.queries_down);
        pack(gradient, output_gradient.stride, 1, count, width, h.gradients_down);
        multiply_packed(count, seen, width, h.gradients, h.score_stride, 1, h.keys_down, n,
                        query_gradient.base + q0 * query_gradient.stride + head * width, query_gradient.stride, h.scale,
                        0);
        multiply_packed(seen, count, width, h.gradients, 1, h.score_stride, h.queries_down, count, dk,
                        key_gradient.stride, h.scale, 1);
        multiply_packed(seen, count, width, h.scores, 1, h.score_stride, h.gradients_down, count, dv,
                        value_gradient.stride, 1, 1);
        if (kept) kept += count * h.score_stride;
      }
    }
}
