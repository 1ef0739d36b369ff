#ifndef CLOZE_KERNELS_H
#define CLOZE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// One table of kernels per dispatch level. Every kernel is written once, in pairs/, and compiled once per level.
// Sizes are checked by the Swift wrappers, which also document what each kernel computes.

/// A row-major window: `rows` of `columns` floats, `stride` floats apart. `base` is null where a matrix is left out.
typedef struct {
  float *base;
  ptrdiff_t rows, columns, stride;
} cloze_matrix;

/// Drops what hashes below `threshold` (probability · 2²⁴), scales the rest. Rows count from `row_base`.
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

/// Packed sequences: where each one's keys and queries start, and what each query sees.
typedef struct {
  ptrdiff_t sequences, heads;
  const int32_t *key_offsets, *query_offsets, *visible, *own;
} cloze_attention_plan;

/// What attention's forward pass leaves for the backward pass. `exponentials` holds those of each sequence's heads, tile after
/// tile, and `normalizers` `[queries, heads]` one over their sum; where `exponentials` is null they are made again, and a
/// normalizer is the logarithm of the sum.
typedef struct {
  cloze_matrix normalizers;
  float *exponentials;
} cloze_attention_memory;

/// What the full softmax is asked.
typedef struct {
  const int32_t *targets;
  const float *weights;
  ptrdiff_t first_item;
  float label_smoothing;
} cloze_targets;

/// What a ranking is asked for a group of users. `excluded` holds each user's items in ascending order, from
/// `excluded_offsets[user]` on; null where nobody has any. `keys` has room for `capacity` > k per user; the first
/// `counts[user]` of them are the answer. `log_sums` is null where it is not wanted.
typedef struct {
  ptrdiff_t k, capacity, first_item;
  const int32_t *excluded, *excluded_offsets;
  uint64_t *keys;
  int32_t *counts;
  double *log_sums;
} cloze_top_k;

typedef struct {
  double loss;
  ptrdiff_t correct;
} cloze_loss;

/// One group of targets, `hidden` `[targets, width]`; the gradients' bases are null where only the loss is wanted.
typedef struct {
  cloze_matrix hidden, table, bias;
  cloze_targets aim;
  cloze_matrix hidden_gradient, table_gradient, bias_gradient;
  float *workspace;
} cloze_item_softmax;

typedef struct {
  float learning_rate, beta1, beta2, epsilon, weight_decay, gradient_scale;
  float first_correction, second_correction;
} cloze_adamw;

enum {
  /// The gradient of a weight matrix of more floats is made of copies of both sides; of fewer they cost more than they save.
  CLOZE_LARGE_RESULT = 32 << 10,
  /// Columns up to which one copy of each side serves all of it.
  CLOZE_COLUMNS_TOGETHER = 256
};

typedef struct {
  /// Floats per vector.
  int lanes;

  void (*product)(cloze_matrix left, int left_transposed, cloze_matrix right, int right_transposed,
                  cloze_matrix result, float scale, float keep);

  void (*embedding_sum_forward)(const int32_t *ids, const int32_t *positions, const int32_t *segments,
                                cloze_matrix token_table, cloze_matrix position_table, cloze_matrix segment_table,
                                cloze_matrix output);
  void (*embedding_sum_backward)(cloze_matrix output_gradient, const int32_t *ids, const int32_t *positions,
                                 const int32_t *segments, cloze_matrix token_gradient, cloze_matrix position_gradient,
                                 cloze_matrix segment_gradient);

  void (*layer_normalization_forward)(cloze_matrix input, cloze_normalization norm, cloze_dropout dropout,
                                      cloze_matrix output);
  void (*layer_normalization_backward)(cloze_matrix output_gradient, cloze_matrix input, cloze_normalization norm,
                                       cloze_dropout dropout, cloze_matrix input_gradient, cloze_matrix scale_gradient,
                                       cloze_matrix shift_gradient);

  void (*residual_normalization_forward)(cloze_matrix branch, cloze_matrix bias, cloze_matrix residual,
                                         cloze_normalization norm, cloze_dropout dropout, cloze_matrix output);
  void (*residual_normalization_backward)(cloze_matrix output_gradient, cloze_matrix sum, cloze_normalization norm,
                                          cloze_dropout dropout, cloze_matrix residual_gradient,
                                          cloze_matrix branch_gradient, cloze_matrix bias_gradient,
                                          cloze_matrix scale_gradient, cloze_matrix shift_gradient);

  void (*bias_activation_forward)(cloze_matrix input, cloze_matrix bias, cloze_activation kind, cloze_matrix output);
  void (*bias_activation_backward)(cloze_matrix output_gradient, cloze_matrix slope, cloze_matrix input_gradient,
                                   cloze_matrix bias_gradient);

  void (*bias_sum_forward)(cloze_matrix input, cloze_matrix bias);
  void (*bias_sum_backward)(cloze_matrix output_gradient, cloze_matrix bias_gradient);

  void (*rows_gather)(cloze_matrix source, const int32_t *rows, cloze_matrix into);
  void (*rows_scatter_add)(cloze_matrix source, const int32_t *rows, cloze_matrix into);
  void (*rows_add)(cloze_matrix source, cloze_matrix into);

  void (*attention_forward)(cloze_matrix queries, cloze_matrix keys, cloze_matrix values, cloze_attention_plan plan,
                            cloze_dropout dropout, cloze_matrix output, cloze_attention_memory memory, float *workspace);
  void (*attention_backward)(cloze_matrix output_gradient, cloze_matrix queries, cloze_matrix keys,
                             cloze_matrix values, cloze_matrix output, cloze_attention_memory memory,
                             cloze_attention_plan plan, cloze_dropout dropout, cloze_matrix query_gradient,
                             cloze_matrix key_gradient, cloze_matrix value_gradient, float *workspace);

  void (*item_softmax_start)(cloze_item_softmax softmax);
  void (*item_softmax_forward)(cloze_item_softmax softmax, ptrdiff_t chunk);
  cloze_loss (*item_softmax_total)(cloze_item_softmax softmax);
  void (*item_softmax_backward)(cloze_item_softmax softmax, ptrdiff_t chunk);
  void (*item_softmax_finish)(cloze_item_softmax softmax);

  void (*candidate_logits_forward)(cloze_matrix hidden, cloze_matrix table, cloze_matrix bias, const int32_t *ids,
                                   cloze_matrix logits);
  void (*candidate_logits_backward)(cloze_matrix logits_gradient, cloze_matrix hidden, cloze_matrix table,
                                    const int32_t *ids, const int32_t *places, cloze_matrix hidden_gradient,
                                    cloze_matrix row_gradient, cloze_matrix bias_gradient);
  cloze_loss (*sampled_softmax)(cloze_matrix logits, const int32_t *targets, const int32_t *negatives,
                                const float *log_q, const float *weights);
  cloze_loss (*sampled_binary)(cloze_matrix logits, const int32_t *targets, const int32_t *negatives, float beta,
                               const float *weights);
  void (*top_k)(cloze_matrix users, cloze_matrix table, cloze_matrix bias, cloze_top_k ask, float *workspace);

  void (*adamw)(cloze_adamw options, float *values, const float *gradient, float *first, float *second,
                ptrdiff_t count);
  void (*sum_of_lanes)(const float *const *lanes, ptrdiff_t lane_count, float *into, ptrdiff_t count);
  double (*dot)(const float *left, const float *right, ptrdiff_t count);

  /// Runs `rounds` of independent multiply-adds in registers and returns how many operations that was.
  double (*arithmetic_peak)(ptrdiff_t rounds);
} cloze_kernels;

/// Floats of workspace `attention_forward` and `attention_backward` need, on any level.
ptrdiff_t cloze_attention_workspace(ptrdiff_t longest_sequence, ptrdiff_t head_width);
/// Floats of exponentials that attention by this plan leaves where it keeps them.
ptrdiff_t cloze_attention_exponentials(cloze_attention_plan plan);
/// Room for exponentials that is worth having for plans of so many queries; what needs more makes them again.
ptrdiff_t cloze_attention_room(ptrdiff_t queries, ptrdiff_t heads, ptrdiff_t longest_sequence);
/// Targets of one group, a multiple of 32: even groups, small enough to keep their exponentials where that still pays.
ptrdiff_t cloze_target_group(ptrdiff_t targets, ptrdiff_t items);
/// Into how many chunks of items the steps `item_softmax_forward` and `item_softmax_backward` are cut.
ptrdiff_t cloze_item_chunks(ptrdiff_t items);
/// Floats of workspace the steps of `item_softmax` need for any group of at most `targets`, on any level.
ptrdiff_t cloze_item_softmax_workspace(ptrdiff_t targets, ptrdiff_t items, ptrdiff_t width);

/// Floats of workspace `top_k` needs, on any level.
ptrdiff_t cloze_top_k_workspace(ptrdiff_t users, ptrdiff_t width);
/// Users that `top_k` takes together, at most.
ptrdiff_t cloze_top_k_users(void);

typedef enum { CLOZE_BASELINE, CLOZE_AVX2, CLOZE_AVX512 } cloze_level;

/// The best level this processor and its operating system support.
cloze_level cloze_best_level(void);
/// The kernels of `level`; of the best level below it where it was not compiled.
const cloze_kernels *cloze_kernels_at(cloze_level level);
/// The processor's own name for itself, or an empty text.
const char *cloze_processor_name(void);

#endif
