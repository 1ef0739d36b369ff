// The k best items of every user. One tile of items meets one panel of users, and only what beats a user's k-th best so
// far leaves the tile; what gathers is cut to the k best from time to time, by a heap whose root is the worst of them.

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

/// Leaves the k best of what a user gathered, as a heap, and raises the threshold to what beats the worst of them. Items
/// come in ascending order, so a later one of the same score is behind.
static void settle(uint64_t *keys, int32_t *count, ptrdiff_t k, float *threshold) {
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

/// The state of one panel of users: thresholds, the next excluded item, and the sum of exponentials so far.
typedef struct {
  float thresholds[BLOCK_COLUMNS];
  int32_t excluded[BLOCK_COLUMNS];
  double tops[BLOCK_COLUMNS], sums[BLOCK_COLUMNS];
} ranked_panel;

/// Makes the scores of a user's excluded items NaN, which is no candidate.
static void leave_out(cloze_top_k ask, ptrdiff_t first_user, int users, ptrdiff_t first_item, ptrdiff_t items,
                      int32_t *next, float *scores) {
  for (int u = 0; u < users; u++) {
    int32_t end = ask.excluded_offsets[first_user + u + 1];
    for (; next[u] < end && ask.excluded[next[u]] < first_item + items; next[u]++) {
      ptrdiff_t item = ask.excluded[next[u]] - first_item;
      if (item >= 0) scores[item * BLOCK_COLUMNS + u] = NAN;
    }
  }
}

/// Adds the exponentials of a tile's candidates to the users' sums, each relative to its greatest score so far.
static void add_exponentials(const float *scores, const float *bias, ptrdiff_t items, ranked_panel *panel) {
  float tops[BLOCK_COLUMNS], sums[BLOCK_COLUMNS];
  for (int u = 0; u < BLOCK_COLUMNS; u += LANES) {
    vector top = (vector)(-INFINITY), sum = 0;
    for (ptrdiff_t v = 0; v < items; v++) {
      vector x = load(scores + v * BLOCK_COLUMNS + u, LANES) + bias[v];
      top = choose(x > top, x, top);
    }
    for (ptrdiff_t v = 0; v < items; v++) sum += exponential(load(scores + v * BLOCK_COLUMNS + u, LANES) + bias[v] - top);
    store(tops + u, top, LANES);
    store(sums + u, sum, LANES);
  }
  for (int u = 0; u < BLOCK_COLUMNS; u++) {
    double top = (double)tops[u], before = panel->tops[u];
    if (top > before) {
      panel->sums[u] = panel->sums[u] * exp(before - top) + (double)sums[u];
      panel->tops[u] = top;
    } else if (top > -INFINITY) {
      panel->sums[u] += (double)sums[u] * exp(top - before);
    }
  }
}

/// Gathers every score of a tile that reaches its user's threshold.
static void take_candidates(cloze_top_k ask, const float *scores, const float *bias, ptrdiff_t items,
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
      uint64_t *keys = ask.keys + (first_user + u) * ask.capacity;
      int32_t *count = ask.counts + first_user + u;
      keys[(*count)++] = ranking_key(score, (int32_t)(first_item + v));
      if (*count == ask.capacity) settle(keys, count, ask.k, thresholds + u);
    }
  }
}

static void top_k(cloze_matrix users, cloze_matrix table, cloze_matrix bias, cloze_top_k ask, float *workspace) {
  ptrdiff_t width = users.columns, panels = panel_count(users.rows);
  ranked_panel state[CLOZE_RANKED_USERS / BLOCK_COLUMNS];
  float scores[CLOZE_RANKED_ITEMS * BLOCK_COLUMNS];
  pack(users.base, 1, users.stride, width, users.rows, workspace);
  for (ptrdiff_t u = 0; u < panels * BLOCK_COLUMNS; u++) {
    ranked_panel *panel = state + u / BLOCK_COLUMNS;
    ptrdiff_t place = u % BLOCK_COLUMNS;
    panel->thresholds[place] = u < users.rows && ask.k > 0 ? -INFINITY : NAN;  // nothing reaches NaN
    panel->excluded[place] = u < users.rows && ask.excluded ? ask.excluded_offsets[u] : 0;
    panel->tops[place] = -INFINITY;
    panel->sums[place] = 0;
    if (u < users.rows) ask.counts[u] = 0;
  }
  for (ptrdiff_t first = 0; first < table.rows; first += CLOZE_RANKED_ITEMS) {
    ptrdiff_t items = table.rows - first < CLOZE_RANKED_ITEMS ? table.rows - first : CLOZE_RANKED_ITEMS;
    for (ptrdiff_t j = 0; j < panels; j++) {
      ptrdiff_t user = j * BLOCK_COLUMNS, item = ask.first_item + first;
      multiply_packed(items, width, BLOCK_COLUMNS, table.base + first * table.stride, table.stride, 1,
                      workspace + user * width, width, scores, BLOCK_COLUMNS, 1, 0);
      if (ask.excluded) leave_out(ask, user, panel_columns(users.rows, j), item, items, state[j].excluded, scores);
      if (ask.log_sums) add_exponentials(scores, bias.base + first, items, state + j);
      take_candidates(ask, scores, bias.base + first, items, item, user, state[j].thresholds);
    }
  }
  for (ptrdiff_t u = 0; u < users.rows; u++) {
    ranked_panel *panel = state + u / BLOCK_COLUMNS;
    uint64_t *keys = ask.keys + u * ask.capacity;
    settle(keys, ask.counts + u, ask.k, panel->thresholds + u % BLOCK_COLUMNS);
    sort_descending(keys, ask.counts[u]);
    if (ask.log_sums) ask.log_sums[u] = panel->tops[u % BLOCK_COLUMNS] + log(panel->sums[u % BLOCK_COLUMNS]);
  }
}
