// The end of a pre-norm block: bias, dropout and residual.

static void residual_sum_forward(cloze_matrix branch, cloze_matrix bias, cloze_matrix residual, cloze_dropout dropout,
                                 cloze_matrix output) {
  for (ptrdiff_t r = 0; r < branch.rows; r++) {
    const float *b = branch.base + r * branch.stride, *x = residual.base + r * residual.stride;
    float *y = output.base + r * output.stride;
    uint64_t row = dropout_row(dropout, r);
    FOR_VECTORS(c, lanes, branch.columns, {
      vector z = load(b + c, lanes) + load(bias.base + c, lanes);
      if (dropout.threshold > 0) z *= dropout_factor(dropout, row, c);
      store(y + c, z + load(x + c, lanes), lanes);
    })
  }
}

static void residual_sum_backward(cloze_matrix output_gradient, cloze_dropout dropout, cloze_matrix branch_gradient,
                                  cloze_matrix bias_gradient) {
  for (ptrdiff_t r = 0; r < output_gradient.rows; r++) {
    const float *dy = output_gradient.base + r * output_gradient.stride;
    float *db = branch_gradient.base + r * branch_gradient.stride;
    uint64_t row = dropout_row(dropout, r);
    FOR_VECTORS(c, lanes, output_gradient.columns, {
      vector g = load(dy + c, lanes);
      if (dropout.threshold > 0) g *= dropout_factor(dropout, row, c);
      store(db + c, g, lanes);
      store(bias_gradient.base + c, g + load(bias_gradient.base + c, lanes), lanes);
    })
  }
}
