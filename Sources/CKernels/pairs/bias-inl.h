// The bias behind a product, alone or with an activation, whose slope is computed along with its value: both come from one
// exponential.

INLINE void activate(vector x, const cloze_activation kind, vector *y, vector *slope) {
  switch (kind) {
    case CLOZE_GELU: {
      vector density, probability;
      normal_distribution(x, &density, &probability);
      *y = x * probability;
      *slope = x * density + probability;
      break;
    }
    case CLOZE_GELU_TANH: {
      // x · σ(2u), u = √(2/π) · (x + 0.044715 · x³)
      const float a = 1.5957691f, b = 0.044715f * 1.5957691f;
      vector s = 1.0f / (exponential(smaller(x * (x * x * -b - a), (vector)(88.0f))) + 1.0f);
      *y = x * s;
      *slope = s + x * s * (1.0f - s) * (x * x * (3 * b) + a);
      break;
    }
    case CLOZE_RELU:
      *y = larger(x, (vector)(0.0f));
      *slope = choose(x > 0.0f, (vector)(1.0f), (vector)(0.0f));
      break;
    case CLOZE_TANH:
      *y = hyperbolic_tangent(x);
      *slope = 1.0f - *y * *y;
      break;
  }
}

INLINE void activation_forward_of(const cloze_activation kind, cloze_matrix input, cloze_matrix bias,
                                  cloze_matrix output) {
  for (ptrdiff_t r = 0; r < input.rows; r++) {
    float *x = input.base + r * input.stride, *y = output.base + r * output.stride;
    FOR_VECTORS(c, lanes, input.columns, {
      vector value, slope;
      activate(load(x + c, lanes) + load(bias.base + c, lanes), kind, &value, &slope);
      store(x + c, slope, lanes);
      store(y + c, value, lanes);
    })
  }
}

static void bias_activation_forward(cloze_matrix input, cloze_matrix bias, cloze_activation kind, cloze_matrix output) {
  switch (kind) {
    case CLOZE_GELU: activation_forward_of(CLOZE_GELU, input, bias, output); break;
    case CLOZE_GELU_TANH: activation_forward_of(CLOZE_GELU_TANH, input, bias, output); break;
    case CLOZE_RELU: activation_forward_of(CLOZE_RELU, input, bias, output); break;
    case CLOZE_TANH: activation_forward_of(CLOZE_TANH, input, bias, output); break;
  }
}

static void bias_activation_backward(cloze_matrix output_gradient, cloze_matrix slope, cloze_matrix input_gradient,
                                     cloze_matrix bias_gradient) {
  for (ptrdiff_t r = 0; r < output_gradient.rows; r++) {
    const float *dy = output_gradient.base + r * output_gradient.stride, *s = slope.base + r * slope.stride;
    float *dx = input_gradient.base + r * input_gradient.stride;
    FOR_VECTORS(c, lanes, output_gradient.columns, {
      vector g = load(dy + c, lanes) * load(s + c, lanes);
      store(dx + c, g, lanes);
      store(bias_gradient.base + c, g + load(bias_gradient.base + c, lanes), lanes);
    })
  }
}

static void bias_sum_forward(cloze_matrix input, cloze_matrix bias) {
  for (ptrdiff_t r = 0; r < input.rows; r++) {
    float *x = input.base + r * input.stride;
    FOR_VECTORS(c, lanes, input.columns, { store(x + c, load(x + c, lanes) + load(bias.base + c, lanes), lanes); })
  }
}

static void bias_sum_backward(cloze_matrix output_gradient, cloze_matrix bias_gradient) {
  for (ptrdiff_t r = 0; r < output_gradient.rows; r++) {
    const float *dy = output_gradient.base + r * output_gradient.stride;
    float *db = bias_gradient.base;
    FOR_VECTORS(c, lanes, output_gradient.columns, { store(db + c, load(db + c, lanes) + load(dy + c, lanes), lanes); })
  }
}
