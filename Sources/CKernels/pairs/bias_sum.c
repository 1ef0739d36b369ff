// A bias added to every row in place.

static void bias_sum_forward(cloze_matrix input, cloze_matrix bias) {
  for (ptrdiff_t r = 0; r < input.rows; r++) {
    float *x = input.base + r * input.stride;
    FOR_VECTORS(c, lanes, input.columns, { store(x + c, load(x + c, lanes) + load(bias.base + c, lanes), lanes); })
  }
}

static void bias_sum_backward(cloze_matrix output_gradient, cloze_matrix bias_gradient) {
  for (ptrdiff_t r = 0; r < output_gradient.rows; r++) {
    const float *dy = output_gradient.base + r * output_gradient.stride;
    float *db = bias_gradient.base;
    FOR_VECTORS(c, lanes, output_gradient.columns, { store(db + c, load(db + c, lanes) + load(dy + c, lanes), lanes); })
  }
}
