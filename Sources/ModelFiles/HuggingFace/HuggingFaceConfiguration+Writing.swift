extension HuggingFaceConfiguration {
  /// The text of `config.json`, with every key that `save_pretrained` writes but the version of its own program.
  package var json: String {
    """
    {
      "add_cross_attention": false,
      "architectures": [
        "\(architecture.rawValue)"
      ],
      "attention_probs_dropout_prob": \(attentionDropout),
      "bos_token_id": null,
      "classifier_dropout": null,
      "dtype": "float32",
      "eos_token_id": null,
      "hidden_act": "\(activation.rawValue)",
      "hidden_dropout_prob": \(hiddenDropout),
      "hidden_size": \(hiddenSize),
      "initializer_range": \(initializerRange),
      "intermediate_size": \(innerSize),
      "is_decoder": \(isCausal),
      "layer_norm_eps": \(layerNormEpsilon),
      "max_position_embeddings": \(positionCount),
      "model_type": "bert",
      "num_attention_heads": \(headCount),
      "num_hidden_layers": \(layerCount),
      "pad_token_id": \(paddingID),
      "tie_word_embeddings": true,
      "type_vocab_size": \(segmentCount),
      "use_cache": true,
      "vocab_size": \(vocabularySize)
    }

    """
  }
}
