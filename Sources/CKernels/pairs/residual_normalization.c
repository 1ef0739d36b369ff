// The end of a post-norm block: bias, dropout, residual and normalization of a row while it is in the first cache.

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
