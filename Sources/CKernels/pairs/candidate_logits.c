// Logits of a few candidates per row, each a row of the table read where it lies.

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
