// Losses over a target and sampled negatives: logits of candidates, each a row of the table read in place, and two losses
// over them (column 0 the target, the others negatives), which turn logits into their gradients.

static void candidate_logits_forward(cloze_matrix hidden, cloze_matrix table, cloze_matrix bias, const int32_t *ids,
                                     cloze_matrix logits) {
  for (ptrdiff_t r = 0; r < hidden.rows; r++, ids += logits.columns)
    for (ptrdiff_t c = 0; c < logits.columns; c++)
      logits.base[r * logits.stride + c] =
          row_dot(hidden.base + r * hidden.stride, table.base + ids[c] * table.stride, hidden.columns) + bias.base[ids[c]];
}

/// Accumulates into all three gradients; `places` are the candidates' rows in the latter two.
static void candidate_logits_backward(cloze_matrix logits_gradient, cloze_matrix hidden, cloze_matrix table,
                                      const int32_t *ids, const int32_t *places, cloze_matrix hidden_gradient,
                                      cloze_matrix row_gradient, cloze_matrix bias_gradient) {
  for (ptrdiff_t r = 0; r < hidden.rows; r++)
    for (ptrdiff_t c = 0; c < logits_gradient.columns; c++, ids++, places++) {
      float g = logits_gradient.base[r * logits_gradient.stride + c];
      const float *h = hidden.base + r * hidden.stride, *w = table.base + *ids * table.stride;
      float *dh = hidden_gradient.base + r * hidden_gradient.stride;
      float *dw = row_gradient.base + *places * row_gradient.stride;
      FOR_VECTORS(i, lanes, hidden.columns, {
        store(dh + i, load(w + i, lanes) * g + load(dh + i, lanes), lanes);
        store(dw + i, load(h + i, lanes) * g + load(dw + i, lanes), lanes);
      })
      bias_gradient.base[*places * bias_gradient.stride] += g;
    }
}

/// Sets the logits of negatives that are the target itself to −∞ (Bengio & Senécal 2008).
INLINE void mask_accidental_hits(float *logits, const int32_t *negatives, int32_t target, ptrdiff_t count) {
  for (ptrdiff_t c = 0; c < count; c++) logits[c] = negatives[c] == target ? -INFINITY : logits[c];
}

/// Targets and negatives are places in `log_q`; all rows share the negatives.
static cloze_loss sampled_softmax(cloze_matrix logits, const int32_t *targets, const int32_t *negatives,
                                  const float *log_q, const float *weights) {
  cloze_loss result = {0, 0};
  for (ptrdiff_t r = 0; r < logits.rows; r++) {
    float *l = logits.base + r * logits.stride;
    l[0] -= log_q[targets[r]];
    for (ptrdiff_t c = 1; c < logits.columns; c++) l[c] -= log_q[negatives[c - 1]];
    mask_accidental_hits(l + 1, negatives, targets[r], logits.columns - 1);
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

/// −log σ(s₊ − s₋), the mean over negatives.
static cloze_loss sampled_pairwise(cloze_matrix logits, const int32_t *targets, const int32_t *negatives,
                                   const float *weights) {
  cloze_loss result = {0, 0};
  for (ptrdiff_t r = 0; r < logits.rows; r++) {
    float *l = logits.base + r * logits.stride;
    float share = weights[r] / (float)(logits.columns - 1), target = l[0];
    mask_accidental_hits(l + 1, negatives, targets[r], logits.columns - 1);
    double loss = 0;
    vector most = (vector)(-INFINITY), linear = 0, product = (vector)(1.0f), sums = 0;
    FOR_VECTORS(c, lanes, logits.columns - 1, {
      vector x = first_lanes(load(l + 1 + c, lanes) - target, lanes, -INFINITY), e = exponential(-magnitude(x));
      most = larger(most, x);
      linear += larger(x, (vector)(0.0f));
      product *= e + 1.0f;
      vector slope = choose(x > 0.0f, (vector)(1.0f), e) / (e + 1.0f) * share;
      sums += slope;
      store(l + 1 + c, slope, lanes);
      if (c / LANES % 64 == 63) {
        for (int i = 0; i < LANES; i++) loss += log((double)product[i]);
        product = (vector)(1.0f);
      }
    })
    for (int i = 0; i < LANES; i++) loss += log((double)product[i]) + (double)linear[i];
    result.correct += largest(most) < 0.0f;
    result.loss += (double)share * loss;
    l[0] = -total(sums);
  }
  return result;
}

static cloze_loss sampled_binary(cloze_matrix logits, const int32_t *targets, const int32_t *negatives,
                                 float beta, const float *weights) {
  cloze_loss result = {0, 0};
  for (ptrdiff_t r = 0; r < logits.rows; r++) {
    float *l = logits.base + r * logits.stride;
    float share = weights[r] / (float)logits.columns;
    mask_accidental_hits(l + 1, negatives, targets[r], logits.columns - 1);
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
