// Rows of tables: looked up and summed for a token, its position and its segment; gathered, written back, and added back.


static void embedding_sum_forward(const int32_t *ids, const int32_t *positions, const int32_t *segments,
                                  cloze_matrix token_table, cloze_matrix position_table, cloze_matrix segment_table,
                                  cloze_matrix output) {
  for (ptrdiff_t r = 0; r < output.rows; r++) {
    const float *token = token_table.base + ids[r] * token_table.stride;
    const float *position = position_table.base + positions[r] * position_table.stride;
    float *y = output.base + r * output.stride;
    FOR_VECTORS(c, lanes, output.columns, { store(y + c, load(token + c, lanes) + load(position + c, lanes), lanes); })
    if (segment_table.base)
      add_row(segment_table.base + (segments ? segments[r] : 0) * segment_table.stride, y, output.columns);
  }
}

static void embedding_sum_backward(cloze_matrix output_gradient, const int32_t *ids, const int32_t *positions,
                                   const int32_t *segments, cloze_matrix token_gradient, cloze_matrix position_gradient,
                                   cloze_matrix segment_gradient) {
  for (ptrdiff_t r = 0; r < output_gradient.rows; r++) {
    const float *dy = output_gradient.base + r * output_gradient.stride;
    add_row(dy, token_gradient.base + ids[r] * token_gradient.stride, output_gradient.columns);
    add_row(dy, position_gradient.base + positions[r] * position_gradient.stride, output_gradient.columns);
    if (segment_gradient.base)
      add_row(dy, segment_gradient.base + (segments ? segments[r] : 0) * segment_gradient.stride,
              output_gradient.columns);
  }
}

static void rows_gather(cloze_matrix source, const int32_t *rows, cloze_matrix into) {
  for (ptrdiff_t r = 0; r < into.rows; r++)
    memcpy(into.base + r * into.stride, source.base + rows[r] * source.stride, (size_t)into.columns * sizeof(float));
}

static void rows_scatter(cloze_matrix source, const int32_t *rows, cloze_matrix into) {
  for (ptrdiff_t r = 0; r < source.rows; r++)
    memcpy(into.base + rows[r] * into.stride, source.base + r * source.stride, (size_t)source.columns * sizeof(float));
}

static void rows_scatter_add(cloze_matrix source, const int32_t *rows, cloze_matrix into) {
  for (ptrdiff_t r = 0; r < source.rows; r++)
    add_row(source.base + r * source.stride, into.base + rows[r] * into.stride, source.columns);
}

static void rows_add(cloze_matrix source, cloze_matrix into) {
  for (ptrdiff_t r = 0; r < source.rows; r++)
    add_row(source.base + r * source.stride, into.base + r * into.stride, source.columns);
}
