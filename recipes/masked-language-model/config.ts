/** The model of the recipe, which the bench trains beside torch: BERT, 4 layers x 256. */
export const config = {
  model_type: "bert",
  hidden_size: 256,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  intermediate_size: 1024,
  max_position_embeddings: 128,
};
