// Whole matrix products, of blocks, and the arithmetic peak they are measured against.

/// Blocks of a column-major left side that are copied at a time, and their rows.
#define BLOCKS_COPIED 8
#define ROWS_COPIED (BLOCKS_COPIED * BLOCK_ROWS)
/// Floats of one copied block: whole vectors are stored, the last one beyond the block's end.
#define COPIED_BLOCK (DEPTH * BLOCK_ROWS + LANES)

/// Copies a column-major left side, `a_step` floats from step to step, block by block, in the order `multiply_block` reads it.
static __attribute__((noinline)) void copy_left(const float *a, ptrdiff_t a_step, ptrdiff_t rows, ptrdiff_t depth,
                                                float *copied) {
  for (ptrdiff_t k = 0; k < depth; k++, a += a_step, copied += BLOCK_ROWS)
    for (ptrdiff_t i = 0; i < rows; i += BLOCK_ROWS) {
      __builtin_prefetch(a + i + 8 * a_step);
      float *to = copied + i / BLOCK_ROWS * COPIED_BLOCK;
      if (rows - i >= BLOCK_ROWS + LANES)
        UNROLL for (int j = 0; j < BLOCK_ROWS; j += LANES) store(to + j, load(a + i + j, LANES), LANES);
      else
        memcpy(to, a + i, (size_t)(rows - i < BLOCK_ROWS ? rows - i : BLOCK_ROWS) * sizeof(float));
    }
}

/// result = alpha · leftᵀ · right + beta · result, for the gradient of a large weight matrix: in a column-major left side every
/// step is on another page, so it is read from there only once. At most CLOZE_COLUMNS_TOGETHER columns.
///
/// Both copies are on the stack, the most of any kernel: up to 377 KB, see CLOZE_STACK.
static void product_of_copies(cloze_matrix left, cloze_matrix right, cloze_matrix result, float alpha, float beta) {
  _Alignas(64) float packed[DEPTH * CLOZE_COLUMNS_TOGETHER], copied[BLOCKS_COPIED * COPIED_BLOCK];
  _Static_assert(sizeof packed + sizeof copied <= CLOZE_STACK, "the copies of a product exceed the stack of a kernel");
  for (ptrdiff_t k = 0; k < left.rows; k += DEPTH, beta = 1) {
    ptrdiff_t part = left.rows - k < DEPTH ? left.rows - k : DEPTH;
    pack(right.base + k * right.stride, right.stride, 1, part, result.columns, packed);
    for (ptrdiff_t i = 0; i < result.rows; i += ROWS_COPIED) {
      ptrdiff_t rows = result.rows - i < ROWS_COPIED ? result.rows - i : ROWS_COPIED;
      copy_left(left.base + k * left.stride + i, left.stride, rows, part, copied);
      for (ptrdiff_t p = 0; p < panel_count(result.columns); p++)
        for (ptrdiff_t r = 0; r < rows; r += BLOCK_ROWS)
          multiply_panel(rows - r < BLOCK_ROWS ? rows - r : BLOCK_ROWS, part, copied + r / BLOCK_ROWS * COPIED_BLOCK, 1,
                         BLOCK_ROWS, packed + p * part * BLOCK_COLUMNS,
                         result.base + (i + r) * result.stride + p * BLOCK_COLUMNS, result.stride,
                         panel_columns(result.columns, p), alpha, beta, NULL);
    }
  }
}

/// Rows of the left side that stay in the L2 cache while all packed panels pass over them.
#define ROWS_TOGETHER 192

/// result = alpha · op(left) · op(right) + beta · result; 64 columns of the right side are packed at a time, 64 KB of stack.
static void product(cloze_matrix left, int left_transposed, cloze_matrix right, int right_transposed,
                    cloze_matrix result, float alpha, float beta) {
  int large = result.rows * result.columns > CLOZE_LARGE_RESULT && result.columns <= CLOZE_COLUMNS_TOGETHER;
  if (left_transposed && !right_transposed && large) {
    product_of_copies(left, right, result, alpha, beta);
    return;
  }
  ptrdiff_t depth = left_transposed ? left.rows : left.columns;
  ptrdiff_t a_row = left_transposed ? 1 : left.stride, a_step = left_transposed ? left.stride : 1;
  ptrdiff_t b_row = right_transposed ? 1 : right.stride, b_column = right_transposed ? right.stride : 1;
  _Alignas(64) float packed[DEPTH * 64];
  for (ptrdiff_t j = 0; j < result.columns; j += 64) {
    ptrdiff_t columns = result.columns - j < 64 ? result.columns - j : 64;
    for (ptrdiff_t k = 0; k < depth; k += DEPTH) {
      ptrdiff_t part = depth - k < DEPTH ? depth - k : DEPTH;
      pack(right.base + k * b_row + j * b_column, b_row, b_column, part, columns, packed);
      for (ptrdiff_t i = 0; i < result.rows; i += ROWS_TOGETHER) {
        ptrdiff_t rows = result.rows - i < ROWS_TOGETHER ? result.rows - i : ROWS_TOGETHER;
        multiply_packed(rows, part, columns, left.base + i * a_row + k * a_step, a_row, a_step, packed, part,
                        result.base + i * result.stride + j, result.stride, alpha, k > 0 ? 1 : beta);
      }
    }
  }
}

/// Independent multiply-adds in registers, as many as a core can have in flight. Returns the number of operations.
static double arithmetic_peak(ptrdiff_t rounds) {
  enum { CHAINS = 12 };
  vector sum[CHAINS];
  UNROLL for (int i = 0; i < CHAINS; i++) sum[i] = (vector)((float)i);
  vector a = (vector)(0.999f), b = (vector)(0.001f);
  for (ptrdiff_t k = 0; k < rounds; k++) {
    UNROLL for (int i = 0; i < CHAINS; i++) sum[i] = sum[i] * a + b;
    __asm__ volatile("" : : : "memory");
  }
  vector all = 0;
  UNROLL for (int i = 0; i < CHAINS; i++) all += sum[i];
  double operations = 2.0 * CHAINS * LANES * (double)rounds;
  return total(all) > 0 ? operations : 0;
}
