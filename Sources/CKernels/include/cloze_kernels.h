#ifndef CLOZE_KERNELS_H
#define CLOZE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// One table of kernels per dispatch level. Every kernel is written once (pairs/ has forward and backward passes, operations/ the
// rest, primitives/ what they share) and compiled once per level. The Swift wrappers check sizes and document formulas.

/// A row-major window: `rows` of `columns` floats, `stride` floats apart. `base` is null where a matrix is left out.
typedef struct {
  float *base;
  ptrdiff_t rows, columns, stride;
} cloze_matrix;

/// Drops elements that hash below `threshold` (probability · 2²⁴), scales the rest. Rows count from `row_base`.
typedef struct {
  uint64_t key;
  ptrdiff_t row_base;
  int32_t threshold;
  float scale;
} cloze_dropout;

typedef enum { CLOZE_GELU, CLOZE_GELU_TANH, CLOZE_RELU, CLOZE_TANH } cloze_activation;

/// The affine part of a normalization and its stored statistics.
typedef struct {
  cloze_matrix scale, shift, mean, reciprocal;
  float epsilon;
} cloze_normalization;

/// Packed sequences: where the keys and queries of each start. A query attends to the first `prefix_lengths[query]` keys of its
/// sequence and to the key at `query_positions[query]`, its own.
typedef struct {
  ptrdiff_t sequences, heads;
  const int32_t *key_offsets, *query_offsets, *prefix_lengths, *query_positions;
} cloze_attention_plan;

/// What attention saves for the backward pass. `exponentials` holds those of each sequence's heads, tile after tile, and
/// `normalizers` `[queries, heads]` the reciprocal of their sum; where `exponentials` is null they are recomputed, and a
/// normalizer is the logarithm of the sum.
typedef struct {
  cloze_matrix normalizers;
  float *exponentials;
} cloze_attention_memory;

/// Arguments of a ranking for a group of users. `excluded` holds each user's items in ascending order, from
/// `excluded_offsets[user]` on; null where there are none. `keys` holds `capacity` > k per user, of which the first
/// `counts[user]` are the result. `log_sums` is null where it is not wanted.
typedef struct {
  ptrdiff_t k, capacity, first_item;
  const int32_t *excluded, *excluded_offsets;
  uint64_t *keys;
  int32_t *counts;
  double *log_sums;
} cloze_top_k_args;

typedef struct {
  double loss;
  ptrdiff_t correct;
} cloze_loss;

/// Arguments of the full softmax for one group of targets: `hidden` `[targets, width]`; the bases of the gradients are null where
/// only the loss is wanted, that of `hidden_gradient` also where another process finishes.
typedef struct {
  cloze_matrix hidden, table, bias;
  const int32_t *targets;
  const float *weights;
  ptrdiff_t first_item;
  float label_smoothing;
  cloze_matrix hidden_gradient, table_gradient, bias_gradient;
  float *workspace;
} cloze_item_softmax_args;

/// The values of each row and their weights: the entries of row `r` are `starts[r]` to `starts[r + 1]`.
typedef struct {
  const int32_t *starts, *values;
  const float *weights;
} cloze_feature_rows;

typedef struct {
  float learning_rate, beta1, beta2, epsilon, weight_decay, gradient_scale;
  float first_correction, second_correction;
} cloze_adamw;

enum {
  /// The gradient of a weight matrix of more floats is computed from copies of both sides; of fewer they cost more than they save.
  CLOZE_LARGE_RESULT = 32 << 10,
  /// Columns up to which one copy of each side serves all of them.
  CLOZE_COLUMNS_TOGETHER = 256,
  /// Bytes of stack that a kernel's buffers take at most; threads should have twice as much.
  CLOZE_STACK = 384 << 10
};

/// Every kernel, once: its result, name and parameters. The table below and each level's table are made of this list.
#define CLOZE_KERNEL_ENTRIES(ENTRY)                                                                                 \
  ENTRY(void, product, cloze_matrix left, int left_transposed, cloze_matrix right, int right_transposed,            \
        cloze_matrix result, float alpha, float beta)                                                               \
  ENTRY(void, embedding_sum_forward, const int32_t *ids, const int32_t *positions, const int32_t *segments,         \
        cloze_matrix token_table, cloze_matrix position_table, cloze_matrix segment_table, cloze_matrix output)     \
  ENTRY(void, embedding_sum_backward, cloze_matrix output_gradient, const int32_t *ids, const int32_t *positions,   \
        const int32_t *segments, cloze_matrix token_gradient, cloze_matrix position_gradient,                       \
        cloze_matrix segment_gradient)                                                                              \
  ENTRY(void, layer_normalization_forward, cloze_matrix input, cloze_normalization norm, cloze_dropout dropout,     \
        cloze_matrix output)                                                                                        \
  ENTRY(void, layer_normalization_backward, cloze_matrix output_gradient, cloze_matrix input,                       \
        cloze_normalization norm, cloze_dropout dropout, cloze_matrix input_gradient, cloze_matrix scale_gradient,  \
        cloze_matrix shift_gradient)                                                                                \
  ENTRY(void, residual_normalization_forward, cloze_matrix branch, cloze_matrix bias, cloze_matrix residual,        \
        cloze_normalization norm, cloze_dropout dropout, cloze_matrix output)                                       \
  ENTRY(void, residual_normalization_backward, cloze_matrix output_gradient, cloze_matrix sum,                      \
        cloze_normalization norm, cloze_dropout dropout, cloze_matrix residual_gradient,                            \
        cloze_matrix branch_gradient, cloze_matrix bias_gradient, cloze_matrix scale_gradient,                      \
        cloze_matrix shift_gradient)                                                                                \
  ENTRY(void, bias_activation_forward, cloze_matrix input, cloze_matrix bias, cloze_activation kind,                \
        cloze_matrix output)                                                                                        \
  ENTRY(void, bias_activation_backward, cloze_matrix output_gradient, cloze_matrix slope,                           \
        cloze_matrix input_gradient, cloze_matrix bias_gradient)                                                    \
  ENTRY(void, bias_sum_forward, cloze_matrix input, cloze_matrix bias)                                              \
  ENTRY(void, bias_sum_backward, cloze_matrix output_gradient, cloze_matrix bias_gradient)                          \
  ENTRY(void, rows_gather, cloze_matrix source, const int32_t *rows, cloze_matrix into)                             \
  ENTRY(void, rows_scatter, cloze_matrix source, const int32_t *rows, cloze_matrix into)                            \
  ENTRY(void, rows_scatter_add, cloze_matrix source, const int32_t *rows, cloze_matrix into)                        \
  ENTRY(void, rows_add, cloze_matrix source, cloze_matrix into)                                                     \
  ENTRY(void, feature_sum_forward, cloze_matrix own, cloze_matrix values, cloze_feature_rows features,              \
        const int32_t *rows, ptrdiff_t count, const float *kept, cloze_matrix output)                               \
  ENTRY(void, feature_sum_backward, cloze_matrix gradient, cloze_feature_rows features, const int32_t *rows,        \
        ptrdiff_t count, const float *kept, cloze_matrix value_gradient)                                            \
  ENTRY(void, attention_forward, cloze_matrix queries, cloze_matrix keys, cloze_matrix values,                      \
        cloze_attention_plan plan, cloze_dropout dropout, cloze_matrix output, cloze_attention_memory memory,       \
        float *workspace)                                                                                           \
  ENTRY(void, attention_backward, cloze_matrix output_gradient, cloze_matrix queries, cloze_matrix keys,            \
        cloze_matrix values, cloze_matrix output, cloze_attention_memory memory, cloze_attention_plan plan,         \
        cloze_dropout dropout, cloze_matrix query_gradient, cloze_matrix key_gradient, cloze_matrix value_gradient, \
        float *workspace)                                                                                           \
  ENTRY(void, item_softmax_start, cloze_item_softmax_args args)                                                     \
  ENTRY(void, item_softmax_forward, cloze_item_softmax_args args, ptrdiff_t chunk)                                  \
  ENTRY(cloze_loss, item_softmax_total, cloze_item_softmax_args args)                                               \
  ENTRY(void, item_softmax_backward, cloze_item_softmax_args args, ptrdiff_t chunk)                                 \
  ENTRY(void, item_softmax_finish, cloze_item_softmax_args args)                                                    \
  ENTRY(void, candidate_logits_forward, cloze_matrix hidden, cloze_matrix table, cloze_matrix bias,                 \
        const int32_t *ids, cloze_matrix logits)                                                                    \
  ENTRY(void, candidate_logits_backward, cloze_matrix logits_gradient, cloze_matrix hidden, cloze_matrix table,     \
        const int32_t *ids, const int32_t *places, cloze_matrix hidden_gradient, cloze_matrix row_gradient,         \
        cloze_matrix bias_gradient)                                                                                 \
  ENTRY(cloze_loss, sampled_softmax, cloze_matrix logits, const int32_t *targets, const int32_t *negatives,         \
        const float *log_q, const float *weights)                                                                   \
  ENTRY(cloze_loss, sampled_binary, cloze_matrix logits, const int32_t *targets, const int32_t *negatives,          \
        float beta, const float *weights)                                                                           \
  ENTRY(cloze_loss, sampled_pairwise, cloze_matrix logits, const int32_t *targets, const int32_t *negatives,        \
        const float *weights)                                                                                       \
  ENTRY(void, top_k, cloze_matrix users, cloze_matrix table, cloze_matrix bias, cloze_top_k_args args,              \
        float *workspace)                                                                                           \
  ENTRY(void, adamw, cloze_adamw options, float *values, const float *gradient, float *first, float *second,        \
        ptrdiff_t count)                                                                                            \
  ENTRY(void, sum_of_shards, const float *const *shards, ptrdiff_t shard_count, float *into, ptrdiff_t count)       \
  ENTRY(double, dot, const float *left, const float *right, ptrdiff_t count)                                        \
  ENTRY(double, arithmetic_peak, ptrdiff_t rounds)

typedef struct {
  /// Floats per vector.
  int lanes;
#define ENTRY(result, name, ...) result (*name)(__VA_ARGS__);
  CLOZE_KERNEL_ENTRIES(ENTRY)
#undef ENTRY
} cloze_kernels;

/// Floats of workspace `attention_forward` and `attention_backward` need, on any level.
ptrdiff_t cloze_attention_workspace(ptrdiff_t longest_sequence, ptrdiff_t head_width);
/// Floats of exponentials that attention by this plan saves where it saves them.
ptrdiff_t cloze_attention_exponentials(cloze_attention_plan plan);
/// Floats of exponentials worth saving for plans of at most `queries`; a plan that needs more recomputes them.
ptrdiff_t cloze_attention_saved_count(ptrdiff_t queries, ptrdiff_t heads, ptrdiff_t longest_sequence);
/// Targets of one group, a multiple of 32: even groups, small enough to save their exponentials where that still pays.
ptrdiff_t cloze_target_group(ptrdiff_t targets, ptrdiff_t items);
/// Into how many chunks of items the steps `item_softmax_forward` and `item_softmax_backward` are cut.
ptrdiff_t cloze_item_chunks(ptrdiff_t items);
/// The items of a chunk, and where in the workspace of a group stand what it leaves for others: the targets' logits (of those among
/// its items), its statistics, `[4, columns]`, and its part of the hidden gradient, `[columns, wide]`.
typedef struct {
  ptrdiff_t first_item, end_item, target_logits, statistics, hidden_gradient, columns, wide;
} cloze_item_chunk;
cloze_item_chunk cloze_item_chunk_of(ptrdiff_t targets, ptrdiff_t items, ptrdiff_t width, ptrdiff_t chunk);
/// Floats of workspace the steps of `item_softmax` need for any group of at most `targets`, on any level.
ptrdiff_t cloze_item_softmax_workspace(ptrdiff_t targets, ptrdiff_t items, ptrdiff_t width);

/// Floats of workspace `top_k` needs, on any level.
ptrdiff_t cloze_top_k_workspace(ptrdiff_t users, ptrdiff_t width);
/// Users that `top_k` takes together, at most.
ptrdiff_t cloze_top_k_users(void);

typedef enum { CLOZE_BASELINE, CLOZE_AVX2, CLOZE_AVX512 } cloze_level;

/// The best level this processor and its operating system support.
cloze_level cloze_best_level(void);
/// The kernels of `level`; the baseline where the processor has only that.
const cloze_kernels *cloze_kernels_at(cloze_level level);
/// The processor's brand string, or an empty text.
const char *cloze_processor_name(void);
/// Bytes of stack of the calling thread; 0 where the system does not say.
size_t cloze_thread_stack(void);

#endif
