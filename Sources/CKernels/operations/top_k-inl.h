// The k best items of every user. One tile of items meets one panel of users, and only scores above a user's k-th best so far
// are collected, which are pruned to the k best when a user's buffer is full, by a heap whose root is the worst of them.

/// A score and its item as one number: the larger is the better; of equal scores, the lower item.
INLINE uint64_t ranking_key(float score, int32_t item) {
  uint32_t bits;
  score += 0.0f;  // −0 ties with 0
  memcpy(&bits, &score, sizeof bits);
  bits = bits & 0x80000000u ? ~bits : bits | 0x80000000u;
  return (uint64_t)bits << 32 | ~(uint32_t)item;
}

INLINE float ranking_score(uint64_t key) {
  uint32_t bits = (uint32_t)(key >> 32);
  bits = bits & 0x80000000u ? bits & 0x7FFFFFFFu : ~bits;
  float score;
  memcpy(&score, &bits, sizeof score);
  return score;
}

/// Moves the key at `place` down until none below it is smaller.
INLINE void sift_down(uint64_t *heap, ptrdiff_t count, ptrdiff_t place) {
  uint64_t key = heap[place];
  for (ptrdiff_t child; (child = 2 * place + 1) < count; place = child) {
    child += child + 1 < count && heap[child + 1] < heap[child];
    if (heap[child] >= key) break;
    heap[place] = heap[child];
  }
  heap[place] = key;
}

static void heapify(uint64_t *heap, ptrdiff_t count) {
  for (ptrdiff_t place = count / 2; place-- > 0;) sift_down(heap, count, place);
}

static void sort_descending(uint64_t *heap, ptrdiff_t count) {
  heapify(heap, count);
  while (count-- > 1) {
    uint64_t smallest = heap[0];
    heap[0] = heap[count];
    heap[count] = smallest;
    sift_down(heap, count, 0);
  }
}

/// Leaves the k best of a user's keys, as a heap, and raises the threshold to the next score above the worst of them. Items
/// come in ascending order, so a later one of the same score ranks behind.
static void prune(uint64_t *keys, int32_t *count, ptrdiff_t k, float *threshold) {
  if (*count < k) return;
  heapify(keys, k);
  for (ptrdiff_t i = k; i < *count; i++) {
    if (keys[i] <= keys[0]) continue;
    keys[0] = keys[i];
    sift_down(keys, k, 0);
  }
  *count = (int32_t)k;
  *threshold = nextafterf(ranking_score(keys[0]), INFINITY);
}

/// The state of one panel of users: thresholds, the next excluded item, running maximum and sum of exponentials.
typedef struct {
  float thresholds[BLOCK_COLUMNS];
  int32_t excluded[BLOCK_COLUMNS];
  double running_max[BLOCK_COLUMNS], running_sum[BLOCK_COLUMNS];
} panel_state;

/// Sets the scores of a user's excluded items to NaN, which is no candidate.
static void mask_excluded(cloze_top_k_args args, ptrdiff_t first_user, int users, ptrdiff_t first_item, ptrdiff_t items,
                      int32_t *next, float *scores) {
  for (int u = 0; u < users; u++) {
    int32_t end = args.excluded_offsets[first_user + u + 1];
    for (; next[u] < end && args.excluded[next[u]] < first_item + items; next[u]++) {
      ptrdiff_t item = args.excluded[next[u]] - first_item;
      if (item >= 0) scores[item * BLOCK_COLUMNS + u] = NAN;
    }
  }
}

/// Adds the exponentials of a tile's candidates to the users' sums, each relative to its greatest score so far.
static void add_exponentials(const float *scores, const float *bias, ptrdiff_t items, panel_state *panel) {
  float maxima[BLOCK_COLUMNS], sums[BLOCK_COLUMNS];
  for (int u = 0; u < BLOCK_COLUMNS; u += LANES) {
    vector max = (vector)(-INFINITY), sum = 0;
    for (ptrdiff_t v = 0; v < items; v++) {
      vector x = load(scores + v * BLOCK_COLUMNS + u, LANES) + bias[v];
      max = choose(x > max, x, max);
    }
    for (ptrdiff_t v = 0; v < items; v++) sum += exponential(load(scores + v * BLOCK_COLUMNS + u, LANES) + bias[v] - max);
    store(maxima + u, max, LANES);
    store(sums + u, sum, LANES);
  }
  for (int u = 0; u < BLOCK_COLUMNS; u++) {
    double max = (double)maxima[u], before = panel->running_max[u];
    if (max > before) {
      panel->running_sum[u] = panel->running_sum[u] * exp(before - max) + (double)sums[u];
      panel->running_max[u] = max;
    } else if (max > -INFINITY) {
      panel->running_sum[u] += (double)sums[u] * exp(max - before);
    }
  }
}

/// Collects every score of a tile that reaches its user's threshold.
static void collect_candidates(cloze_top_k_args args, const float *scores, const float *bias, ptrdiff_t items,
                            ptrdiff_t first_item, ptrdiff_t first_user, float *thresholds) {
  vector low = load(thresholds, LANES), high = load(thresholds + LANES, LANES);
  integers reached = 0;
  for (ptrdiff_t v = 0; v < items; v++) {
    const float *row = scores + v * BLOCK_COLUMNS;
    reached |= (load(row, LANES) + bias[v] >= low) | (load(row + LANES, LANES) + bias[v] >= high);
  }
  if (!__builtin_reduce_or(reached)) return;
  for (ptrdiff_t v = 0; v < items; v++) {
    const float *row = scores + v * BLOCK_COLUMNS;
    if (!__builtin_reduce_or((load(row, LANES) + bias[v] >= load(thresholds, LANES)) |
                             (load(row + LANES, LANES) + bias[v] >= load(thresholds + LANES, LANES))))
      continue;
    for (int u = 0; u < BLOCK_COLUMNS; u++) {
      float score = row[u] + bias[v];
      if (!(score >= thresholds[u])) continue;
      uint64_t *keys = args.keys + (first_user + u) * args.capacity;
      int32_t *count = args.counts + first_user + u;
      keys[(*count)++] = ranking_key(score, (int32_t)(first_item + v));
      if (*count == args.capacity) prune(keys, count, args.k, thresholds + u);
    }
  }
}

/// Users up to whom the items of a tile are packed, since a panel of users would be more than half empty.
#define FEW_USERS (BLOCK_COLUMNS / 2)
/// Steps along the depth that are packed between two prefetches.
#define PACKED_STEPS 16

/// The scores of a tile of items for few users: the items stand in the lanes, and what comes out is turned round. Each sum is
/// that of the other way, term by term.
static void score_few(cloze_matrix users, const float *items, ptrdiff_t stride, ptrdiff_t count, float *packed,
                      float *scores, memory_ahead *ahead) {
  float turned[FEW_USERS * CLOZE_RANKED_ITEMS];
  for (ptrdiff_t v = 0; v < count; v += BLOCK_COLUMNS) {
    int columns = count - v < BLOCK_COLUMNS ? (int)(count - v) : BLOCK_COLUMNS;
    for (ptrdiff_t k = 0; k < users.columns; k += PACKED_STEPS) {
      ptrdiff_t steps = users.columns - k < PACKED_STEPS ? users.columns - k : PACKED_STEPS;
      prefetch_ahead(ahead);
      pack_panel(items + v * stride + k, 1, stride, steps, columns, packed + v * users.columns + k * BLOCK_COLUMNS);
    }
  }
  multiply_packed(users.rows, users.columns, count, users.base, users.stride, 1, packed, users.columns, turned,
                  CLOZE_RANKED_ITEMS, 1, 0);
  for (ptrdiff_t u = 0; u < users.rows; u++)
    for (ptrdiff_t v = 0; v < count; v++) scores[v * BLOCK_COLUMNS + u] = turned[u * CLOZE_RANKED_ITEMS + v];
}

/// The tile behind the one that begins at row `first`, spread over what is done with that one: the table streams through the
/// caches, and no block of a product waits for it.
static memory_ahead tile_after(cloze_matrix table, ptrdiff_t first, ptrdiff_t panels, int are_few) {
  ptrdiff_t next = first + CLOZE_RANKED_ITEMS, rest = table.rows > next ? table.rows - next : 0;
  ptrdiff_t floats = (rest < CLOZE_RANKED_ITEMS ? rest : CLOZE_RANKED_ITEMS) * table.stride;
  const float *from = rest > 0 ? table.base + next * table.stride : table.base;
  memory_ahead ahead = spread_ahead(from, floats, CLOZE_RANKED_ITEMS, panels * BLOCK_COLUMNS);
  if (are_few) ahead.step = PACKED_STEPS * BLOCK_COLUMNS * (ptrdiff_t)sizeof(float);
  return ahead;
}

static void top_k(cloze_matrix users, cloze_matrix table, cloze_matrix bias, cloze_top_k_args args, float *workspace) {
  ptrdiff_t width = users.columns, panels = panel_count(users.rows);
  panel_state state[CLOZE_RANKED_USERS / BLOCK_COLUMNS];
  float scores[CLOZE_RANKED_ITEMS * BLOCK_COLUMNS];
  int are_few = users.rows <= FEW_USERS;
  if (are_few)
    memset(scores, 0, sizeof scores);
  else
    pack(users.base, 1, users.stride, width, users.rows, workspace);
  for (ptrdiff_t u = 0; u < panels * BLOCK_COLUMNS; u++) {
    panel_state *panel = state + u / BLOCK_COLUMNS;
    ptrdiff_t place = u % BLOCK_COLUMNS;
    panel->thresholds[place] = u < users.rows && args.k > 0 ? -INFINITY : NAN;  // nothing reaches NaN
    panel->excluded[place] = u < users.rows && args.excluded ? args.excluded_offsets[u] : 0;
    panel->running_max[place] = -INFINITY;
    panel->running_sum[place] = 0;
    if (u < users.rows) args.counts[u] = 0;
  }
  for (ptrdiff_t first = 0; first < table.rows; first += CLOZE_RANKED_ITEMS) {
    ptrdiff_t items = table.rows - first < CLOZE_RANKED_ITEMS ? table.rows - first : CLOZE_RANKED_ITEMS;
    const float *rows = table.base + first * table.stride;
    memory_ahead ahead = tile_after(table, first, panels, are_few);
    for (ptrdiff_t j = 0; j < panels; j++) {
      ptrdiff_t user = j * BLOCK_COLUMNS, item = args.first_item + first;
      if (are_few)
        score_few(users, rows, table.stride, items, workspace, scores, &ahead);
      else
        multiply_packed_ahead(items, width, BLOCK_COLUMNS, rows, table.stride, 1, workspace + user * width, width, scores,
                              BLOCK_COLUMNS, 1, 0, &ahead);
      if (args.excluded) mask_excluded(args, user, panel_columns(users.rows, j), item, items, state[j].excluded, scores);
      if (args.log_sums) add_exponentials(scores, bias.base + first, items, state + j);
      collect_candidates(args, scores, bias.base + first, items, item, user, state[j].thresholds);
    }
  }
  for (ptrdiff_t u = 0; u < users.rows; u++) {
    panel_state *panel = state + u / BLOCK_COLUMNS;
    uint64_t *keys = args.keys + u * args.capacity;
    prune(keys, args.counts + u, args.k, panel->thresholds + u % BLOCK_COLUMNS);
    sort_descending(keys, args.counts[u]);
    if (args.log_sums) args.log_sums[u] = panel->running_max[u % BLOCK_COLUMNS] + log(panel->running_sum[u % BLOCK_COLUMNS]);
  }
}
