// What kernels do to one row of floats: a loop over its vectors, sums, and the dropout hash.

/// Runs the body for every vector of a row: `c` is its first column, `lanes` how many of its floats are within the row.
#define FOR_VECTORS(c, lanes, columns, ...)                      \
  {                                                              \
    ptrdiff_t c = 0;                                             \
    for (; c + LANES <= (columns); c += LANES) {                 \
      const int lanes = LANES;                                   \
      __VA_ARGS__                                                \
    }                                                            \
    if (c < (columns)) {                                         \
      const int lanes = (int)((columns) - c);                    \
      __VA_ARGS__                                                \
    }                                                            \
  }

INLINE void add_row(const float *from, float *to, ptrdiff_t columns) {
  FOR_VECTORS(c, lanes, columns, { store(to + c, load(to + c, lanes) + load(from + c, lanes), lanes); })
}

INLINE void add_scaled_row(float factor, const float *from, float *to, ptrdiff_t columns) {
  FOR_VECTORS(c, lanes, columns, { store(to + c, load(to + c, lanes) + factor * load(from + c, lanes), lanes); })
}

INLINE float row_dot(const float *a, const float *b, ptrdiff_t columns) {
  vector sum = 0;
  FOR_VECTORS(c, lanes, columns, { sum += load(a + c, lanes) * load(b + c, lanes); })
  return total(sum);
}

INLINE void clear_rows(float *rows, ptrdiff_t stride, ptrdiff_t count, ptrdiff_t columns) {
  for (ptrdiff_t r = 0; r < count; r++) memset(rows + r * stride, 0, (size_t)columns * sizeof(float));
}

/// What the hash of one row's dropout starts from.
INLINE uint64_t dropout_row(cloze_dropout dropout, ptrdiff_t row) {
  uint64_t x = dropout.key + (uint64_t)(dropout.row_base + row) * 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

/// The factors of columns `c`, `c + 1`, … of a row: 0 where dropped, `scale` where kept.
INLINE vector dropout_factor(cloze_dropout dropout, uint64_t row, ptrdiff_t c) {
  words x = (words)lane_numbers();
  x = (x + (uint32_t)c) * 0x9E3779B1u + (uint32_t)row;
  x = (x ^ (x >> 16)) * 0x85EBCA6Bu + (uint32_t)(row >> 32);
  x = (x ^ (x >> 13)) * 0xC2B2AE35u;
  x = (x ^ (x >> 16)) >> 8;
  integers kept = (integers)x >= dropout.threshold;
  return (vector)((integers)(vector)(dropout.scale) & kept);
}
