// Attention of packed sequences, one sequence and head at a time; probabilities exist for one tile of queries only.

/// The buffers of one sequence and head: packed right sides, `*_transposed` of the transposed matrix.
typedef struct {
  ptrdiff_t keys, width, tile, score_stride;
  float scale;
  float *keys_transposed, *values_packed, *values_transposed, *keys_packed, *queries_packed, *gradients_packed;
  float *scores, *gradients;
} attention_head;

static attention_head head_layout(ptrdiff_t keys, ptrdiff_t width, float *workspace) {
  ptrdiff_t long_keys = cloze_padded(keys), wide = cloze_padded(width);
  attention_head h = {.keys = keys, .width = width, .scale = 1.0f / sqrtf((float)width)};
  h.tile = cloze_query_tile(keys);
  h.score_stride = cloze_score_stride(keys);
  h.keys_transposed = workspace;
  h.values_packed = h.keys_transposed + long_keys * width;
  h.scores = h.values_packed + keys * wide;
  h.gradients = h.scores + h.tile * h.score_stride;
  h.values_transposed = h.gradients + h.tile * h.score_stride;
  h.keys_packed = h.values_transposed + long_keys * width;
  h.queries_packed = h.keys_packed + keys * wide;
  h.gradients_packed = h.queries_packed + h.tile * wide;
  return h;
}

/// Keys that `count` queries from `first` on attend to, at most.
INLINE ptrdiff_t visible_key_count(cloze_attention_plan plan, ptrdiff_t first, ptrdiff_t count) {
  ptrdiff_t most = 0;
  for (ptrdiff_t q = first; q < first + count; q++) {
    if (plan.prefix_lengths[q] > most) most = plan.prefix_lengths[q];
    if (plan.query_positions[q] >= most) most = plan.query_positions[q] + 1;
  }
  return most;
}

INLINE uint64_t attention_dropout_row(cloze_dropout dropout, ptrdiff_t query, ptrdiff_t heads, ptrdiff_t head) {
  cloze_dropout at_zero = dropout;
  at_zero.row_base = 0;
  return dropout_row(at_zero, (dropout.row_base + query) * heads + head);
}

/// Overwrites `scores` with their exponentials, and `dropped`, which may alias it, with those that dropout leaves.
/// Returns the sum of the exponentials and writes the largest score.
INLINE float softmax_row(float *scores, float *dropped, ptrdiff_t prefix, ptrdiff_t position, ptrdiff_t end,
                         cloze_dropout dropout, uint64_t row, float *largest_score) {
  float self_score = scores[position];
  vector max_vector = (vector)(position < prefix ? -INFINITY : self_score), sums = 0;
  for (ptrdiff_t c = 0; c < prefix; c += LANES)
    max_vector = larger(max_vector, first_lanes(load(scores + c, LANES), prefix - c, -INFINITY));
  float max = largest(max_vector);
  for (ptrdiff_t c = 0; c < prefix; c += LANES) {
    vector e = first_lanes(exponential(load(scores + c, LANES) - max), prefix - c, 0);
    sums += e;
    if (dropped != scores) store(scores + c, e, LANES);
    if (dropout.threshold > 0) e *= dropout_factor(dropout, row, c);
    store(dropped + c, e, LANES);
  }
  for (ptrdiff_t c = (prefix + LANES - 1) / LANES * LANES; c < end; c += LANES) {
    store(scores + c, 0, LANES);
    store(dropped + c, 0, LANES);
  }
  float sum = total(sums);
  if (position >= prefix) {
    float e = exponential((vector)(self_score - max))[0];
    sum += e;
    scores[position] = e;
    dropped[position] = dropout.threshold > 0 ? e * dropout_factor(dropout, row, position)[0] : e;
  }
  *largest_score = max;
  return sum;
}

static void attention_forward(cloze_matrix queries, cloze_matrix keys, cloze_matrix values, cloze_attention_plan plan,
                              cloze_dropout dropout, cloze_matrix output, cloze_attention_memory memory, float *workspace) {
  ptrdiff_t width = output.columns / plan.heads;
  float *saved = memory.exponentials;
  for (ptrdiff_t s = 0; s < plan.sequences; s++)
    for (ptrdiff_t head = 0; head < plan.heads; head++) {
      ptrdiff_t k0 = plan.key_offsets[s], n = plan.key_offsets[s + 1] - k0;
      if (n == 0) continue;
      attention_head h = head_layout(n, width, workspace);
      pack(keys.base + k0 * keys.stride + head * width, 1, keys.stride, width, n, h.keys_transposed);
      pack(values.base + k0 * values.stride + head * width, values.stride, 1, n, width, h.values_packed);
      for (ptrdiff_t q0 = plan.query_offsets[s]; q0 < plan.query_offsets[s + 1]; q0 += h.tile) {
        ptrdiff_t rest = plan.query_offsets[s + 1] - q0, count = rest < h.tile ? rest : h.tile;
        ptrdiff_t key_count = visible_key_count(plan, q0, count), end = panel_count(key_count) * BLOCK_COLUMNS;
        float *scores = saved ? saved : h.scores, *dropped = dropout.threshold > 0 ? h.scores : scores;
        multiply_packed(count, width, end, queries.base + q0 * queries.stride + head * width, queries.stride, 1,
                        h.keys_transposed, width, scores, h.score_stride, h.scale, 0);
        float reciprocal[CLOZE_QUERY_TILE];
        for (ptrdiff_t i = 0; i < count; i++) {
          float max, sum = softmax_row(scores + i * h.score_stride, dropped + i * h.score_stride, plan.prefix_lengths[q0 + i],
                                       plan.query_positions[q0 + i], end, dropout,
                                       attention_dropout_row(dropout, q0 + i, plan.heads, head), &max);
          reciprocal[i] = 1.0f / sum;
          float *normalizer = memory.normalizers.base + (q0 + i) * memory.normalizers.stride + head;
          *normalizer = saved ? reciprocal[i] : max + logf(sum);
        }
        float *out = output.base + q0 * output.stride + head * width;
        multiply_packed(count, key_count, width, dropped, h.score_stride, 1, h.values_packed, n, out, output.stride, 1, 0);
        for (ptrdiff_t i = 0; i < count; i++)
          FOR_VECTORS(c, lanes, width, {
            float *y = out + i * output.stride + c;
            store(y, load(y, lanes) * reciprocal[i], lanes);
          })
        if (saved) saved += count * h.score_stride;
      }
    }
}

/// From scores and the gradients of the probabilities to dropped probabilities and the gradients of the scores.
/// `exponentials` are those the forward pass saved; null where they are recomputed from the scores.
INLINE void softmax_row_backward(float *scores, float *gradients, const float *exponentials, float normalizer,
                                 float dot, ptrdiff_t prefix, ptrdiff_t position, ptrdiff_t end, cloze_dropout dropout,
                                 uint64_t row) {
  for (ptrdiff_t c = 0; c < end; c += LANES) {
    if (c >= prefix && (position < c || position >= c + LANES)) {
      store(scores + c, 0, LANES);
      store(gradients + c, 0, LANES);
      continue;
    }
    vector p = exponentials ? load(exponentials + c, LANES) * normalizer
                            : exponential(load(scores + c, LANES) - normalizer);
    vector g = load(gradients + c, LANES), dropped = p;
    if (c + LANES > prefix) {
      integers column = lane_numbers() + (int32_t)c;
      integers visible = (column < (int32_t)prefix) | (column == (int32_t)position);
      dropped = p = choose(visible, p, (vector)(0.0f));
    }
    if (dropout.threshold > 0) {
      vector factor = dropout_factor(dropout, row, c);
      dropped *= factor;
      g *= factor;
    }
    store(scores + c, dropped, LANES);
    store(gradients + c, p * (g - dot), LANES);
  }
}

static void attention_backward(cloze_matrix output_gradient, cloze_matrix queries, cloze_matrix keys,
                               cloze_matrix values, cloze_matrix output, cloze_attention_memory memory,
                               cloze_attention_plan plan, cloze_dropout dropout, cloze_matrix query_gradient,
                               cloze_matrix key_gradient, cloze_matrix value_gradient, float *workspace) {
  ptrdiff_t width = output.columns / plan.heads;
  const float *saved = memory.exponentials;
  for (ptrdiff_t s = 0; s < plan.sequences; s++)
    for (ptrdiff_t head = 0; head < plan.heads; head++) {
      ptrdiff_t k0 = plan.key_offsets[s], n = plan.key_offsets[s + 1] - k0;
      if (n == 0) continue;
      attention_head h = head_layout(n, width, workspace);
      const float *key = keys.base + k0 * keys.stride + head * width;
      const float *value = values.base + k0 * values.stride + head * width;
      float *dk = key_gradient.base + k0 * key_gradient.stride + head * width;
      float *dv = value_gradient.base + k0 * value_gradient.stride + head * width;
      if (!saved) pack(key, 1, keys.stride, width, n, h.keys_transposed);
      pack(key, keys.stride, 1, n, width, h.keys_packed);
      pack(value, 1, values.stride, width, n, h.values_transposed);
      clear_rows(dk, key_gradient.stride, n, width);
      clear_rows(dv, value_gradient.stride, n, width);
      for (ptrdiff_t q0 = plan.query_offsets[s]; q0 < plan.query_offsets[s + 1]; q0 += h.tile) {
        ptrdiff_t rest = plan.query_offsets[s + 1] - q0, count = rest < h.tile ? rest : h.tile;
        ptrdiff_t key_count = visible_key_count(plan, q0, count), end = panel_count(key_count) * BLOCK_COLUMNS;
        const float *query = queries.base + q0 * queries.stride + head * width;
        const float *gradient = output_gradient.base + q0 * output_gradient.stride + head * width;
        const float *out = output.base + q0 * output.stride + head * width;
        if (!saved)
          multiply_packed(count, width, end, query, queries.stride, 1, h.keys_transposed, width, h.scores, h.score_stride,
                          h.scale, 0);
        multiply_packed(count, width, end, gradient, output_gradient.stride, 1, h.values_transposed, width, h.gradients,
                        h.score_stride, 1, 0);
        for (ptrdiff_t i = 0; i < count; i++) {
          float dot = row_dot(gradient + i * output_gradient.stride, out + i * output.stride, width);
          softmax_row_backward(h.scores + i * h.score_stride, h.gradients + i * h.score_stride,
                               saved ? saved + i * h.score_stride : NULL,
                               memory.normalizers.base[(q0 + i) * memory.normalizers.stride + head], dot,
                               plan.prefix_lengths[q0 + i], plan.query_positions[q0 + i], end, dropout,
                               attention_dropout_row(dropout, q0 + i, plan.heads, head));
        }
        pack(query, queries.stride, 1, count, width, h.queries_packed);
        pack(gradient, output_gradient.stride, 1, count, width, h.gradients_packed);
        multiply_packed(count, key_count, width, h.gradients, h.score_stride, 1, h.keys_packed, n,
                        query_gradient.base + q0 * query_gradient.stride + head * width, query_gradient.stride, h.scale,
                        0);
        multiply_packed(key_count, count, width, h.gradients, 1, h.score_stride, h.queries_packed, count, dk,
                        key_gradient.stride, h.scale, 1);
        multiply_packed(key_count, count, width, h.scores, 1, h.score_stride, h.gradients_packed, count, dv,
                        value_gradient.stride, 1, 1);
        if (saved) saved += count * h.score_stride;
      }
    }
}
