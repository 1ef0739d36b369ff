// Layer normalization of rows: followed by dropout behind the embeddings; preceded by bias, dropout and residual at the end of
// a post-norm block, while a row is in the L1 cache.

/// The statistics of one row, two passes over it.
INLINE void row_statistics(const float *x, ptrdiff_t columns, float epsilon, float *mean, float *reciprocal) {
  vector sum = 0, squares = 0;
  FOR_VECTORS(c, lanes, columns, { sum += load(x + c, lanes); })
  float m = total(sum) / (float)columns;
  FOR_VECTORS(c, lanes, columns, {
    vector d = first_lanes(load(x + c, lanes) - m, lanes, 0);
    squares += d * d;
  })
  *mean = m;
  *reciprocal = 1.0f / sqrtf(total(squares) / (float)columns + epsilon);
}

static void layer_normalization_forward(cloze_matrix input, cloze_normalization norm, cloze_dropout dropout,
                                        cloze_matrix output) {
  for (ptrdiff_t r = 0; r < input.rows; r++) {
    const float *x = input.base + r * input.stride;
    float *y = output.base + r * output.stride, mean, reciprocal;
    uint64_t row = dropout_row(dropout, r);
    row_statistics(x, input.columns, norm.epsilon, &mean, &reciprocal);
    FOR_VECTORS(c, lanes, input.columns, {
      vector z = (load(x + c, lanes) - mean) * reciprocal;
      z = z * load(norm.scale.base + c, lanes) + load(norm.shift.base + c, lanes);
      if (dropout.threshold > 0) z *= dropout_factor(dropout, row, c);
      store(y + c, z, lanes);
    })
    norm.mean.base[r] = mean;
    norm.reciprocal.base[r] = reciprocal;
  }
}

/// The gradient of one row's input, from the gradient of its output; `dx` may alias `dy`.
INLINE void normalization_row_backward(const float *dy, const float *x, cloze_normalization norm, ptrdiff_t r,
                                       cloze_dropout dropout, uint64_t row, ptrdiff_t columns, float *dx,
                                       float *scale_gradient, float *shift_gradient) {
  float mean = norm.mean.base[r], reciprocal = norm.reciprocal.base[r];
  vector sum = 0, dot = 0;
  FOR_VECTORS(c, lanes, columns, {
    vector g = load(dy + c, lanes);
    vector z = (load(x + c, lanes) - mean) * reciprocal;
    if (dropout.threshold > 0) g *= dropout_factor(dropout, row, c);
    store(scale_gradient + c, g * z + load(scale_gradient + c, lanes), lanes);
    store(shift_gradient + c, g + load(shift_gradient + c, lanes), lanes);
    g *= load(norm.scale.base + c, lanes);
    sum += g;
    dot += g * z;
    store(dx + c, g, lanes);
  })
  float a = total(sum) / (float)columns, b = total(dot) / (float)columns;
  FOR_VECTORS(c, lanes, columns, {
    vector z = (load(x + c, lanes) - mean) * reciprocal;
    store(dx + c, (load(dx + c, lanes) - a - z * b) * reciprocal, lanes);
  })
}

static void layer_normalization_backward(cloze_matrix output_gradient, cloze_matrix input, cloze_normalization norm,
                                         cloze_dropout dropout, cloze_matrix input_gradient,
                                         cloze_matrix scale_gradient, cloze_matrix shift_gradient) {
  for (ptrdiff_t r = 0; r < input.rows; r++)
    normalization_row_backward(output_gradient.base + r * output_gradient.stride, input.base + r * input.stride, norm, r,
                               dropout, dropout_row(dropout, r), input.columns,
                               input_gradient.base + r * input_gradient.stride, scale_gradient.base,
                               shift_gradient.base);
}

static void residual_normalization_forward(cloze_matrix branch, cloze_matrix bias, cloze_matrix residual,
                                           cloze_normalization norm, cloze_dropout dropout, cloze_matrix output) {
  for (ptrdiff_t r = 0; r < branch.rows; r++) {
    float *sum = branch.base + r * branch.stride, *y = output.base + r * output.stride, mean, reciprocal;
    const float *x = residual.base + r * residual.stride;
    uint64_t row = dropout_row(dropout, r);
    FOR_VECTORS(c, lanes, branch.columns, {
      vector b = load(sum + c, lanes) + load(bias.base + c, lanes);
      if (dropout.threshold > 0) b *= dropout_factor(dropout, row, c);
      store(sum + c, b + load(x + c, lanes), lanes);
    })
    row_statistics(sum, branch.columns, norm.epsilon, &mean, &reciprocal);
    FOR_VECTORS(c, lanes, branch.columns, {
      vector z = (load(sum + c, lanes) - mean) * reciprocal;
      store(y + c, z * load(norm.scale.base + c, lanes) + load(norm.shift.base + c, lanes), lanes);
    })
    norm.mean.base[r] = mean;
    norm.reciprocal.base[r] = reciprocal;
  }
}

static void residual_normalization_backward(cloze_matrix output_gradient, cloze_matrix sum, cloze_normalization norm,
                                            cloze_dropout dropout, cloze_matrix residual_gradient,
                                            cloze_matrix branch_gradient, cloze_matrix bias_gradient,
                                            cloze_matrix scale_gradient, cloze_matrix shift_gradient) {
  const cloze_dropout none = {.scale = 1};
  for (ptrdiff_t r = 0; r < sum.rows; r++) {
    float *ds = residual_gradient.base + r * residual_gradient.stride;
    float *db = branch_gradient.base + r * branch_gradient.stride;
    uint64_t row = dropout_row(dropout, r);
    normalization_row_backward(output_gradient.base + r * output_gradient.stride, sum.base + r * sum.stride, norm, r,
                               none, 0, sum.columns, ds, scale_gradient.base, shift_gradient.base);
    FOR_VECTORS(c, lanes, sum.columns, {
      vector g = load(ds + c, lanes);
      if (dropout.threshold > 0) g *= dropout_factor(dropout, row, c);
      store(db + c, g, lanes);
      store(bias_gradient.base + c, g + load(bias_gradient.base + c, lanes), lanes);
    })
  }
}
