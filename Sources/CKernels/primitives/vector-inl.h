// One vector of LANES floats: loading, storing, reductions and elementary functions.

typedef float vector __attribute__((ext_vector_type(LANES)));
typedef int32_t integers __attribute__((ext_vector_type(LANES)));
typedef uint32_t words __attribute__((ext_vector_type(LANES)));

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

INLINE vector load(const float *from, int lanes) {
  vector x = 0;
  if (lanes == LANES)
    memcpy(&x, from, sizeof x);
  else
    for (int i = 0; i < lanes; i++) x[i] = from[i];
  return x;
}

INLINE void store(float *to, vector x, int lanes) {
  if (lanes == LANES)
    memcpy(to, &x, sizeof x);
  else
    for (int i = 0; i < lanes; i++) to[i] = x[i];
}

INLINE vector choose(integers mask, vector yes, vector no) {
  return (vector)(((integers)yes & mask) | ((integers)no & ~mask));
}

/// 0, 1, 2, … LANES − 1.
INLINE integers lane_numbers(void) {
  integers x;
  UNROLL for (int i = 0; i < LANES; i++) x[i] = i;
  return x;
}

/// Keeps the first `lanes` floats and makes the others `filler`.
INLINE vector first_lanes(vector x, ptrdiff_t lanes, float filler) {
  return lanes >= LANES ? x : choose(lane_numbers() < (int32_t)lanes, x, (vector)(filler));
}

INLINE vector larger(vector a, vector b) { return __builtin_elementwise_max(a, b); }
INLINE vector smaller(vector a, vector b) { return __builtin_elementwise_min(a, b); }
INLINE vector magnitude(vector a) { return __builtin_elementwise_abs(a); }

INLINE float total(vector x) {
  float part[LANES];
  memcpy(part, &x, sizeof part);
  for (int width = LANES / 2; width > 0; width /= 2)
    for (int i = 0; i < width; i++) part[i] += part[i + width];
  return part[0];
}

INLINE float largest(vector x) {
  float part[LANES];
  memcpy(part, &x, sizeof part);
  for (int width = LANES / 2; width > 0; width /= 2)
    for (int i = 0; i < width; i++) part[i] = part[i] > part[i + width] ? part[i] : part[i + width];
  return part[0];
}

/// eˣ to 2 ulp for x ≤ 88: x = n·ln 2 + r, e^r by a minimax polynomial, n added to the exponent. Below −87 it stays at
/// the smallest numbers, 1e-38.
INLINE vector exponential(vector x) {
  const float round = 12582912.0f;  // 1.5 · 2²³: adding it leaves the nearest integer in the low bits
  vector y = larger(x, (vector)(-87.0f));
  vector rounded = y * 1.44269504f + round, n = rounded - round;
  vector r = n * -0.693359375f + y;
  r = n * 2.12194440e-4f + r;
  vector p = r * 0.0013814613f + 0.00836871f;
  p = p * r + 0.041668388f;
  p = p * r + 0.16666521f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  return (vector)((integers)p + ((integers)rounded << 23));
}

/// tanh x: an odd minimax polynomial below 0.625, (1 − e^−2x) / (1 + e^−2x) above.
INLINE vector hyperbolic_tangent(vector x) {
  vector a = magnitude(x), u = x * x;
  vector p = u * -0.0057170433f + 0.020650586f;
  p = p * u - 0.053743497f;
  p = p * u + 0.13331491f;
  p = p * u - 0.33333284f;
  vector near = p * u * x + x;
  vector e = exponential(a * -2.0f), far = (1.0f - e) / (1.0f + e);
  return choose(a < 0.625f, near, choose(x < 0.0f, -far, far));
}

/// The normal distribution at x: its density, and its cumulative probability to 1e-7 (Abramowitz & Stegun 26.2.17).
INLINE void normal_distribution(vector x, vector *density, vector *probability) {
  vector d = exponential(x * x * -0.5f) * 0.39894228f;
  vector t = 1.0f / (magnitude(x) * 0.2316419f + 1.0f);
  vector p = t * 1.330274429f - 1.821255978f;
  p = p * t + 1.781477937f;
  p = p * t - 0.356563782f;
  p = p * t + 0.319381530f;
  vector tail = d * p * t;
  *density = d;
  *probability = choose(x < 0.0f, tail, 1.0f - tail);
}
