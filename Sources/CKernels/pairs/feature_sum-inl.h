// Rows of a table from what each has of its own and from the rows of its features' values.

static void feature_sum_forward(cloze_matrix own, cloze_matrix values, cloze_feature_rows features, const int32_t *rows,
                                ptrdiff_t count, const float *kept, cloze_matrix output) {
  for (ptrdiff_t i = 0; i < count; i++) {
    const ptrdiff_t r = rows[i];
    const float *x = own.base + r * own.stride;
    float *y = output.base + r * output.stride;
    const float factor = kept[i];
    FOR_VECTORS(c, lanes, output.columns, { store(y + c, factor * load(x + c, lanes), lanes); })
    for (int32_t e = features.starts[r]; e < features.starts[r + 1]; e++)
      add_scaled_row(features.weights[e], values.base + features.values[e] * values.stride, y, output.columns);
  }
}

static void feature_sum_backward(cloze_matrix gradient, cloze_feature_rows features, const int32_t *rows, ptrdiff_t count,
                                 const float *kept, cloze_matrix value_gradient) {
  for (ptrdiff_t i = 0; i < count; i++) {
    const ptrdiff_t r = rows[i];
    float *dy = gradient.base + r * gradient.stride;
    for (int32_t e = features.starts[r]; e < features.starts[r + 1]; e++)
      add_scaled_row(features.weights[e], dy, value_gradient.base + features.values[e] * value_gradient.stride,
                     gradient.columns);
    const float factor = kept[i];
    FOR_VECTORS(c, lanes, gradient.columns, { store(dy + c, factor * load(dy + c, lanes), lanes); })
  }
}
