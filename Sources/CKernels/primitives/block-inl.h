// The micro-kernel of matrix products: blocks of BLOCK_ROWS × BLOCK_COLUMNS sums in registers, the right side packed in
// panels (Goto & van de Geijn 2008).
//
// A panel holds BLOCK_COLUMNS columns of the right side, row after row, without gaps, padded with zeros.
// The left side is read in place: `a_row` floats from row to row, `a_step` along the depth. It is row-major where `a_step` is
// 1 and column-major (transposed) where `a_row` is 1; likewise the right side with `b_column` and `b_row`.

#define BLOCK_ROWS (LANES == 16 ? 14 : 6)
#define BLOCK_COLUMNS (2 * LANES)
#define DEPTH 256

typedef float four __attribute__((ext_vector_type(4)));

/// Four rows of four floats, `from_row` apart, to the columns of four rows, `to_row` apart.
INLINE void transpose_four(const float *from, ptrdiff_t from_row, float *to, ptrdiff_t to_row) {
  four row[4], half[4], column[4];
  UNROLL for (int i = 0; i < 4; i++) memcpy(&row[i], from + i * from_row, sizeof(four));
  UNROLL for (int i = 0; i < 2; i++) {
    half[i] = __builtin_shufflevector(row[i], row[i + 2], 0, 4, 1, 5);
    half[i + 2] = __builtin_shufflevector(row[i], row[i + 2], 2, 6, 3, 7);
  }
  UNROLL for (int i = 0; i < 2; i++) {
    column[2 * i] = __builtin_shufflevector(half[2 * i], half[2 * i + 1], 0, 4, 1, 5);
    column[2 * i + 1] = __builtin_shufflevector(half[2 * i], half[2 * i + 1], 2, 6, 3, 7);
  }
  UNROLL for (int i = 0; i < 4; i++) memcpy(to + i * to_row, &column[i], sizeof(four));
}

/// Copies `columns` ≤ BLOCK_COLUMNS columns of a right side, row-major or column-major, into a panel.
INLINE void pack_panel(const float *b, ptrdiff_t b_row, ptrdiff_t b_column, ptrdiff_t depth, int columns, float *panel) {
  if (columns < BLOCK_COLUMNS) memset(panel, 0, (size_t)depth * BLOCK_COLUMNS * sizeof(float));
  if (b_column == 1) {
    for (ptrdiff_t k = 0; k < depth; k++, b += b_row, panel += BLOCK_COLUMNS)
      memcpy(panel, b, (size_t)columns * sizeof(float));
    return;
  }
  ptrdiff_t k = 0;
  for (; k + 4 <= depth; k += 4) {
    int j = 0;
    for (; j + 4 <= columns; j += 4)
      transpose_four(b + k + j * b_column, b_column, panel + k * BLOCK_COLUMNS + j, BLOCK_COLUMNS);
    for (; j < columns; j++)
      for (int i = 0; i < 4; i++) panel[(k + i) * BLOCK_COLUMNS + j] = b[k + i + j * b_column];
  }
  for (; k < depth; k++)
    for (int j = 0; j < columns; j++) panel[k * BLOCK_COLUMNS + j] = b[k + j * b_column];
}

INLINE ptrdiff_t panel_count(ptrdiff_t columns) { return (columns + BLOCK_COLUMNS - 1) / BLOCK_COLUMNS; }
INLINE int panel_columns(ptrdiff_t columns, ptrdiff_t panel) {
  ptrdiff_t rest = columns - panel * BLOCK_COLUMNS;
  return rest < BLOCK_COLUMNS ? (int)rest : BLOCK_COLUMNS;
}

/// Packs a whole right side: a column-major one panel after panel, a row-major one row after row, as it is in memory, since a
/// panel's part of each row is a cache line that no prefetcher predicts.
static __attribute__((noinline)) void pack(const float *b, ptrdiff_t b_row, ptrdiff_t b_column, ptrdiff_t depth,
                                           ptrdiff_t columns, float *packed) {
  ptrdiff_t whole = b_column == 1 ? columns / BLOCK_COLUMNS : 0;
  for (ptrdiff_t k = 0; whole > 0 && k < depth; k++)
    for (ptrdiff_t j = 0; j < whole; j++) {
      const float *from = b + k * b_row + j * BLOCK_COLUMNS;
      __builtin_prefetch(from + 8 * b_row);
      memcpy(packed + (j * depth + k) * BLOCK_COLUMNS, from, BLOCK_COLUMNS * sizeof(float));
    }
  for (ptrdiff_t j = whole; j < panel_count(columns); j++)
    pack_panel(b + j * BLOCK_COLUMNS * b_column, b_row, b_column, depth, panel_columns(columns, j),
               packed + j * depth * BLOCK_COLUMNS);
}

/// Steps along the depth per iteration of the loop.
#define STEPS 4
/// Rows addressed from one base register: at it, one and two rows on, which x86 addressing modes can express.
#define ROWS_PER_BASE 3

/// One step along the depth, `offset` floats on: low and high += a · panel, rows × BLOCK_COLUMNS sums.
INLINE void add_step(const int rows, const float *const *bases, ptrdiff_t offset, ptrdiff_t a_row, const float *panel,
                     vector *low, vector *high) {
  vector b0 = load(panel, LANES), b1 = load(panel + LANES, LANES);
  UNROLL for (int i = 0; i < rows; i++) {
    vector x = (vector)(bases[i / ROWS_PER_BASE][offset + i % ROWS_PER_BASE * a_row]);
    low[i] = x * b0 + low[i];
    high[i] = x * b1 + high[i];
  }
}

/// c = alpha · a · panel + beta · c, for `rows` ≤ BLOCK_ROWS rows and one panel.
///
/// Where a second hardware thread is busy on the same core, throughput is bound by instructions, not by arithmetic: counting,
/// branching and computing addresses after each step costs a fifth of the speed there.
INLINE void multiply_block(const int rows, ptrdiff_t depth, const float *a, ptrdiff_t a_row, ptrdiff_t a_step,
                           const float *panel, float *c, ptrdiff_t c_row, int columns, float alpha, float beta) {
  vector low[BLOCK_ROWS], high[BLOCK_ROWS];
  UNROLL for (int i = 0; i < rows; i++) low[i] = high[i] = 0;
  UNROLL for (int i = 0; i < rows; i++) __builtin_prefetch(c + i * c_row, 1);  // needed when the sums are done
  const float *bases[BLOCK_ROWS];
  UNROLL for (int i = 0; i * ROWS_PER_BASE < rows; i++) {
    bases[i] = a + i * ROWS_PER_BASE * a_row;
    // Hidden from the compiler, which would compute each row's address by an addition.
    if (a_row != 1) __asm__("" : "+r"(bases[i]));
  }
  ptrdiff_t k = 0;
  for (; k + STEPS <= depth; k += STEPS, panel += STEPS * BLOCK_COLUMNS) {
    UNROLL for (int i = 0; i < STEPS; i++)
      add_step(rows, bases, i * a_step, a_row, panel + i * BLOCK_COLUMNS, low, high);
    UNROLL for (int i = 0; i * ROWS_PER_BASE < rows; i++) bases[i] += STEPS * a_step;
  }
  for (ptrdiff_t i = 0; k < depth; k++, i++, panel += BLOCK_COLUMNS)
    add_step(rows, bases, i * a_step, a_row, panel, low, high);
  if (columns == BLOCK_COLUMNS) {
    UNROLL for (int i = 0; i < rows; i++, c += c_row) {
      vector y0 = low[i] * alpha, y1 = high[i] * alpha;
      if (beta != 0) {
        y0 = load(c, LANES) * beta + y0;
        y1 = load(c + LANES, LANES) * beta + y1;
      }
      store(c, y0, LANES);
      store(c + LANES, y1, LANES);
    }
    return;
  }
  _Alignas(64) float edge[BLOCK_ROWS * BLOCK_COLUMNS];
  UNROLL for (int i = 0; i < rows; i++) {
    store(edge + i * BLOCK_COLUMNS, low[i], LANES);
    store(edge + i * BLOCK_COLUMNS + LANES, high[i], LANES);
  }
  for (int i = 0; i < rows; i++, c += c_row)
    for (int j = 0; j < columns; j++)
      c[j] = edge[i * BLOCK_COLUMNS + j] * alpha + (beta != 0 ? beta * c[j] : 0.0f);
}

/// Memory that is needed after a product, prefetched into the L2 cache a few lines before each of its blocks.
typedef struct {
  const char *at, *end;
  ptrdiff_t step;
} memory_ahead;

/// `floats` from `from` on, spread over the blocks of a product of `rows` × `columns`.
INLINE memory_ahead spread_ahead(const float *from, ptrdiff_t floats, ptrdiff_t rows, ptrdiff_t columns) {
  ptrdiff_t bytes = floats * (ptrdiff_t)sizeof(float), blocks = (rows / BLOCK_ROWS + 1) * panel_count(columns);
  return (memory_ahead){(const char *)from, (const char *)from + bytes, (bytes / blocks / 64 + 1) * 64};
}

INLINE void prefetch_ahead(memory_ahead *ahead) {
  const char *end = ahead->end - ahead->at < ahead->step ? ahead->end : ahead->at + ahead->step;
  for (; ahead->at < end; ahead->at += 64) __builtin_prefetch(ahead->at, 0, 2);
}

/// One panel's columns of a product, all rows; the tile loop around `multiply_block`.
INLINE void multiply_panel(ptrdiff_t rows, ptrdiff_t depth, const float *a, ptrdiff_t a_row, ptrdiff_t a_step,
                           const float *panel, float *c, ptrdiff_t c_row, int columns, float alpha, float beta,
                           memory_ahead *ahead) {
  for (; rows >= BLOCK_ROWS; rows -= BLOCK_ROWS, a += BLOCK_ROWS * a_row, c += BLOCK_ROWS * c_row) {
    if (ahead) prefetch_ahead(ahead);
    multiply_block(BLOCK_ROWS, depth, a, a_row, a_step, panel, c, c_row, columns, alpha, beta);
  }
  switch (rows) {
#define REST(n) \
  case n: multiply_block(n, depth, a, a_row, a_step, panel, c, c_row, columns, alpha, beta); break;
    REST(1) REST(2) REST(3) REST(4) REST(5)
#if LANES == 16
    REST(6) REST(7) REST(8) REST(9) REST(10) REST(11) REST(12) REST(13)
#endif
#undef REST
  }
}

/// c = alpha · a · packed + beta · c; `a` is `[rows, depth]`, row-major or column-major, and `packed_depth` ≥ `depth` is the
/// depth of the packed side. `ahead` is null where nothing is to be prefetched meanwhile.
static __attribute__((noinline)) void multiply_packed_ahead(ptrdiff_t rows, ptrdiff_t depth, ptrdiff_t columns,
                                                            const float *a, ptrdiff_t a_row, ptrdiff_t a_step,
                                                            const float *packed, ptrdiff_t packed_depth, float *c,
                                                            ptrdiff_t c_row, float alpha, float beta,
                                                            memory_ahead *ahead) {
  for (ptrdiff_t k = 0; k < depth; k += DEPTH, beta = 1) {
    ptrdiff_t part = depth - k < DEPTH ? depth - k : DEPTH;
    for (ptrdiff_t j = 0; j < panel_count(columns); j++) {
      const float *panel = packed + (j * packed_depth + k) * BLOCK_COLUMNS;
      float *to = c + j * BLOCK_COLUMNS;
      int wide = panel_columns(columns, j);
      if (a_step == 1)
        multiply_panel(rows, part, a + k, a_row, 1, panel, to, c_row, wide, alpha, beta, ahead);
      else
        multiply_panel(rows, part, a + k * a_step, 1, a_step, panel, to, c_row, wide, alpha, beta, ahead);
    }
  }
}

INLINE void multiply_packed(ptrdiff_t rows, ptrdiff_t depth, ptrdiff_t columns, const float *a, ptrdiff_t a_row,
                            ptrdiff_t a_step, const float *packed, ptrdiff_t packed_depth, float *c, ptrdiff_t c_row,
                            float alpha, float beta) {
  multiply_packed_ahead(rows, depth, columns, a, a_row, a_step, packed, packed_depth, c, c_row, alpha, beta, NULL);
}
