// Rows picked out of a matrix, and added back.

static void rows_gather(cloze_matrix source, const int32_t *rows, cloze_matrix into) {
  for (ptrdiff_t r = 0; r < into.rows; r++)
    memcpy(into.base + r * into.stride, source.base + rows[r] * source.stride, (size_t)into.columns * sizeof(float));
}

static void rows_scatter_add(cloze_matrix source, const int32_t *rows, cloze_matrix into) {
  for (ptrdiff_t r = 0; r < source.rows; r++)
    add_row(source.base + r * source.stride, into.base + rows[r] * into.stride, source.columns);
}

static void rows_add(cloze_matrix source, cloze_matrix into) {
  for (ptrdiff_t r = 0; r < source.rows; r++)
    add_row(source.base + r * source.stride, into.base + r * into.stride, source.columns);
}
