// Losses over a target (column 0) and sampled negatives (the other columns); logits become their gradients.
// `targets` and `negatives` name the candidates; all rows share the negatives.

/// Negatives that are the target itself are given no chance.
INLINE void hide_hits(float *logits, const int32_t *negatives, int32_t target, ptrdiff_t count) {
  for (ptrdiff_t c = 0; c < count; c++) logits[c] = negatives[c] == target ? -INFINITY : logits[c];
}

static cloze_loss sampled_softmax(cloze_matrix logits, const int32_t *targets, const int32_t *negatives,
                                  const float *log_q, const float *weights) {
  cloze_loss result = {0, 0};
  for (ptrdiff_t r = 0; r < logits.rows; r++) {
    float *l = logits.base + r * logits.stride;
    l[0] -= log_q[targets[r]];
    for (ptrdiff_t c = 1; c < logits.columns; c++) l[c] -= log_q[negatives[c - 1]];
    hide_hits(l + 1, negatives, targets[r], logits.columns - 1);
    vector most = (vector)(-INFINITY), sums = 0;
    FOR_VECTORS(c, lanes, logits.columns - 1, { most = larger(most, first_lanes(load(l + 1 + c, lanes), lanes, -INFINITY)); })
    float target = l[0], others = largest(most), top = others > target ? others : target;
    FOR_VECTORS(c, lanes, logits.columns, {
      vector e = first_lanes(exponential(load(l + c, lanes) - top), lanes, 0);
      sums += e;
      store(l + c, e, lanes);
    })
    float sum = total(sums), factor = weights[r] / sum;
    FOR_VECTORS(c, lanes, logits.columns, { store(l + c, load(l + c, lanes) * factor, lanes); })
    l[0] -= weights[r];
    result.loss += (double)weights[r] * ((double)top + log((double)sum) - (double)target);
    result.correct += target > others;
  }
  return result;
}

static cloze_loss sampled_binary(cloze_matrix logits, const int32_t *targets, const int32_t *negatives,
                                 float beta, const float *weights) {
  cloze_loss result = {0, 0};
  for (ptrdiff_t r = 0; r < logits.rows; r++) {
    float *l = logits.base + r * logits.stride;
    float share = weights[r] / (float)logits.columns;
    hide_hits(l + 1, negatives, targets[r], logits.columns - 1);
    double loss = 0;
    vector most = (vector)(-INFINITY);
    // Σ log(1 + eˣ) over negatives is Σ max(x, 0) + log Π (1 + e^−|x|); the product is taken before it can overflow.
    vector linear = 0, product = (vector)(1.0f);
    FOR_VECTORS(c, lanes, logits.columns - 1, {
      vector x = first_lanes(load(l + 1 + c, lanes), lanes, -INFINITY), e = exponential(-magnitude(x));
      most = larger(most, x);
      linear += larger(x, (vector)(0.0f));
      product *= e + 1.0f;
      store(l + 1 + c, choose(x > 0.0f, (vector)(1.0f), e) / (e + 1.0f) * share, lanes);
      if (c / LANES % 64 == 63) {
        for (int i = 0; i < LANES; i++) loss += log((double)product[i]);
        product = (vector)(1.0f);
      }
    })
    for (int i = 0; i < LANES; i++) loss += log((double)product[i]) + (double)linear[i];
    double x = (double)l[0], chance = 1 / (1 + exp(x));
    loss += (double)beta * (log1p(exp(-fabs(x))) + (x < 0 ? -x : 0));
    result.correct += l[0] > largest(most);
    result.loss += (double)share * loss;
    l[0] = -share * beta * (float)chance;
  }
  return result;
}
