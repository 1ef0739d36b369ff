// Everything one level compiles: include with LANES and LEVEL_TABLE defined. The kernels are texts, not units of their
// own: each is compiled once per level, with the instructions of that level.
#include <math.h>
#include <string.h>
#include "../include/cloze_kernels.h"
#include "../sizes.h"

#ifdef LEVEL_TARGET
#pragma clang attribute push(__attribute__((target(LEVEL_TARGET))), apply_to = function)
#endif
#include "vector.c"
#include "blocks.c"
#include "product.c"
#include "embedding_sum.c"
#include "layer_normalization.c"
#include "residual_normalization.c"
#include "bias_activation.c"
#include "bias_sum.c"
#include "rows.c"
#include "attention.c"
#include "item_softmax.c"
#include "candidate_logits.c"
#include "sampled_loss.c"
#include "top_k.c"
#include "optimiser.c"
#ifdef LEVEL_TARGET
#pragma clang attribute pop
#endif

const cloze_kernels LEVEL_TABLE = {
    .lanes = LANES,
    .product = product,
    .embedding_sum_forward = embedding_sum_forward,
    .embedding_sum_backward = embedding_sum_backward,
    .layer_normalization_forward = layer_normalization_forward,
    .layer_normalization_backward = layer_normalization_backward,
    .residual_normalization_forward = residual_normalization_forward,
    .residual_normalization_backward = residual_normalization_backward,
    .bias_activation_forward = bias_activation_forward,
    .bias_activation_backward = bias_activation_backward,
    .bias_sum_forward = bias_sum_forward,
    .bias_sum_backward = bias_sum_backward,
    .rows_gather = rows_gather,
    .rows_scatter_add = rows_scatter_add,
    .rows_add = rows_add,
    .attention_forward = attention_forward,
    .attention_backward = attention_backward,
    .item_softmax_start = item_softmax_start,
    .item_softmax_forward = item_softmax_forward,
    .item_softmax_total = item_softmax_total,
    .item_softmax_backward = item_softmax_backward,
    .item_softmax_finish = item_softmax_finish,
    .candidate_logits_forward = candidate_logits_forward,
    .candidate_logits_backward = candidate_logits_backward,
    .sampled_softmax = sampled_softmax,
    .sampled_binary = sampled_binary,
    .top_k = top_k,
    .adamw = adamw,
    .sum_of_lanes = sum_of_lanes,
    .dot = dot,
    .arithmetic_peak = arithmetic_peak,
};
