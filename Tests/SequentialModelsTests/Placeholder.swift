// SequentialModels
