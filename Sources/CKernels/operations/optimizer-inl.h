// What runs over all parameters once per step.

static void adamw(cloze_adamw o, float *values, const float *gradient, float *first, float *second, ptrdiff_t count) {
  float step = o.learning_rate / o.first_correction, shrink = 1.0f - o.learning_rate * o.weight_decay;
  float root = 1.0f / sqrtf(o.second_correction);
  FOR_VECTORS(c, lanes, count, {
    vector g = load(gradient + c, lanes) * o.gradient_scale;
    vector m = load(first + c, lanes) * o.beta1 + g * (1.0f - o.beta1);
    vector v = load(second + c, lanes) * o.beta2 + g * g * (1.0f - o.beta2);
    vector w = load(values + c, lanes) * shrink;
    store(values + c, w - m * step / (__builtin_elementwise_sqrt(v) * root + o.epsilon), lanes);
    store(first + c, m, lanes);
    store(second + c, v, lanes);
  })
}

/// into = Σ shards, added in their order; `into` may be one of them.
static void sum_of_shards(const float *const *shards, ptrdiff_t shard_count, float *into, ptrdiff_t count) {
  FOR_VECTORS(c, lanes, count, {
    vector sum = load(shards[0] + c, lanes);
    for (ptrdiff_t i = 1; i < shard_count; i++) sum += load(shards[i] + c, lanes);
    store(into + c, sum, lanes);
  })
}

/// Blocks of 1,024 products in single precision, their sums in double.
static double dot(const float *left, const float *right, ptrdiff_t count) {
  double sum = 0;
  for (ptrdiff_t start = 0; start < count; start += 1024) {
    ptrdiff_t part = count - start < 1024 ? count - start : 1024;
    const float *a = left + start, *b = right + start;
    vector products = 0;
    FOR_VECTORS(c, lanes, part, { products += load(a + c, lanes) * load(b + c, lanes); })
    sum += total(products);
  }
  return sum;
}
