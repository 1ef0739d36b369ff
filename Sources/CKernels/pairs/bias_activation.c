// Bias and activation behind a product, and the derivative at the stored preactivation.

/// 2·u of the tanh form of GELU, u = √(2/π)·(x + 0.044715·x³).
INLINE vector gelu_tanh_exponent(vector x) { return x * (x * x * (0.044715f * 1.5957691f) + 1.5957691f); }

INLINE vector activate(vector x, const cloze_activation kind) {
  vector density, probability;
  switch (kind) {
    case CLOZE_GELU: normal_distribution(x, &density, &probability); return x * probability;
    case CLOZE_GELU_TANH: return x / (exponential(-gelu_tanh_exponent(x)) + 1.0f);
    case CLOZE_RELU: return larger(x, (vector)(0.0f));
    case CLOZE_TANH: return hyperbolic_tangent(x);
  }
}

INLINE vector derivative(vector x, const cloze_activation kind) {
  vector density, probability;
  switch (kind) {
    case CLOZE_GELU: normal_distribution(x, &density, &probability); return x * density + probability;
    case CLOZE_GELU_TANH: {
      vector s = 1.0f / (exponential(-gelu_tanh_exponent(x)) + 1.0f);
      return s + x * s * (1.0f - s) * (x * x * (3 * 0.044715f * 1.5957691f) + 1.5957691f);
    }
    case CLOZE_RELU: return choose(x > 0.0f, (vector)(1.0f), (vector)(0.0f));
    case CLOZE_TANH: {
      vector y = hyperbolic_tangent(x);
      return 1.0f - y * y;
    }
  }
}

INLINE void activation_forward_of(const cloze_activation kind, cloze_matrix input, cloze_matrix bias,
                                  cloze_matrix output) {
  for (ptrdiff_t r = 0; r < input.rows; r++) {
    float *x = input.base + r * input.stride, *y = output.base + r * output.stride;
    FOR_VECTORS(c, lanes, input.columns, {
      vector z = load(x + c, lanes) + load(bias.base + c, lanes);
      store(x + c, z, lanes);
      store(y + c, activate(z, kind), lanes);
    })
  }
}

INLINE void activation_backward_of(const cloze_activation kind, cloze_matrix output_gradient,
                                   cloze_matrix preactivation, cloze_matrix input_gradient,
                                   cloze_matrix bias_gradient) {
  for (ptrdiff_t r = 0; r < output_gradient.rows; r++) {
    const float *dy = output_gradient.base + r * output_gradient.stride;
    const float *z = preactivation.base + r * preactivation.stride;
    float *dx = input_gradient.base + r * input_gradient.stride;
    FOR_VECTORS(c, lanes, output_gradient.columns, {
      vector g = load(dy + c, lanes) * derivative(load(z + c, lanes), kind);
      store(dx + c, g, lanes);
      store(bias_gradient.base + c, g + load(bias_gradient.base + c, lanes), lanes);
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

static void bias_activation_backward(cloze_matrix output_gradient, cloze_matrix preactivation, cloze_activation kind,
                                     cloze_matrix input_gradient, cloze_matrix bias_gradient) {
  switch (kind) {
#define CASE(name) \
  case name: activation_backward_of(name, output_gradient, preactivation, input_gradient, bias_gradient); break;
    CASE(CLOZE_GELU) CASE(CLOZE_GELU_TANH) CASE(CLOZE_RELU) CASE(CLOZE_TANH)
#undef CASE
  }
}
